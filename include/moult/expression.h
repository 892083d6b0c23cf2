// Closed expressions: those that read no input. For trying the language out, and for holding it against the cases of CEL.
//
//   moult::ExpressionResult result = moult::EvaluateExpression("size([1, 2]) + 1");
//   result.text   // "3"
//   result.json   // {"int": "3"}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "moult/diagnostic.h"
#include "moult/result.h"

namespace moult {

enum class ExpressionEngine : uint8_t { kMachineCode, kInterpreter };

struct ExpressionResult {
  // kCheck: it does not compile. kRun: it does, and evaluating it is an error.
  enum class Stage : uint8_t { kDone, kCheck, kRun } stage = Stage::kDone;
  std::string text;         // kDone: the value as a policy would write it
  std::string json;         // kDone: {"int": "3"}, {"list": [{"bool": true}]}, {"error": ...} otherwise
  std::string code;         // else: of the first error, "E-run" for kRun
  std::string message;
  Diagnostics diagnostics;  // kCheck: all of them; kRun: the one error, at its place
};

// Total: any bytes give a result. Thread-safe. Cost: a compile, and for machine code a mapping of memory that lives as long as the call:
// an expression is no policy, and nothing of it is published.
ExpressionResult EvaluateExpression(std::string_view expression, ExpressionEngine engine = ExpressionEngine::kMachineCode);

// The member `expr` of the JSON object in `line`. Errors: E-input.
Result<std::string, Error> ExpressionOfCase(std::string_view line);

}  // namespace moult
