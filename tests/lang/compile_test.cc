#include "lang/compile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/golden.h"

namespace moult::lang {
namespace {

Result<Compiled> CompileExample(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(MOULT_SOURCE_DIR) / "examples" / name;
  return Compile({name, testing::ReadFile(path)});
}

TEST(Compile, TheReferencePolicies) {
  const struct {
    const char* name;
    size_t rules;
    std::vector<std::string> verdicts;
  } cases[] = {{"peers/p_small.moult", 5, {"allow", "block"}},
               {"peers/p_medium.moult", 30, {"allow", "challenge", "block"}}};
  for (const auto& expected : cases) {
    const Result<Compiled> compiled = CompileExample(expected.name);
    ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
    EXPECT_TRUE(compiled->warnings.empty()) << Render(compiled->warnings);
    EXPECT_EQ(compiled->program.rules.size(), expected.rules);
    EXPECT_EQ(compiled->program.decide.verdicts, expected.verdicts);
  }
}

TEST(Compile, SitesNameThePlaceInTheTextAndTheFile) {
  const std::string text =
      "policy p\ninput { n: int }\ndecide severest [allow < block] default allow\nrule r { when 7 / n > 1 then block "
      "}\n";
  const Result<Compiled> compiled = Compile({"p.moult", text});
  ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
  const Program& program = compiled->program;
  const auto div =
      std::find_if(program.nodes.begin(), program.nodes.end(), [](const Node& node) { return node.op == Op::kDiv; });
  ASSERT_NE(div, program.nodes.end());
  const SiteSpan span = program.sites[div->site];
  EXPECT_EQ(span.file, 0u);
  EXPECT_EQ(text.substr(span.begin, span.end - span.begin), "7 / n");
  EXPECT_EQ(program.sites[0].begin, text.find("p\n"));
}

TEST(Compile, WarningsComeWithTheProgram) {
  const Result<Compiled> compiled = Compile({"p.moult",
                                             "policy p\ninput { n: int }\ndecide severest [allow < block] default "
                                             "allow\nrule r { when has(n) then block }\n"});
  ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
  ASSERT_EQ(compiled->warnings.size(), 1u);
  EXPECT_EQ(compiled->warnings[0].code, "W-never-missing");
}

}  // namespace
}  // namespace moult::lang
