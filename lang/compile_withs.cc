#include <algorithm>
#include <utility>

#include "lang/check.h"
#include "lang/compile.h"
#include "lang/link.h"
#include "lang/report.h"

namespace moult::lang {
namespace {

// A test behind the policy's text, of nothing but the clauses.
std::string TextWith(const std::string& policy, const std::vector<std::string>& withs) {
  std::string text = policy + "\ntest \"--with\" {\n";
  for (const std::string& with : withs) text += "with " + with + "\n";
  return text + "}\n";
}

Diagnostics AtClauses(Diagnostics diagnostics, const SourceFile& file) {
  const auto before = static_cast<uint32_t>(std::count(file.text.begin(), file.text.end(), '\n')) + 2;
  for (Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.file != file.name || diagnostic.line <= before) continue;
    diagnostic.file = "--with";
    diagnostic.line -= before;
  }
  return diagnostics;
}

}  // namespace

Result<TestSuite> CompileWiths(const SourceFile& file, const Modules& modules, const std::vector<std::string>& withs,
                               const CompileLimits& limits) {
  const std::string text = TextWith(file.text, withs);
  Linked linked{.text = SourceText(file.name, text), .names = {}, .modules = &modules};
  Reporter reporter(linked.text, limits.diagnostics);
  Ast ast;
  Link(limits, linked, reporter, ast);
  if (ast.tests.size() > 1) ast.tests.erase(ast.tests.begin(), ast.tests.end() - 1);
  for (TestDecl& test : ast.tests) test.only_withs = true;
  TestSuite suite;
  const std::optional<Program> program = Check(ast, linked, limits, reporter, &suite, nullptr);
  if (!program) return Failure(AtClauses(reporter.Take(), file));
  const std::optional<std::string> violation = suite.cases.empty() ? "no case" : Verify(suite.program);
  if (violation) return Failure(Diagnostics{DefectOf(file.name, *violation)});
  return suite;
}

}  // namespace moult::lang
