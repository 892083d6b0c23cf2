// Reading values where they lie, as their Layout says.
#include "codegen/emitter.h"
#include "lang/time.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;

namespace {

constexpr int32_t kFlagSize = 1;

// libstdc++: std::string begins {data, size}; std::string_view is {size, data}. (HostLayoutsAsExpected() checks it at startup.)
bool IsOwned(const Layout& text) { return text.form == Layout::Form::kOwned || text.form == Layout::Form::kOwnedText; }
int32_t DataOffset(const Layout& text) { return IsOwned(text) ? 0 : 8; }
int32_t SizeOffset(const Layout& text) { return IsOwned(text) ? 8 : 0; }

// The inverse of an odd number modulo 2^64: Newton's iteration doubles the right bits, 3 -> 6 -> 12 -> 24 -> 48 -> 96.
uint64_t OddInverse(uint64_t odd) {
  uint64_t inverse = odd * 3 ^ 2;
  for (int k = 0; k < 4; ++k) inverse *= 2 - odd * inverse;
  return inverse;
}

bool FitsInt32(int64_t value) { return value == static_cast<int32_t>(value); }

}  // namespace

void Emitter::Load(const Mem& at, const Layout& storage, TypeId type, const OnBadValue& bad) {
  if (program_.types.IsOptional(type)) return LoadOptional(at, storage, type, bad);
  switch (storage.kind) {
    case Layout::Kind::kBool:
      out_.xor_(x86::ecx, x86::ecx);
      out_.cmp(at.cloneResized(1), 0);
      out_.setne(x86::cl);
      out_.mov(role::kValue.r32(), x86::ecx);
      return;
    case Layout::Kind::kInt:
      LoadInt(role::kValue, at, storage);
      return CheckInt(storage, bad);
    case Layout::Kind::kEnum:
      LoadInt(role::kValue, at, storage);
      return MapEnum(storage, bad);
    case Layout::Kind::kDouble:
      return LoadDouble(role::kReal, at, storage);
    case Layout::Kind::kTimestamp:
      return LoadTimestamp(at, storage, bad);
    case Layout::Kind::kDuration:
      return LoadDuration(at, storage, bad);
    case Layout::Kind::kIp:
      return LoadPair(at);
    case Layout::Kind::kCidr:
      out_.lea(role::kValue, at);
      return;
    case Layout::Kind::kBytes:
      if (storage.form == Layout::Form::kOwned || storage.form == Layout::Form::kView) return LoadSequence(at, storage);
      [[fallthrough]];
    case Layout::Kind::kString:
      out_.mov(role::kSize, at.cloneAdjusted(SizeOffset(storage)).cloneResized(8));
      out_.mov(role::kValue, at.cloneAdjusted(DataOffset(storage)).cloneResized(8));  // last: it may be the base
      return;
    case Layout::Kind::kSequence:
      return LoadSequence(at, storage);
    case Layout::Kind::kRecord:
      out_.lea(role::kValue, at);
      return;
    case Layout::Kind::kOptional:  // of a type that is none: no bound layout is so
      return;
  }
}

void Emitter::LoadOptional(const Mem& at, const Layout& storage, TypeId type, const OnBadValue& bad) {
  if (storage.kind != Layout::Kind::kOptional) {  // the host has it always
    Load(at, storage, Payload(program_.types, type), bad);
    out_.mov(role::kPresence.r32(), 1);
    return;
  }
  const TypeId payload = program_.types[type].element;
  const Label absent = NewLabel();
  out_.movzx(role::kPresence.r32(), at.cloneAdjusted(storage.flag_offset).cloneResized(kFlagSize));
  out_.test(role::kPresence.r32(), role::kPresence.r32());
  out_.jz(absent);
  Load(at, *storage.element, payload, bad);
  if (!program_.types.IsOptional(payload)) out_.mov(role::kPresence.r32(), 1);
  out_.bind(absent);
}

void Emitter::LoadInt(const x86::Gp& to, const Mem& at, const Layout& layout) {
  const Mem source = at.cloneResized(layout.width);
  switch (layout.width) {
    case 1:
    case 2:
      if (layout.is_signed) {
        out_.movsx(to, source);
      } else {
        out_.movzx(to.r32(), source);
      }
      return;
    case 4:
      if (layout.is_signed) {
        out_.movsxd(to, source);
      } else {
        out_.mov(to.r32(), source);
      }
      return;
    default:
      out_.mov(to, source);
  }
}

void Emitter::CheckInt(const Layout& layout, const OnBadValue& bad) {
  if (layout.is_signed || layout.width < 8) return;
  out_.test(role::kValue, role::kValue);
  out_.js(BadLabel(ErrorKind::kIntOutOfRange, bad));
}

