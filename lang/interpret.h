// The interpreter: the plainest reading of the IR, and the oracle that generated code is tested against.
#pragma once

#include <string_view>

#include "lang/eval.h"
#include "lang/ir.h"
#include "lang/observer.h"

namespace moult::lang {

// Decides one request. Evaluates every rule that is not off, in order. Total: errors of rules are in the outcome.
// REQUIRES: Verify(program) has nothing to say, and `input.layout` is bound to the program. Recursion is bounded by
// kMaxDepth.
Outcome Interpret(const Program& program, const EvalInput& input);

// The reason of rule `rule`, rendered into the arena; empty when it has none or the arena is full. Reasons are total.
std::string_view InterpretReason(const Program& program, const EvalInput& input, uint32_t rule);

// What one node of the program comes to, by itself. REQUIRES: the node is not within the body of a comprehension or a Bind.
Evaluated InterpretNode(const Program& program, const EvalInput& input, NodeId id);

}  // namespace moult::lang
