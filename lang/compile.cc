#include "lang/compile.h"

#include <fmt/format.h>

#include <utility>

#include "lang/check.h"
#include "lang/link.h"
#include "lang/report.h"

namespace moult::lang {

Diagnostic DefectOf(const std::string& file_name, const std::string& violation) {
  Diagnostic diagnostic;
  diagnostic.code = CodeText(Code::kInternal);
  diagnostic.message = fmt::format("the compiler made a program that is not valid: {}", violation);
  diagnostic.hint = "this is a defect of the compiler: please report it with the policy";
  diagnostic.file = file_name;
  return diagnostic;
}

Result<Compiled> Compile(const SourceFile& file, const Modules& modules, const CompileLimits& limits, Origins* origins) {
  Linked linked{.text = SourceText(file.name, file.text), .names = {}, .modules = &modules};
  Reporter reporter(linked.text, limits.diagnostics);
  Ast ast;
  Link(limits, linked, reporter, ast);
  TestSuite tests;
  std::optional<Program> program = Check(ast, linked, limits, reporter, &tests, origins);
  if (!program) return Failure(reporter.Take());
  std::optional<std::string> violation;
  if (!ast.is_module) violation = Verify(*program);
  if (!violation && !tests.cases.empty()) violation = Verify(tests.program);
  if (violation) return Failure(Diagnostics{DefectOf(file.name, *violation)});
  return Compiled{std::move(*program), ast.is_module, {linked.names.begin() + 1, linked.names.end()}, reporter.Take(),
                  std::move(tests)};
}

Result<Compiled> Compile(const SourceFile& file, const CompileLimits& limits) {
  return Compile(file, Modules(), limits);
}

}  // namespace moult::lang
