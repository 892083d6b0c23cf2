#include "runtime/problem.h"

#include <utility>

#include "lang/report.h"

namespace moult::runtime {

Diagnostic Problem(std::string code, std::string file, std::string message, std::string hint) {
  Diagnostic problem;
  problem.code = std::move(code);
  problem.file = std::move(file);
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  return problem;
}

Diagnostic ProblemAt(std::string code, const std::string& file, const std::string& text, lang::TextSpan span,
                     std::string message, std::string hint) {
  // The reporter knows how a place is shown; the code is not one of the language's.
  lang::Reporter reporter(file, text, 1);
  reporter.Report(lang::Code::kSyntax, span, std::move(message), std::move(hint));
  Diagnostic problem = std::move(reporter.Take().front());
  problem.code = std::move(code);
  return problem;
}

}  // namespace moult::runtime
