// Strings and scalars against constants, inline: by words as wide as the literal allows, sets of literals by size first.
#include <algorithm>
#include <cstring>
#include <map>

#include "codegen/emitter.h"
#include "lang/memory.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using x86::CondCode;

namespace {

constexpr size_t kWordsLimit = 16;  // below: by general registers
constexpr size_t kMaxVectors = 4;   // so many vector compares inline, then memcmp
constexpr size_t kKeySize = 8;      // up to here a whole text fits in one register

template <class T>
T Chunk(std::string_view text, size_t offset) {
  T value = 0;
  std::memcpy(&value, text.data() + offset, sizeof value);
  return value;
}

struct Piece { size_t offset; size_t width; };

// Loads of 1, 2, 4 or 8 bytes that together cover a text of fewer than 16; they may overlap.
std::vector<Piece> Pieces(size_t size) {
  if (size > 8) return {{0, 8}, {size - 8, 8}};
  if (size == 8) return {{0, 8}};
  if (size > 4) return {{0, 4}, {size - 4, 4}};
  if (size == 4) return {{0, 4}};
  if (size == 3) return {{0, 2}, {2, 1}};
  return {{0, size}};
}

bool FitsInt32(int64_t value) { return value == static_cast<int32_t>(value); }

// Whether the first `bits` bits of two addresses are the same. REQUIRES: bits <= 96.
bool BeginsAlike(const Ip& a, const Ip& b, uint32_t bits) {
  const uint64_t high = a.high() ^ b.high();
  if (bits <= 64) return bits == 0 || high >> (64 - bits) == 0;
  return high == 0 && (a.low() ^ b.low()) >> (128 - bits) == 0;
}

// A text of at most 8 bytes as LoadShortText leaves it.
uint64_t Key(std::string_view text) {
  uint64_t key = 0;
  std::memcpy(&key, text.data(), text.size());
  return key;
}

}  // namespace

void Emitter::JumpEqualsLiteral(NodeId id, std::string_view literal, bool when, Label target) {
  const Label skip = NewLabel();
  if (IsInputField(id) && facts_.StorageRead(id).kind == Layout::Kind::kString) {  // the size settles most: compare it where it lies
    const bool owned = facts_.StorageRead(id).form == Layout::Form::kOwned;
    const Mem at = FieldAddress(id).cloneResized(8);
    out_.cmp(at.cloneAdjusted(owned ? 8 : 0), literal.size());
    out_.jne(when ? skip : target);
    out_.mov(role::kValue, at.cloneAdjusted(owned ? 0 : 8));
  } else {
    Value(id);
    out_.cmp(role::kSize, literal.size());
    out_.jne(when ? skip : target);
  }
  JumpBytes(literal, when, target);
  out_.bind(skip);
}

void Emitter::JumpBytes(std::string_view literal, bool when, Label target) {
  const size_t vector = asm_.cpu().avx2 && literal.size() >= 32 ? 32 : 16;
  if (literal.empty()) {
    if (when) out_.jmp(target);
  } else if (literal.size() < kWordsLimit) {
    JumpShortBytes(literal, when, target);
  } else if (literal.size() <= kMaxVectors * vector) {
    JumpWideBytes(literal, vector, when, target);
  } else {
    out_.mov(x86::rdi, role::kValue);
    out_.lea(x86::rsi, x86::ptr(asm_.Text(literal)));
    MoveImmediate(x86::rdx, static_cast<int64_t>(literal.size()));
    asm_.Call(Helper::kEqualBytes);
    JumpIfBool(when, target);
  }
}

void Emitter::JumpShortBytes(std::string_view literal, bool when, Label target) {
  const std::vector<Piece> pieces = Pieces(literal.size());
  const Label skip = NewLabel();
  for (size_t k = 0; k < pieces.size(); ++k) {
    const auto offset = static_cast<int32_t>(pieces[k].offset);
    switch (pieces[k].width) {
      case 1:
        out_.cmp(x86::byte_ptr(role::kValue, offset), Chunk<int8_t>(literal, pieces[k].offset));
        break;
      case 2:  // not by cmp of a word with an immediate: its length-changing prefix stalls the decoder
        out_.movzx(x86::ecx, x86::word_ptr(role::kValue, offset));
        out_.cmp(x86::ecx, Chunk<uint16_t>(literal, pieces[k].offset));
        break;
      case 4:
        out_.cmp(x86::dword_ptr(role::kValue, offset), Chunk<int32_t>(literal, pieces[k].offset));
        break;
      default:
        MoveImmediate(x86::rcx, Chunk<int64_t>(literal, pieces[k].offset));
        out_.cmp(x86::qword_ptr(role::kValue, offset), x86::rcx);
    }
    if (k + 1 < pieces.size()) out_.jne(when ? skip : target);
  }
  JumpIf(CondCode::kE, when, target);
  out_.bind(skip);
}

