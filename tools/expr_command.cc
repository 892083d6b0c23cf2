#include "tools/expr_command.h"

#include <iostream>

#include "moult/expression.h"
#include "tools/console.h"
#include "tools/exit_code.h"
#include "tools/json_writer.h"

namespace moult::tools {
namespace {

std::string CaseResult(const std::string& line, uint64_t number, ExpressionEngine engine) {
  const Result<std::string, Error> expression = ExpressionOfCase(line);
  if (expression) return EvaluateExpression(*expression, engine).json;
  std::string json;
  AppendLineError(json, expression.error().code, expression.error().message, number);
  return json;
}

int Batch(ExpressionEngine engine) {
  std::ios::sync_with_stdio(false);
  uint64_t number = 0;
  for (std::string line; std::getline(std::cin, line);) std::cout << CaseResult(line, ++number, engine) << '\n';
  std::cout.flush();
  return std::cout && !std::cin.bad() ? kExitOk : kExitInputOutput;
}

}  // namespace

int Expr(const ExprOptions& options) {
  const ExpressionEngine engine = options.interpret ? ExpressionEngine::kInterpreter : ExpressionEngine::kMachineCode;
  if (options.batch) return Batch(engine);
  const ExpressionResult result = EvaluateExpression(options.expression, engine);
  const bool done = result.stage == ExpressionResult::Stage::kDone;
  if (options.json) {
    std::cout << result.json << std::endl;
  } else if (done) {
    std::cout << result.text << std::endl;
  } else {
    Console console;
    console.Print(Render(result.diagnostics, console.color()));
  }
  if (!std::cout) return kExitInputOutput;
  return done ? kExitOk : kExitPolicy;
}

}  // namespace moult::tools
