// Comparison as conditional jumps.
#include <bit>
#include <cstring>

#include "codegen/emitter.h"
#include "moult/net.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;
using lang::TypeKind;
using x86::CondCode;

namespace {

// Ints up to here are doubles without rounding.
constexpr int64_t kExactInDouble = int64_t{1} << 53;

CondCode SignedCondition(Op op) {
  switch (op) {
    case Op::kEq: return CondCode::kE;
    case Op::kNe: return CondCode::kNE;
    case Op::kLt: return CondCode::kL;
    case Op::kLe: return CondCode::kLE;
    case Op::kGt: return CondCode::kG;
    default: return CondCode::kGE;
  }
}

// a op b is b Mirrored(op) a.
Op Mirrored(Op op) {
  switch (op) {
    case Op::kLt: return Op::kGt;
    case Op::kLe: return Op::kGe;
    case Op::kGt: return Op::kLt;
    case Op::kGe: return Op::kLe;
    default: return op;
  }
}

bool FitsInt32(int64_t value) { return value == static_cast<int32_t>(value); }

}  // namespace

void Emitter::JumpCompare(NodeId id, bool when, Label target) {
  NoteNode(id);
  const Node& n = node(id);
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  if (IsComposite(program_.types, type(left))) return JumpEqualWhole(id, when, target);
  if (type(left) != type(right)) return JumpCompareMixed(n.op, left, right, when, target);
  switch (kind(type(left))) {
    case TypeKind::kDouble:
      return JumpCompareDoubles(n.op, left, right, when, target);
    case TypeKind::kString:
    case TypeKind::kBytes:
      return JumpCompareTexts(n.op, left, right, when, target);
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      return JumpComparePairs(n.op, left, right, when, target);
    case TypeKind::kCidr:
      return JumpCompareCidrs(n.op, left, right, when, target);
    default:
      return JumpCompareInts(n.op, left, right, when, target);
  }
}

void Emitter::JumpCompareInts(Op op, NodeId left, NodeId right, bool when, Label target) {
  // A constant cannot fail: its side is free.
  if (IsConstant(left) && !IsConstant(right)) return JumpCompareInts(Mirrored(op), right, left, when, target);
  const auto bits = static_cast<int64_t>(node(right).imm);
  if (IsConstant(right) && FitsInt32(bits)) {
    if (IsInputField(left) && IsDirectInt(left) && facts_.StorageRead(left).width == 8) {
      out_.cmp(FieldAddress(left).cloneResized(8), bits);
    } else {
      Value(left);
      out_.cmp(role::kValue, bits);
    }
  } else {
    TwoInts(left, right);
    out_.cmp(role::kValue, x86::rcx);
  }
  JumpIf(SignedCondition(op), when, target);
}

void Emitter::TwoInts(NodeId left, NodeId right) {
  Value(left);
  if (IsDirectInt(right)) return DirectInt(x86::rcx, right);
  SlotScope scope(*this);
  const Slot slot = Spill(type(left));
  Value(right);
  out_.mov(x86::rcx, role::kValue);
  out_.mov(role::kValue, slot.word());
}

bool Emitter::IsDirectInt(NodeId id) const {
  if (IsConstant(id)) return true;
  if (!IsInputField(id)) return false;
  const Layout::Kind stored = facts_.StorageRead(id).kind;
  return stored == Layout::Kind::kInt || stored == Layout::Kind::kDuration;  // a duration that cannot fail is an int64
}

void Emitter::DirectInt(const x86::Gp& to, NodeId id) {
  if (IsConstant(id)) return MoveImmediate(to, static_cast<int64_t>(node(id).imm));
  LoadInt(to, FieldAddress(id), facts_.StorageRead(id));
}

