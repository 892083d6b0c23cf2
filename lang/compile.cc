#include "lang/compile.h"

#include <fmt/format.h>

#include <utility>

#include "lang/check.h"
#include "lang/parse.h"
#include "lang/report.h"

namespace moult::lang {
namespace {

Diagnostic Defect(const std::string& file_name, const std::string& violation) {
  Diagnostic diagnostic;
  diagnostic.code = CodeText(Code::kInternal);
  diagnostic.message = fmt::format("the compiler made a program that is not valid: {}", violation);
  diagnostic.hint = "this is a defect of the compiler: please report it with the policy";
  diagnostic.file = file_name;
  return diagnostic;
}

}  // namespace

Result<Compiled> Compile(const SourceFile& file, uint32_t file_index, const CompileLimits& limits, Origins* origins) {
  Reporter reporter(file.name, file.text, limits.diagnostics);
  Ast ast = Parse(file.text, limits, reporter);
  TestSuite tests;
  std::optional<Program> program = Check(ast, file_index, limits, reporter, &tests, origins);
  if (!program) return Failure(reporter.Take());
  std::optional<std::string> violation = Verify(*program);
  if (!violation && !tests.cases.empty()) violation = Verify(tests.program);
  if (violation) return Failure(Diagnostics{Defect(file.name, *violation)});
  return Compiled{std::move(*program), reporter.Take(), std::move(tests)};
}

}  // namespace moult::lang
