// `&&` and `||` by jumps, with errors absorbed: a decisive operand wins over any error, else the leftmost error is the result.
#include <algorithm>

#include "codegen/emitter.h"

namespace moult::codegen {

using lang::Op;

// The operands of a chain `a && b && c`, left to right: the chain leans to the left.
std::vector<lang::NodeId> Emitter::Terms(NodeId id) const {
  const Op op = node(id).op;
  std::vector<NodeId> terms;
  for (; node(id).op == op; id = program_.operand(id, 0)) terms.push_back(program_.operand(id, 1));
  terms.push_back(id);
  std::reverse(terms.begin(), terms.end());
  return terms;
}

void Emitter::JumpLogic(NodeId id, bool when, Label target) {
  const bool decisive = node(id).op == Op::kOr;  // the value of one operand that settles the whole
  const std::vector<NodeId> terms = Terms(id);
  const Label skip = NewLabel();
  const Label decided = when == decisive ? target : skip;
  const auto last = terms.end() - 1;
  const bool absorbs = std::any_of(terms.begin(), last, [this](NodeId term) { return facts_.may_fail(term); });
  if (absorbs) {
    SlotScope scope(*this);
    JumpFallibleLogic(terms, decisive, decided, slots_.Take(1));
    if (when != decisive) out_.jmp(target);
  } else {
    std::for_each(terms.begin(), last, [&](NodeId term) { Jump(term, decisive, decided); });
    Jump(*last, when, target);
  }
  out_.bind(skip);
}

// Falls through when no term is decisive and none failed. `pending` holds the leftmost error so far, or 0: each term is emitted once,
// whatever failed before it.
void Emitter::JumpFallibleLogic(std::span<const NodeId> terms, bool decisive, Label decided, Slot pending) {
  out_.mov(pending.word(), 0);
  for (NodeId term : terms) {
    const Label go_on = NewLabel();
    {
      ErrorScope errors(*this, NewLabel());
      if (facts_.may_fail(term)) KeepFirstError(error_target_, pending, go_on);
      Jump(term, decisive, decided);
    }
    out_.bind(go_on);
  }
  out_.mov(role::kValue, pending.word());
  out_.test(role::kValue, role::kValue);
  out_.jnz(error_target_);
}

void Emitter::KeepFirstError(Label entry, Slot pending, Label go_on) {
  Later([this, entry, pending, go_on] {
    out_.bind(entry);
    out_.cmp(pending.word(), 0);
    out_.jne(go_on);
    out_.mov(pending.word(), role::kValue);
    out_.jmp(go_on);
  });
}

}  // namespace moult::codegen