// Of an unordered pair only `!=` holds. ucomisd gives it CF = ZF = PF = 1, so `above` and `above or equal` are false as they
// should be, and the operands of < and <= are swapped to become these.
void Emitter::JumpCompareDoubles(Op op, NodeId left, NodeId right, bool when, Label target) {
  TwoDoubles(left, right);
  switch (op) {
    case Op::kLt:
      out_.ucomisd(x86::xmm1, x86::xmm0);
      return JumpIf(CondCode::kA, when, target);
    case Op::kLe:
      out_.ucomisd(x86::xmm1, x86::xmm0);
      return JumpIf(CondCode::kAE, when, target);
    case Op::kGt:
      out_.ucomisd(x86::xmm0, x86::xmm1);
      return JumpIf(CondCode::kA, when, target);
    case Op::kGe:
      out_.ucomisd(x86::xmm0, x86::xmm1);
      return JumpIf(CondCode::kAE, when, target);
    default:
      break;
  }
  out_.ucomisd(x86::xmm0, x86::xmm1);
  if ((op == Op::kEq) == when) {  // jump if equal
    const Label skip = NewLabel();
    out_.jp(skip);
    out_.je(target);
    out_.bind(skip);
  } else {
    out_.jp(target);
    out_.jne(target);
  }
}

void Emitter::TwoDoubles(NodeId left, NodeId right) {
  if (IsDirectDouble(left)) {
    DirectDouble(role::kReal, left);
  } else {
    Value(left);
  }
  if (IsDirectDouble(right)) return DirectDouble(x86::xmm1, right);
  SlotScope scope(*this);
  const Slot slot = Spill(lang::kDoubleType);
  Value(right);
  out_.movsd(x86::xmm1, x86::xmm0);
  out_.movsd(x86::xmm0, slot.word());
}

bool Emitter::IsDirectDouble(NodeId id) const {
  double constant = 0;
  return DoubleConstant(id, &constant) || (type(id) == lang::kDoubleType && IsInputField(id));
}

void Emitter::DirectDouble(const x86::Xmm& to, NodeId id) {
  double constant = 0;
  if (DoubleConstant(id, &constant)) {
    out_.movsd(to, asm_.Word(std::bit_cast<uint64_t>(constant)));
  } else {
    LoadDouble(to, FieldAddress(id), facts_.StorageRead(id));
  }
}

bool Emitter::DoubleConstant(NodeId id, double* value) const {
  const Node& n = node(id);
  if (n.op == Op::kConstDouble) {
    *value = std::bit_cast<double>(n.imm);
    return true;
  }
  const auto integer = static_cast<int64_t>(n.imm);
  if (n.op != Op::kConstInt || integer < -kExactInDouble || integer > kExactInDouble) return false;
  *value = static_cast<double>(integer);
  return true;
}

// An int with a double, as real numbers. Where one side is a constant, the other's own comparison does.
void Emitter::JumpCompareMixed(Op op, NodeId left, NodeId right, bool when, Label target) {
  const bool int_first = type(left) == lang::kIntType;
  const NodeId integer = int_first ? left : right;
  double constant = 0;
  if (DoubleConstant(integer, &constant)) return JumpCompareDoubles(op, left, right, when, target);

  SlotScope scope(*this);
  Value(left);
  const Slot slot = Spill(type(left));
  Value(right);
  if (int_first) {
    out_.mov(x86::rdi, slot.word());
  } else {
    out_.mov(x86::rdi, role::kValue);
    out_.movsd(x86::xmm0, slot.word());
    op = Mirrored(op);
  }
  asm_.Call(Helper::kCompareIntDouble);
  switch (op) {  // eax: -1, 0, 1, or 2 when unordered
    case Op::kLt:
      out_.cmp(x86::eax, -1);
      return JumpIf(CondCode::kE, when, target);
    case Op::kLe:
      out_.cmp(x86::eax, 0);
      return JumpIf(CondCode::kLE, when, target);
    case Op::kGt:
      out_.cmp(x86::eax, 1);
      return JumpIf(CondCode::kE, when, target);
    case Op::kGe:
      out_.cmp(x86::eax, 1);
      return JumpIf(CondCode::kBE, when, target);
    default:
      out_.test(x86::eax, x86::eax);
      return JumpIf(op == Op::kEq ? CondCode::kE : CondCode::kNE, when, target);
  }
}

