// `moult expr`: evaluates closed expressions.
#pragma once

#include <string>

namespace moult::tools {

struct ExprOptions {
  std::string expression;
  bool json = false;
  bool batch = false;      // cases from standard input, one JSON object a line; results to standard output in the same order
  bool interpret = false;  // by the interpreter instead of machine code
};

// The process's exit code (exit_code.h).
int Expr(const ExprOptions& options);

}  // namespace moult::tools
