#include "tests/fuzz/properties.h"

#include <fmt/format.h>

#include "lang/parse.h"
#include "lang/test_values.h"
#include "tests/fuzz/engines.h"
#include "tests/fuzz/target.h"
#include "tests/support/formatting.h"

namespace moult::fuzz {
namespace {

constexpr std::string_view kDefects[] = {"E-internal", "E-input-too-large", "E-unsupported-type", "E-regex", "E-codegen"};

// The expressions of tests have values or errors, and inputs are JSON.
void ComputeTests(const lang::TestSuite& suite) {
  if (suite.cases.empty()) return;
  lang::TestValues values(suite);
  for (const lang::TestCase& test : suite.cases) {
    (void)values.InputJson(test);
    for (const lang::GivenList& list : test.lists) (void)values.Of(list.value);
    for (const lang::GivenAnswer& answer : test.answers) {
      for (const lang::NodeId argument : answer.arguments)
        if (argument.valid()) (void)values.Of(argument);
      if (answer.value.valid()) (void)values.Of(answer.value);
    }
  }
}

}  // namespace

lang::CompileLimits FuzzLimits() {
  lang::CompileLimits limits;
  limits.nodes = 20'000;
  return limits;
}

void RequireGoodDiagnostics(const Diagnostics& diagnostics, std::string_view text) {
  for (const Diagnostic& diagnostic : diagnostics) {
    for (const std::string_view defect : kDefects) Require(diagnostic.code != defect, diagnostic.message, text);
    Require(!diagnostic.code.empty() && !diagnostic.message.empty(), "a diagnostic without code or message", text);
    Require((diagnostic.line == 0) == (diagnostic.column == 0), "a diagnostic with half a place", text);
    Require(!Render(diagnostic).empty(), "a diagnostic that cannot be rendered", text);
  }
}

void RequireGoodForm(const std::string& text) {
  lang::Reporter reporter("fuzz.moult", text, 20);
  lang::Parse(text, {}, reporter);
  if (reporter.has_errors()) return;
  const std::string complaint = lang::test::FormatComplaint(text);
  Require(complaint.empty(), complaint, text);
}

bool RequireGoodCompile(const std::string& text, const lang::Modules& modules) {
  const lang::SourceFile file{"fuzz.moult", text};
  const Result<lang::Compiled> compiled = lang::Compile(file, modules, FuzzLimits());
  lang::Origins origins;
  const Result<lang::Compiled> explained = lang::Compile(file, modules, FuzzLimits(), &origins);
  if (!compiled) {
    Require(!compiled.error().empty(), "neither a program nor a diagnostic", text);
    RequireGoodDiagnostics(compiled.error(), text);
    return false;
  }
  RequireGoodDiagnostics(compiled->warnings, text);
  if (!explained) {
    // Constants that no rule uses count too.
    for (const Diagnostic& d : explained.error()) Require(d.code == "E-too-large", "refused only where origins are kept: " + d.message, text);
  }
  if (compiled->is_module) return true;
  ComputeTests(compiled->tests);
  Engines engines(text, compiled->program, explained ? &explained->program : nullptr, &origins);
  engines.RequireSameDecisions();
  return true;
}

}  // namespace moult::fuzz