// Vector by vector, the last one overlapping; the results are and-ed so that one branch decides.
void Emitter::JumpWideBytes(std::string_view literal, size_t vector, bool when, Label target) {
  const Label text = asm_.Text(literal);
  const size_t count = (literal.size() + vector - 1) / vector;
  for (size_t k = 0; k < count; ++k) {
    const auto offset = static_cast<int32_t>(std::min(k * vector, literal.size() - vector));
    const x86::Xmm x = k == 0 ? x86::xmm0 : x86::xmm1;
    if (vector == 32) {
      const x86::Ymm y = x.ymm();
      out_.vmovdqu(y, x86::ymmword_ptr(role::kValue, offset));
      out_.vpcmpeqb(y, y, x86::ymmword_ptr(text, offset));
      if (k != 0) out_.vpand(x86::ymm0, x86::ymm0, y);
    } else {
      out_.movdqu(x, x86::xmmword_ptr(role::kValue, offset));
      out_.movdqu(x86::xmm2, x86::xmmword_ptr(text, offset));
      out_.pcmpeqb(x, x86::xmm2);
      if (k != 0) out_.pand(x86::xmm0, x);
    }
  }
  if (vector == 32) {
    out_.vpmovmskb(x86::ecx, x86::ymm0);
    out_.vzeroupper();  // SSE code follows
    out_.cmp(x86::ecx, -1);
  } else {
    out_.pmovmskb(x86::ecx, x86::xmm0);
    out_.cmp(x86::ecx, 0xFFFF);
  }
  JumpIf(CondCode::kE, when, target);
}

void Emitter::JumpInConstants(NodeId id, bool when, Label target) {
  const NodeId needle = program_.operand(id, 0);
  const NodeId list = program_.operand(id, 1);
  const Label skip = NewLabel();
  const Label found = when ? target : skip;
  Value(needle);
  const bool covers = type(needle) != lang::ItemType(program_.types, type(list));
  switch (covers ? lang::TypeKind::kCidr : kind(type(needle))) {
    case lang::TypeKind::kTimestamp:
    case lang::TypeKind::kIp:
      JumpInPairs(program_.operands(list), found);
      break;
    case lang::TypeKind::kCidr:
      covers ? JumpInRanges(program_.operands(list), found) : JumpInCidrs(program_.operands(list), found);
      break;
    case lang::TypeKind::kString:
    case lang::TypeKind::kBytes:
      JumpInTexts(program_.operands(list), found, when ? skip : target);
      break;
    case lang::TypeKind::kDouble:
      JumpInDoubles(program_.operands(list), found);
      break;
    default:
      JumpInInts(program_.operands(list), found);
  }
  if (!when) out_.jmp(target);
  out_.bind(skip);
}

void Emitter::JumpInDoubles(std::span<const NodeId> constants, Label found) {
  for (NodeId constant : constants) {
    const Label next = NewLabel();
    out_.ucomisd(role::kReal, asm_.Word(node(constant).imm));
    out_.jp(next);  // a NaN, which equals nothing
    out_.je(found);
    out_.bind(next);
  }
}

void Emitter::JumpInPairs(std::span<const NodeId> constants, Label found) {
  for (NodeId constant : constants) {
    const auto [first, second] = ConstantWords(constant);
    MoveImmediate(x86::rcx, first);
    MoveImmediate(x86::rsi, second);
    out_.xor_(x86::rcx, role::kValue);
    out_.xor_(x86::rsi, role::kSize);
    out_.or_(x86::rcx, x86::rsi);
    out_.jz(found);
  }
}

void Emitter::JumpInCidrs(std::span<const NodeId> constants, Label found) {
  SlotScope scope(*this);
  const Slot slot = Spill(lang::kCidrType);
  for (NodeId constant : constants) {
    Constant(constant);
    CompareCidrWith(slot);
    out_.je(found);
  }
}

// The address in rax, rdx: by the bits that count.
void Emitter::JumpInRanges(std::span<const NodeId> constants, Label found) {
  constexpr Ip kFirstV4 = Ip::FromV4(0);
  SlotScope scope(*this);
  const Slot slot = Spill(lang::kIpType);
  for (NodeId constant : constants) {
    const auto range = lang::LoadAs<Cidr>(text(constant).data()).Masked();
    const uint32_t bits = range.bits();
    // An IPv6 range around the addresses of IPv4, which are no members of it.
    if (!range.ip().is_v4() && bits <= 96 && BeginsAlike(range.ip(), kFirstV4, bits)) {
      Constant(constant);
      JumpRangeContains(slot, found);
      Fill(slot, lang::kIpType);
      continue;
    }
    MoveImmediate(x86::rcx, static_cast<int64_t>(range.ip().high()));
    out_.xor_(x86::rcx, role::kValue);
    if (bits < 64) out_.shr(x86::rcx, static_cast<int>(64 - bits));
    if (bits > 64) {
      MoveImmediate(x86::rsi, static_cast<int64_t>(range.ip().low()));
      out_.xor_(x86::rsi, role::kSize);
      if (bits < 128) out_.shr(x86::rsi, static_cast<int>(128 - bits));
      out_.or_(x86::rcx, x86::rsi);
    }
    out_.jz(found);
  }
}

