// Calls of library functions: arguments and result pass through slots, as lang::Words.
#include "codegen/emitter.h"
#include "lang/function.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Words;

static_assert(sizeof(Words) == 16 && offsetof(Words, a) == 0 && offsetof(Words, b) == 8);  // as Spill leaves a value

void Emitter::LibraryValue(NodeId id) {
  SlotScope scope(*this);
  const lang::FunctionInfo& function = lang::InfoOf(static_cast<lang::Function>(node(id).imm));
  const std::span<const NodeId> operands = program_.operands(id);
  const Slot result = slots_.Take(2);
  const Slot arguments = slots_.Take(2 * static_cast<int32_t>(operands.size()));
  const auto argument = [&](size_t k) { return Slot{arguments.offset + 16 * static_cast<int32_t>(k)}; };
  for (size_t k = 0; k < operands.size(); ++k) {
    Value(operands[k]);
    SpillTo(argument(k), type(operands[k]));
  }
  for (size_t k = 0; k < operands.size(); ++k) {  // once all are computed
    const TypeId of = type(operands[k]);
    if (IsComposite(program_.types, of)) ReadWhole(argument(k), operands[k], facts_.Native(of), node(id).site);
  }
  SpendOnCall(id, arguments);
  out_.mov(x86::rdi, role::kFrame);
  MoveImmediate(x86::rsi, static_cast<int64_t>(node(id).imm));
  out_.lea(x86::rdx, x86::ptr(x86::rbp, arguments.offset));
  out_.lea(x86::rcx, x86::ptr(x86::rbp, result.offset));
  if (function.generic) {
    LoadImage(x86::r8, CallTypes(id));
  } else {
    MoveImmediate(x86::r8, 0);
  }
  asm_.Call(Helper::kCallFunction);
  if (function.fails) {
    out_.test(x86::eax, x86::eax);
    out_.jnz(FailWithKind(node(id).site));
  }
  Fill(result, type(id));
}

asmjit::Label Emitter::FailWithKind(SiteId site) {
  const Label entry = NewLabel();
  Later([this, entry, site, target = error_target_] {
    out_.bind(entry);
    out_.shl(role::kValue, 32);  // as lang::Pack does
    MoveImmediate(x86::rcx, site);
    out_.or_(role::kValue, x86::rcx);
    out_.jmp(target);
  });
  return entry;
}

uint32_t Emitter::CallTypes(NodeId id) {
  std::vector<uint32_t> images;
  const auto add = [&](TypeId of) {
    const bool composite = IsComposite(program_.types, of);
    images.push_back(composite ? facts_.images().AddWords(of, facts_.Native(of)) : facts_.images().AddWord(of));
  };
  for (NodeId operand : program_.operands(id)) add(type(operand));
  add(type(id));
  return facts_.images().AddTuple(images);
}

}  // namespace moult::codegen
