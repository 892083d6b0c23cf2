// Arithmetic: ints checked by the overflow flag, doubles as IEEE 754 has it, concatenation.
#include "codegen/emitter.h"
#include "lang/time.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;

void Emitter::Arithmetic(NodeId id) {
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  const Node& n = node(id);
  if (kind(n.type) == lang::TypeKind::kList) return Concatenate(id);
  if (n.type == lang::kTimestampType || n.type == lang::kDurationType) return TimeArithmetic(id);
  if (n.type == lang::kStringType || n.type == lang::kBytesType) {
    TwoTexts(left, right, /*after_frame=*/true);
    asm_.Call(Helper::kConcat);
    return CheckPair(ErrorKind::kArenaExhausted, n.site);
  }
  if (n.type == lang::kIntType) {
    TwoInts(left, right);
    return IntArithmetic(n);
  }
  TwoDoubles(left, right);
  switch (n.op) {
    case Op::kAdd:
      out_.addsd(x86::xmm0, x86::xmm1);
      return;
    case Op::kSub:
      out_.subsd(x86::xmm0, x86::xmm1);
      return;
    case Op::kMul:
      out_.mulsd(x86::xmm0, x86::xmm1);
      return;
    default:
      out_.divsd(x86::xmm0, x86::xmm1);
  }
}

// rax op rcx.
void Emitter::IntArithmetic(const Node& n) {
  switch (n.op) {
    case Op::kAdd:
      out_.add(x86::rax, x86::rcx);
      break;
    case Op::kSub:
      out_.sub(x86::rax, x86::rcx);
      break;
    case Op::kMul:
      out_.imul(x86::rax, x86::rcx);
      break;
    default:
      return IntDivision(n);
  }
  out_.jo(Fail(ErrorKind::kOverflow, n.site));
}

void Emitter::TimeArithmetic(NodeId id) {
  const Node& n = node(id);
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  if (type(left) == lang::kDurationType && type(right) == lang::kDurationType) {
    TwoInts(left, right);
    if (n.op == Op::kAdd) {
      out_.add(x86::rax, x86::rcx);
    } else {
      out_.sub(x86::rax, x86::rcx);
    }
    out_.jo(Fail(ErrorKind::kDurationOutOfRange, n.site));
    return;
  }
  if (n.type == lang::kDurationType) {
    TwoPairs(left, right);
    return TimeDifference(n.site);
  }
  SlotScope scope(*this);
  const bool moment_first = type(left) == lang::kTimestampType;
  Value(left);
  const Slot slot = Spill(type(left));
  Value(right);
  if (moment_first) {
    out_.mov(x86::rdx, role::kValue);
    out_.mov(x86::rsi, slot.word(1));
    out_.mov(x86::rdi, slot.word());
  } else {
    out_.mov(x86::rsi, role::kSize);
    out_.mov(x86::rdi, role::kValue);
    out_.mov(x86::rdx, slot.word());
  }
  asm_.Call(n.op == Op::kAdd ? Helper::kAddDuration : Helper::kSubtractDuration);
  out_.test(role::kSize, role::kSize);
  out_.js(Fail(ErrorKind::kTimestampOutOfRange, n.site));
}

// From the timestamp in rcx, rsi to the one in rax, rdx. The two differences are first made of one sign, so that if a step
// overflows the whole does.
void Emitter::TimeDifference(SiteId site) {
  const Label no_borrow = NewLabel();
  const Label same_sign = NewLabel();
  const Label out_of_range = Fail(ErrorKind::kDurationOutOfRange, site);
  out_.sub(role::kSize, x86::rsi);
  out_.sub(role::kValue, x86::rcx);
  out_.jle(no_borrow);  // no overflow: both are in range
  out_.test(role::kSize, role::kSize);
  out_.jns(same_sign);
  out_.dec(role::kValue);
  out_.add(role::kSize, lang::kNanosPerSecond);
  out_.jmp(same_sign);
  out_.bind(no_borrow);
  out_.je(same_sign);
  out_.test(role::kSize, role::kSize);
  out_.jle(same_sign);
  out_.inc(role::kValue);
  out_.sub(role::kSize, lang::kNanosPerSecond);
  out_.bind(same_sign);
  out_.imul(role::kValue, role::kValue, lang::kNanosPerSecond);
  out_.jo(out_of_range);
  out_.add(role::kValue, role::kSize);
  out_.jo(out_of_range);
}

void Emitter::IntDivision(const Node& n) {
  const Label divide = NewLabel();
  const Label end = NewLabel();
  out_.test(x86::rcx, x86::rcx);
  out_.jz(Fail(ErrorKind::kDivideByZero, n.site));
  // idiv traps on the least int by -1, whose quotient and remainder both count as overflow.
  out_.cmp(x86::rcx, -1);
  out_.jne(divide);
  out_.neg(x86::rax);
  out_.jo(Fail(ErrorKind::kOverflow, n.site));
  if (n.op == Op::kMod) out_.xor_(x86::eax, x86::eax);
  out_.jmp(end);
  out_.bind(divide);
  out_.cqo();
  out_.idiv(x86::rcx);
  if (n.op == Op::kMod) out_.mov(x86::rax, x86::rdx);
  out_.bind(end);
}

void Emitter::Negate(NodeId id) {
  Value(program_.operand(id, 0));
  if (type(id) == lang::kIntType) {
    out_.neg(role::kValue);
    out_.jo(Fail(ErrorKind::kOverflow, node(id).site));
    return;
  }
  out_.movsd(x86::xmm1, asm_.Word(uint64_t{1} << 63));
  out_.xorpd(role::kReal, x86::xmm1);
}

}  // namespace moult::codegen
