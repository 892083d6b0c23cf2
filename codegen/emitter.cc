#include "codegen/emitter.h"

#include <algorithm>
#include <limits>

namespace moult::codegen {

namespace x86 = asmjit::x86;

Slot SlotStack::Take(int32_t words) {
  used_ += words;
  peak_ = std::max(peak_, used_);
  return {-(base_ + 8 * used_)};
}

uint32_t SlotStack::FrameBytes() const {
  const int32_t unaligned = base_ + 8 * peak_;
  return static_cast<uint32_t>((unaligned + 15) / 16 * 16 - base_);
}

Emitter::Emitter(const lang::Program& program, const Layout& input, const Options& options)
    : program_(program),
      facts_(program, input),
      asm_(options),
      out_(asm_.out()),
      locals_(program.locals.size()),
      lets_(program.lets.size()),
      let_stacks_(program.lets.size()) {}

asmjit::Label Emitter::Fail(ErrorKind kind, SiteId site) {
  const Label entry = NewLabel();
  fail_stubs_.push_back({entry, lang::Pack({kind, site}), error_target_});
  return entry;
}

Slot Emitter::Spill(TypeId type) {
  const int32_t payload_words = shape(type) == Shape::kPair ? 2 : 1;
  const Slot slot = slots_.Take(payload_words + (program_.types.IsOptional(type) ? 1 : 0));
  SpillTo(slot, type);
  return slot;
}

void Emitter::SpillTo(Slot slot, TypeId type) {
  const Shape of = shape(type);
  if (of == Shape::kDouble) {
    out_.movsd(slot.word(), role::kReal);
  } else {
    out_.mov(slot.word(), role::kValue);
  }
  if (of == Shape::kPair) out_.mov(slot.word(1), role::kSize);
  if (program_.types.IsOptional(type)) out_.mov(slot.word(of == Shape::kPair ? 2 : 1), role::kPresence);
}

void Emitter::Fill(Slot slot, TypeId type) {
  const Shape of = shape(type);
  if (of == Shape::kDouble) {
    out_.movsd(role::kReal, slot.word());
  } else {
    out_.mov(role::kValue, slot.word());
  }
  if (of == Shape::kPair) out_.mov(role::kSize, slot.word(1));
  if (program_.types.IsOptional(type)) out_.mov(role::kPresence, slot.word(of == Shape::kPair ? 2 : 1));
}

asmjit::x86::Mem Emitter::FrameField(size_t offset, uint32_t size) const {
  return x86::Mem(role::kFrame, static_cast<int32_t>(offset), size);
}

void Emitter::MoveImmediate(const x86::Gp& to, int64_t value) {
  if (value == 0) {
    out_.xor_(to.r32(), to.r32());
  } else if (value > 0 && value <= std::numeric_limits<uint32_t>::max()) {
    out_.mov(to.r32(), value);
  } else {
    out_.mov(to.r64(), value);
  }
}

void Emitter::MultiplyBy(const x86::Gp& reg, uint32_t factor) {
  if (factor == 1) return;
  if ((factor & (factor - 1)) == 0) {
    out_.shl(reg, __builtin_ctz(factor));
  } else {
    out_.imul(reg, reg, factor);
  }
}

void Emitter::JumpIf(x86::CondCode condition, bool when, Label target) {
  out_.j(when ? condition : x86::negateCond(condition), target);
}

void Emitter::JumpIfBool(bool when, Label target) {
  out_.test(x86::al, x86::al);
  JumpIf(x86::CondCode::kNZ, when, target);
}

void Emitter::NoteNode(NodeId id) {
  if (!asm_.listing()) return;
  const Node& n = node(id);
  std::string line = "%" + std::to_string(id.index) + " = " + lang::OpText(n.op);
  if (n.op == lang::Op::kConstString) {
    line += " #" + std::to_string(n.imm);
  } else if (n.op == lang::Op::kField) {
    line += "[" + program_.types.record(type(program_.operand(id, 0))).fields[n.imm].name + "]";
  } else if (n.op == lang::Op::kLetRef) {
    line += "[" + program_.lets[n.imm].name + "]";
  } else if (n.op == lang::Op::kCall) {
    line += "[" + lang::FunctionText(static_cast<lang::Function>(n.imm)) + "]";
  } else if (n.op == lang::Op::kConstInt) {
    line += " " + std::to_string(static_cast<int64_t>(n.imm));
  }
  for (NodeId operand : program_.operands(id)) line += " %" + std::to_string(operand.index);
  asm_.Note(line);
}

}  // namespace moult::codegen