// Runs of neighbours by one compare each.
void Emitter::JumpInInts(std::span<const NodeId> constants, Label found) {
  std::vector<int64_t> values;
  for (NodeId constant : constants) values.push_back(static_cast<int64_t>(node(constant).imm));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (size_t begin = 0, end = 0; begin < values.size(); begin = end) {
    for (end = begin + 1; end < values.size() && values[end] == values[end - 1] + 1; ++end) {}
    const int64_t first = values[begin];
    if (end - begin == 1 && FitsInt32(first)) {
      out_.cmp(role::kValue, first);
      out_.je(found);
      continue;
    }
    MoveImmediate(x86::rcx, first);
    out_.mov(x86::rdx, role::kValue);
    out_.sub(x86::rdx, x86::rcx);
    out_.cmp(x86::rdx, end - begin - 1);
    out_.jbe(found);
  }
}

// The text in rax, rdx: by size, then by content.
void Emitter::JumpInTexts(std::span<const NodeId> constants, Label found, Label missing) {
  struct Group { Label entry; std::vector<std::string_view> texts; };
  std::map<size_t, Group> groups;
  for (NodeId constant : constants) groups[text(constant).size()].texts.push_back(text(constant));
  for (auto& [size, group] : groups) {
    out_.cmp(role::kSize, size);
    if (size == groups.rbegin()->first) {
      out_.jne(missing);
    } else {
      group.entry = NewLabel();
      out_.je(group.entry);
    }
  }
  for (auto it = groups.rbegin(); it != groups.rend(); ++it) {
    Group& group = it->second;
    if (group.entry.isValid()) out_.bind(group.entry);
    std::sort(group.texts.begin(), group.texts.end());
    group.texts.erase(std::unique(group.texts.begin(), group.texts.end()), group.texts.end());
    JumpInTextsOfSize(group.texts, found);
    if (std::next(it) != groups.rend()) out_.jmp(missing);
  }
}

void Emitter::JumpInTextsOfSize(std::span<const std::string_view> texts, Label found) {
  const size_t size = texts[0].size();
  if (size == 0) {
    out_.jmp(found);
  } else if (size <= kKeySize) {
    LoadShortText(size);
    for (std::string_view literal : texts) {
      const auto key = static_cast<int64_t>(Key(literal));
      if (size <= 4) {
        out_.cmp(x86::ecx, static_cast<int32_t>(key));
      } else if (FitsInt32(key)) {
        out_.cmp(x86::rcx, key);
      } else {
        out_.mov(x86::rsi, key);
        out_.cmp(x86::rcx, x86::rsi);
      }
      out_.je(found);
    }
  } else {
    SlotScope scope(*this);  // a long compare is a call, which takes rax
    const Slot slot = slots_.Take(1);
    out_.mov(slot.word(), role::kValue);
    for (size_t k = 0; k < texts.size(); ++k) {
      if (k != 0) out_.mov(role::kValue, slot.word());
      JumpBytes(texts[k], true, found);
    }
  }
}

// The text of `size` bytes, at most 8, at rax: into rcx as Key has it.
void Emitter::LoadShortText(size_t size) {
  const auto at = [](size_t offset, uint32_t width) { return x86::Mem(role::kValue, static_cast<int32_t>(offset), width); };
  switch (size) {
    case 1:
      out_.movzx(x86::ecx, at(0, 1));
      return;
    case 2:
      out_.movzx(x86::ecx, at(0, 2));
      return;
    case 3:
      out_.movzx(x86::ecx, at(0, 2));
      out_.movzx(x86::esi, at(2, 1));
      out_.shl(x86::esi, 16);
      out_.or_(x86::ecx, x86::esi);
      return;
    case 8:
      out_.mov(x86::rcx, at(0, 8));
      return;
    default:
      break;
  }
  out_.mov(x86::ecx, at(0, 4));
  if (size == 4) return;
  out_.mov(x86::esi, at(size - 4, 4));  // overlaps: its lower bytes are the first load's upper ones
  out_.shl(x86::rsi, static_cast<int>(8 * (size - 4)));
  out_.or_(x86::rcx, x86::rsi);
}

}  // namespace moult::codegen