std::pair<int64_t, int64_t> Emitter::ConstantWords(NodeId id) const {
  int64_t words[2];
  std::memcpy(words, text(id).data(), sizeof words);
  return {words[0], words[1]};
}

void Emitter::TwoPairs(NodeId left, NodeId right) {
  Value(left);
  if (IsConstant(right)) {
    const auto [first, second] = ConstantWords(right);
    MoveImmediate(x86::rcx, first);
    return MoveImmediate(x86::rsi, second);
  }
  SlotScope scope(*this);
  const Slot slot = Spill(type(left));
  Value(right);
  out_.mov(x86::rcx, role::kValue);
  out_.mov(x86::rsi, role::kSize);
  Fill(slot, type(left));
}

// The first word counts, signed, and then the second, which of a timestamp is never negative: together an int of 128 bits, compared
// by subtracting with borrow.
void Emitter::JumpComparePairs(Op op, NodeId left, NodeId right, bool when, Label target) {
  TwoPairs(left, right);
  switch (op) {
    case Op::kEq:
    case Op::kNe:
      out_.xor_(role::kValue, x86::rcx);
      out_.xor_(role::kSize, x86::rsi);
      out_.or_(role::kValue, role::kSize);
      return JumpIf(SignedCondition(op), when, target);
    case Op::kLt:
    case Op::kGe:
      out_.cmp(role::kSize, x86::rsi);
      out_.sbb(role::kValue, x86::rcx);
      return JumpIf(SignedCondition(op), when, target);
    default:
      out_.cmp(x86::rsi, role::kSize);
      out_.sbb(x86::rcx, role::kValue);
      return JumpIf(SignedCondition(Mirrored(op)), when, target);
  }
}

void Emitter::JumpCompareCidrs(Op op, NodeId left, NodeId right, bool when, Label target) {
  SlotScope scope(*this);
  Value(left);
  const Slot slot = Spill(lang::kCidrType);
  Value(right);
  CompareCidrWith(slot);
  JumpIf(SignedCondition(op), when, target);
}

void Emitter::ComparePairWith(Slot slot) {
  out_.xor_(role::kValue, slot.word());
  out_.xor_(role::kSize, slot.word(1));
  out_.or_(role::kValue, role::kSize);
}

void Emitter::CompareCidrWith(Slot slot) {
  static_assert(sizeof(Cidr) == 24);
  out_.mov(x86::rcx, slot.word());
  out_.mov(x86::rdx, x86::qword_ptr(role::kValue));
  out_.xor_(x86::rdx, x86::qword_ptr(x86::rcx));
  for (int32_t offset : {8, 16}) {
    out_.mov(x86::rsi, x86::qword_ptr(role::kValue, offset));
    out_.xor_(x86::rsi, x86::qword_ptr(x86::rcx, offset));
    out_.or_(x86::rdx, x86::rsi);
  }
}

void Emitter::JumpCompareTexts(Op op, NodeId left, NodeId right, bool when, Label target) {
  if (op != Op::kEq && op != Op::kNe) {
    TwoTexts(left, right);
    if (!IsConstant(left) && !IsConstant(right)) SpendOnShorter(x86::rsi, x86::rcx);
    asm_.Call(Helper::kCompareText);
    out_.cmp(x86::eax, 0);
    return JumpIf(SignedCondition(op), when, target);
  }
  const bool when_equal = (op == Op::kEq) == when;
  if (IsConstant(right)) return JumpEqualsLiteral(left, text(right), when_equal, target);
  if (IsConstant(left)) return JumpEqualsLiteral(right, text(left), when_equal, target);

  SlotScope scope(*this);
  const Label skip = NewLabel();
  Value(left);
  const Slot slot = Spill(lang::kStringType);
  Value(right);
  SpendOnShorter(role::kSize, slot.word(1));
  out_.cmp(role::kSize, slot.word(1));
  out_.jne(when_equal ? skip : target);
  out_.mov(x86::rdi, slot.word());
  out_.mov(x86::rsi, role::kValue);
  asm_.Call(Helper::kEqualBytes);
  JumpIfBool(when_equal, target);
  out_.bind(skip);
}

}  // namespace moult::codegen
