#include "runtime/problem.h"

#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace moult::runtime {

Diagnostic Problem(lang::Code code, std::string file, std::string message, std::string hint) {
  Diagnostic problem;
  problem.code = lang::CodeText(code);
  problem.severity = lang::CodeSeverity(code);
  problem.file = std::move(file);
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  return problem;
}

Diagnostic Problem(const Error& error) {
  Diagnostic problem;
  problem.code = error.code;
  problem.message = error.message;
  return problem;
}

Diagnostic ProblemAt(lang::Code code, const std::string& file, const std::string& text, lang::TextSpan span,
                     std::string message, std::string hint) {
  lang::Reporter reporter(file, text, 1);
  reporter.Report(code, span, std::move(message), std::move(hint));
  return std::move(reporter.Take().front());
}

Diagnostics WithoutRepeats(Diagnostics diagnostics) {
  // What a module declares has a longer name in a message when it is seen from a policy: the place tells.
  std::set<std::tuple<std::string, uint32_t, uint32_t, std::string, std::string>> seen;
  std::erase_if(diagnostics, [&](const Diagnostic& d) {
    return !seen.insert({d.file, d.line, d.column, d.code, d.line == 0 ? d.message : std::string()}).second;
  });
  return diagnostics;
}

}  // namespace moult::runtime
