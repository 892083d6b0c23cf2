// Arithmetic: ints checked by the overflow flag, doubles as IEEE 754 has it, concatenation.
#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;

void Emitter::Arithmetic(NodeId id) {
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  const Node& n = node(id);
  if (kind(n.type) == lang::TypeKind::kList) return Concatenate(id);
  if (n.type == lang::kStringType) {
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
