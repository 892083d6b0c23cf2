#include "lang/compile.h"

#include <fmt/format.h>

#include <utility>

#include "lang/check.h"
#include "lang/parse.h"
#include "lang/report.h"

namespace moult::lang {

Result<Compiled> Compile(const SourceFile& file, uint32_t file_index, const CompileLimits& limits) {
  Reporter reporter(file.name, file.text, limits.diagnostics);
  Ast ast = Parse(file.text, limits, reporter);
  std::optional<Program> program = Check(ast, file_index, limits, reporter);
  if (!program) return Failure(reporter.Take());
  if (std::optional<std::string> violation = Verify(*program)) {
    reporter.ReportFile(Code::kInternal, fmt::format("the compiler made a program that is not valid: {}", *violation),
                        "this is a defect of the compiler: please report it with the policy");
    return Failure(reporter.Take());
  }
  return Compiled{std::move(*program), reporter.Take()};
}

}  // namespace moult::lang
