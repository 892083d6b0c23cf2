// `moult check`: lint, and diagnostics for editors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/process.h"
#include "tools/exit_code.h"

namespace moult::tools {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kDecide = "input { n: int, s: string }\ndecide severest [allow < block] default allow\n";

class CheckTest : public testing::Test {
 protected:
  std::string Policy(const std::string& name, const std::string& rules) {
    return dir_.Write(name + ".moult", "policy " + name + "\n" + kDecide + rules);
  }

  TempDir dir_;
};

constexpr const char* kClean = "rule r { when n > 1 && s == \"a\" then block }\n";
constexpr const char* kNever = "rule r { when n > 1 && n < 1 && s == \"a\" then block }\n";

TEST_F(CheckTest, WarnsAndPasses) {
  const Finished check = RunProcess({MOULT_COMMAND, "check", Policy("p", kNever)});
  EXPECT_EQ(check.code, kExitOk);
  EXPECT_THAT(check.err, HasSubstr("[W-never-fires]"));
  EXPECT_THAT(check.out, HasSubstr("p: 1 rule"));
}

TEST_F(CheckTest, DeniesWarningsWhenAsked) {
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "check", "--deny-warnings", Policy("p", kNever)}).code, kExitPolicy);
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "check", "--deny-warnings", Policy("p", kClean)}).code, kExitOk);
}

TEST_F(CheckTest, ChecksModulesAlone) {
  const std::string good = dir_.Write("good/m.moult", "module lib\nfn large(n: int) -> bool = n > 3\n");
  const std::string bad = dir_.Write("bad/m.moult", "module lib\nfn large(n: int) -> bool = n\n");
  for (const std::string& path : {good, dir_.Path("good")}) {
    const Finished check = RunProcess({MOULT_COMMAND, "check", path});
    EXPECT_EQ(check.code, kExitOk) << check.err;
    EXPECT_EQ(check.out, "1 module without a policy: checked, no code\n");
  }
  const Finished check = RunProcess({MOULT_COMMAND, "check", bad});
  EXPECT_EQ(check.code, kExitPolicy);
  EXPECT_THAT(check.err, HasSubstr("[E-type]"));
  dir_.Write("good/again.moult", "module lib\n");
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "check", dir_.Path("good")}).err, HasSubstr("[E-duplicate-module]"));
}

TEST_F(CheckTest, TakesSeveralPathsAndGivesTheWorstCode) {
  const Finished check = RunProcess({MOULT_COMMAND, "check", Policy("good", kClean), Policy("bad", "rule"), Policy("other", kClean)});
  EXPECT_EQ(check.code, kExitPolicy);
  EXPECT_THAT(check.out, HasSubstr("good: 1 rule"));
  EXPECT_THAT(check.out, HasSubstr("other: 1 rule"));
  EXPECT_THAT(check.err, HasSubstr("[E-syntax]"));
}

TEST_F(CheckTest, JsonCountsFromZeroInUtf16) {
  // The emoji is one code point and two UTF-16 units; é is one of each and two bytes.
  const std::string path = Policy("p", "rule r { when s == \"é😀\" && siez(s) > 1 then block }\n");
  const Finished check = RunProcess({MOULT_COMMAND, "check", "--json", path});
  EXPECT_EQ(check.code, kExitPolicy);
  EXPECT_EQ(check.err, "");
  EXPECT_EQ(check.out, "{\"uri\":\"file://" + path +
                           "\",\"diagnostics\":[{\"range\":{\"start\":{\"line\":3,\"character\":28},\"end\":{\"line\":3,\"character\":32}},"
                           "\"severity\":1,\"code\":\"E-unknown-function\",\"source\":\"moult\",\"message\":\"there is no function `siez`\\nhint: did "
                           "you mean `size`?\"}]}\n");
}

TEST_F(CheckTest, JsonNamesOtherPlaces) {
  const std::string path = Policy("p", "rule a { when n > 1 && s == \"\" then block }\nrule b { when n > 1 && s == \"\" then block }\n");
  const Finished check = RunProcess({MOULT_COMMAND, "check", "--json", path});
  EXPECT_EQ(check.code, kExitOk);
  EXPECT_THAT(check.out, HasSubstr("\"severity\":2,\"code\":\"W-duplicate-condition\""));
  EXPECT_THAT(check.out,
              HasSubstr("\"relatedInformation\":[{\"location\":{\"uri\":\"file://" + path +
                        "\",\"range\":{\"start\":{\"line\":3,\"character\":5},\"end\":{\"line\":3,\"character\":6}}},\"message\":"));
}

TEST_F(CheckTest, JsonHasALineForEveryFile) {
  Policy("a", kClean);
  Policy("b", kNever);
  const Finished check = RunProcess({MOULT_COMMAND, "check", "--json", dir_.Path("")});
  const std::vector<std::string> lines = Lines(check.out);
  ASSERT_EQ(lines.size(), 2u) << check.out;
  EXPECT_THAT(lines[0], EndsWith("a.moult\",\"diagnostics\":[]}"));
  EXPECT_THAT(lines[1], HasSubstr("b.moult\",\"diagnostics\":[{"));
}

TEST_F(CheckTest, JsonTellsOfAPathThatCannotBeRead) {
  const Finished check = RunProcess({MOULT_COMMAND, "check", "--json", dir_.Path("none at all.moult")});
  EXPECT_EQ(check.code, kExitPolicy);
  EXPECT_THAT(check.out, StartsWith("{\"uri\":\"file:///"));
  EXPECT_THAT(check.out, HasSubstr("none%20at%20all.moult"));
  EXPECT_THAT(check.out, HasSubstr("\"code\":\"E-read\""));
}

}  // namespace
}  // namespace moult::tools
