#include "lang/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "tests/support/golden.h"
#include "tests/support/seed.h"

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

TEST(Compile, AnyBytesGiveAProgramOrADiagnostic) {
  std::mt19937_64 random(moult::test::Seed());
  std::vector<std::string> seeds;
  for (const char* folder : {"check", "ir", "parse"}) {
    for (const auto& file : testing::GoldenFiles(folder, ".moult")) seeds.push_back(testing::ReadFile(file));
  }
  for (int round = 0; round < 2000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    if (text.size() > 4000) continue;
    const int changes = 1 + static_cast<int>(random() % 4);
    for (int k = 0; k < changes && !text.empty(); ++k) {
      const size_t at = random() % text.size();
      const std::string& other = seeds[random() % seeds.size()];
      switch (random() % 4) {
        case 0:
          text.erase(at, random() % 20);
          break;
        case 1:
          text.insert(at, other.substr(random() % (other.size() + 1), random() % 40));
          break;
        case 2:
          text[at] = static_cast<char>(random());
          break;
        case 3:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
      }
    }
    CompileLimits limits;
    limits.nodes = 20'000;
    const Result<Compiled> compiled = Compile({"fuzz.moult", text}, limits);
    if (compiled.ok()) continue;
    ASSERT_FALSE(compiled.error().empty()) << text;
    for (const Diagnostic& diagnostic : compiled.error())
      ASSERT_NE(diagnostic.code, "E-internal") << diagnostic.message << "\n" << text;
  }
}

}  // namespace
}  // namespace moult::lang
