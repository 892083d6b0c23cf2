// The interpreter: the plainest reading of the IR, and the oracle that generated code is tested against.
#pragma once

#include <memory>
#include <string_view>

#include "lang/eval.h"
#include "lang/ir.h"
#include "moult/result.h"
#include "lang/observer.h"

namespace moult::lang {

class Interpreter;

// One request. What it has computed (lets) and spent (fuel) goes on from one member function to the next, as in generated code.
// REQUIRES: Verify(program) has nothing to say, and `input.layout` is bound to the program; both outlive this. Recursion is
// bounded by kMaxDepth. Thread-safety: none.
class Interpretation {
 public:
  Interpretation(const Program& program, const EvalInput& input);
  ~Interpretation();

  // Evaluates the rules, in order. Total: errors of rules are in the outcome.
  Outcome Decide();
  // The reason of rule `rule`, rendered into the arena; empty when it has none or the arena is full. Reasons are total.
  std::string_view Reason(uint32_t rule);
  // An argument of an effect, by its place in Program::effect_arguments.
  Result<Scalar, EvalError> Argument(uint32_t argument);

 private:
  std::unique_ptr<Interpreter> interpreter_;
};

// Each by an Interpretation of its own.
Outcome Interpret(const Program& program, const EvalInput& input);
std::string_view InterpretReason(const Program& program, const EvalInput& input, uint32_t rule);
Result<Scalar, EvalError> InterpretArgument(const Program& program, const EvalInput& input, uint32_t argument);

// What one node of the program comes to, by itself. REQUIRES: the node is not within the body of a comprehension or a Bind.
Evaluated InterpretNode(const Program& program, const EvalInput& input, NodeId id);

}  // namespace moult::lang
