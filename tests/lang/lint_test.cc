// Lint: tests/golden/lint/NAME.moult gives NAME.txt.
#include "lang/lint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lang/conditions.h"
#include "tests/support/golden.h"

namespace moult::lang {
namespace {

using testing::ExpectGolden;
using testing::GoldenFiles;
using testing::ReadFile;

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 6 / 1;

Diagnostics LintText(const std::string& name, const std::string& text, const Modules& modules = {}) {
  CompileLimits limits;
  limits.diagnostics = 1000;
  return Lint({name, text}, modules, {.today = kToday}, limits);
}

TEST(LintGolden, EveryCaseGivesItsWarnings) {
  const auto files = GoldenFiles("lint", ".moult");
  ASSERT_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    SCOPED_TRACE(file.filename().string());
    const std::string text = ReadFile(file);
    const Result<Compiled> compiled = Compile({file.filename().string(), text});
    ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
    const Diagnostics warnings = LintText(file.filename().string(), text);
    for (const Diagnostic& warning : warnings) EXPECT_EQ(warning.severity, Severity::kWarning);
    ExpectGolden(file.replace_extension(".txt"), Render(warnings));
  }
}

TEST(Lint, SaysNothingOfTheExamples) {
  size_t policies = 0;
  const std::filesystem::path examples = std::filesystem::path(MOULT_SOURCE_DIR) / "examples";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(examples)) {
    if (entry.path().extension() != ".moult") continue;
    ++policies;
    Diagnostics warnings = LintText(entry.path().string(), ReadFile(entry.path()));
    // The policies that are measured beside each other take one input, whatever each of them reads.
    if (entry.path().parent_path().filename() == "peers") {
      std::erase_if(warnings, [](const Diagnostic& d) { return d.message.starts_with("the input "); });
    }
    EXPECT_EQ(Render(warnings), "");
  }
  EXPECT_GT(policies, 3u);
}

TEST(Lint, LeavesErrorsToTheCompile) {
  EXPECT_TRUE(LintText("p", "policy p\nrule r { when false then block }").empty());
}

TEST(Lint, ComparesNoDatesWithoutADay) {
  const std::string text = ReadFile(testing::GoldenPath("lint/shadows.moult"));
  for (const Diagnostic& warning : Lint({"p", text}, Modules(), {}))
    EXPECT_EQ(warning.message.find("until"), std::string::npos) << warning.message;
}

TEST(Lint, LeavesModulesToThosePoliciesThatUseThem) {
  const std::string module = "module m\nconst unused = 1\nfn f(n: int, spare: int) -> bool = n > 3\n";
  Modules modules;
  modules.Add("m", {"m.moult", module});
  EXPECT_EQ(Render(LintText("m.moult", module, modules)), "");
  const std::string policy =
      "policy p\nuse m\ninput { n: int }\ndecide severest [a < b] default a\n"
      "rule r { when m.f(n, 1) then b }\nrule s { when m.f(n, 1) && n < 2 then b }\n";
  const Diagnostics warnings = LintText("p.moult", policy, modules);
  ASSERT_EQ(warnings.size(), 1u) << Render(warnings);
  EXPECT_EQ(warnings[0].code, "W-never-fires");
}

// What is hostile to a reasoner: many rules, and conditions with many ways to be true.
TEST(Lint, IsBounded) {
  std::string text = "policy p\ninput { n: int, m: int }\ndecide first_match [a, b] default a\n";
  std::string ways = "(n == 0 || m == 0)";
  for (int k = 1; k < 60; ++k) ways += fmt::format(" && (n != {} || m != {})", k, k);
  for (int k = 0; k < 300; ++k)
    text += fmt::format("rule r{} {{ when {} && n > {} then b }}\n", k, k < 50 ? ways : "m > 3", k);
  const Result<Compiled> compiled = Compile({"p", text});
  ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
  LintText("p", text);
}

}  // namespace
}  // namespace moult::lang
