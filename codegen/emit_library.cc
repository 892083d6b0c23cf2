// Calls of library functions: arguments and result pass through slots, as lang::Words.
#include "codegen/emitter.h"
#include "lang/bind.h"
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
  for (size_t k = 0; k < operands.size(); ++k) {
    const TypeId of = type(operands[k]);
    if (IsComposite(program_.types, of)) {
      ValueLaidOutAs(facts_.Native(of), operands[k], node(id).site);
    } else {
      Value(operands[k]);
    }
    SpillTo({arguments.offset + 16 * static_cast<int32_t>(k)}, of);
  }
  out_.mov(x86::rdi, role::kFrame);
  MoveImmediate(x86::rsi, static_cast<int64_t>(node(id).imm));
  out_.lea(x86::rdx, x86::ptr(x86::rbp, arguments.offset));
  out_.lea(x86::rcx, x86::ptr(x86::rbp, result.offset));
  if (function.generic) {
    out_.lea(x86::r8, x86::ptr(asm_.Text(CallTypes(id))));
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

std::string_view Emitter::CallTypes(NodeId id) {
  std::vector<TypeId> of;
  for (NodeId operand : program_.operands(id)) of.push_back(type(operand));
  of.push_back(type(id));
  std::vector<LayoutRef> kept;
  std::vector<const Layout*> layouts;
  for (TypeId each : of) {
    kept.push_back(lang::NativeLayout(program_.types, each));
    layouts.push_back(kept.back().get());
  }
  return call_types_.emplace_back(lang::DescribeCall(program_.types, of, layouts));
}

}  // namespace moult::codegen