void Emitter::MapEnum(const Layout& layout, const OnBadValue& bad) {
  const auto& values = layout.enumerators;
  const Label unknown = BadLabel(ErrorKind::kUnknownEnumValue, bad);
  if (values.empty()) {
    out_.jmp(unknown);
    return;
  }
  const int64_t first = values[0].second;
  bool contiguous = FitsInt32(first);
  for (size_t k = 0; contiguous && k < values.size(); ++k) contiguous = values[k].second == first + static_cast<int64_t>(k);
  if (contiguous) {
    if (first != 0) out_.sub(role::kValue, first);
    out_.cmp(role::kValue, values.size());
    out_.jae(unknown);
    return;
  }
  const Label end = NewLabel();
  for (size_t k = 0; k < values.size(); ++k) {
    const Label next = NewLabel();
    if (FitsInt32(values[k].second)) {
      out_.cmp(role::kValue, values[k].second);
    } else {
      out_.mov(x86::rcx, values[k].second);
      out_.cmp(role::kValue, x86::rcx);
    }
    out_.jne(next);
    MoveImmediate(role::kValue, static_cast<int64_t>(k));
    out_.jmp(end);
    out_.bind(next);
  }
  out_.jmp(unknown);
  out_.bind(end);
}

void Emitter::LoadPair(const Mem& at) {
  out_.mov(role::kSize, at.cloneAdjusted(8).cloneResized(8));
  out_.mov(role::kValue, at.cloneResized(8));  // last: it may be the base
}

// A host's count of ticks becomes seconds, rounded down, and what is left in nanoseconds.
void Emitter::LoadTimestamp(const Mem& at, const Layout& layout, const OnBadValue& bad) {
  if (layout.form == Layout::Form::kView) return LoadPair(at);
  out_.mov(role::kValue, at.cloneResized(8));
  if (layout.ticks_per_second == 1) {
    out_.xor_(role::kSize.r32(), role::kSize.r32());
  } else {
    const Label positive = NewLabel();
    MoveImmediate(x86::rcx, layout.ticks_per_second);
    out_.cqo();
    out_.idiv(x86::rcx);  // no overflow: the divisor is positive
    out_.test(role::kSize, role::kSize);
    out_.jns(positive);
    out_.add(role::kSize, x86::rcx);
    out_.dec(role::kValue);
    out_.bind(positive);
    MultiplyBy(role::kSize, static_cast<uint32_t>(lang::kNanosPerSecond / layout.ticks_per_second));
  }
  if (layout.ticks_per_second == lang::kNanosPerSecond) return;
  out_.mov(x86::rcx, -lang::kFirstSecond);
  out_.add(x86::rcx, role::kValue);
  out_.mov(x86::rsi, lang::kLastSecond - lang::kFirstSecond);
  out_.cmp(x86::rcx, x86::rsi);
  out_.ja(BadLabel(ErrorKind::kTimestampOutOfRange, bad));
}

void Emitter::LoadDuration(const Mem& at, const Layout& layout, const OnBadValue& bad) {
  out_.mov(role::kValue, at.cloneResized(8));
  if (layout.ticks_per_second == lang::kNanosPerSecond) return;
  out_.imul(role::kValue, role::kValue, lang::kNanosPerSecond / layout.ticks_per_second);
  out_.jo(BadLabel(ErrorKind::kDurationOutOfRange, bad));
}

void Emitter::LoadSequence(const Mem& at, const Layout& layout) {
  LoadPair(at);
  if (layout.form == Layout::Form::kView) return;
  // {begin, end}: the distance is a multiple of the stride, so that dividing is a shift and a product modulo 2^64.
  const uint32_t stride = layout.element ? layout.element->size : 1;  // bytes
  out_.sub(role::kSize, role::kValue);
  if (stride <= 1) return;
  const int shift = __builtin_ctz(stride);
  if (shift != 0) out_.shr(role::kSize, shift);
  const uint64_t odd = stride >> shift;
  if (odd == 1) return;
  out_.mov(x86::rcx, OddInverse(odd));
  out_.imul(role::kSize, x86::rcx);
}

void Emitter::LoadDouble(const x86::Xmm& to, const Mem& at, const Layout& layout) {
  if (layout.width == 8) {
    out_.movsd(to, at.cloneResized(8));
  } else {
    out_.xorps(to, to);  // no dependency on what was there
    out_.cvtss2sd(to, at.cloneResized(4));
  }
}

x86::Mem Emitter::RecordAddress(NodeId id) {
  const Node& n = node(id);
  if (n.op == Op::kInput) return x86::ptr(role::kInput);
  if (n.op == Op::kField) return FieldAddress(id);
  if (n.op == Op::kLocal) {  // an element's address and a record's value are the same
    out_.mov(role::kValue, locals_[n.imm].slot.word());
    return x86::ptr(role::kValue);
  }
  Value(id);
  return x86::ptr(role::kValue);
}

x86::Mem Emitter::FieldAddress(NodeId id) {
  const NodeId record = program_.operand(id, 0);
  return RecordAddress(record).cloneAdjusted(facts_.layout(record).fields[node(id).imm].offset);
}

void Emitter::FieldValue(NodeId id) {
  Load(FieldAddress(id), facts_.StorageRead(id), type(id), {.site = node(id).site});
}

bool Emitter::IsInputField(NodeId id) const {
  if (node(id).op != Op::kField || program_.types.IsOptional(type(id))) return false;
  if (Facts::ReadMayFail(facts_.StorageRead(id))) return false;
  NodeId record = program_.operand(id, 0);
  while (node(record).op == Op::kField) record = program_.operand(record, 0);
  return node(record).op == Op::kInput;
}

}  // namespace moult::codegen
