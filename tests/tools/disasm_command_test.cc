// `moult disasm`, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPolicy = MOULT_SOURCE_DIR "/tests/golden/tools/explain.moult";

Finished Disasm(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {MOULT_COMMAND, "disasm"});
  return RunProcess(arguments);
}

TEST(DisasmCommand, ShowsLinesBesideInstructionsAndHelpersByName) {
  const Finished all = Disasm({kPolicy, "--baseline"});
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("policy explained: "));
  for (const char* part : {"  entry\n", "  rule link_spam\n", "  rule never\n", "  verdict\n", "  reason of link_spam\n", "  let offsite\n",
                           " 12 |   when is_young(user) && offsite &&\n", " 14 |   unless user.id == 7\n", "  call CallSource\n",
                           "  ; let offsite\n", "  ret\n"}) {
    EXPECT_THAT(all.out, HasSubstr(part));
  }
}

TEST(DisasmCommand, ShowsOneRule) {
  const Finished one = Disasm({kPolicy, "burst"});
  ASSERT_EQ(one.code, 0) << one.err;
  const std::string code = one.out.substr(one.out.find("\n\n"));
  EXPECT_THAT(code, HasSubstr("17 | rule burst"));
  EXPECT_THAT(code, Not(HasSubstr("offsite")));
  EXPECT_THAT(code, HasSubstr("; errors")) << "its call that records an error stands off the straight path";
}

TEST(DisasmCommand, NeedsNeitherDataNorSources) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult",
                                       "policy p\ninput { n: string }\ndecide severest [allow < block] default allow\n"
                                       "list bad: set<string> from \"absent.txt\"\nrule r { when n in bad then block }\n");
  const Finished result = Disasm({policy});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("call ListContains"));
}

TEST(DisasmCommand, ShowsTheLinesOfModules) {
  const TempDir dir;
  dir.Write("m.moult", "module lib\nfn large(n: int) -> bool = n % 7 > 3\n");
  dir.Write("p.moult",
            "policy p\nuse lib\ninput { n: int }\ndecide severest [allow < block] default allow\n"
            "rule r { when lib.large(n) then block }\n");
  const Finished result = Disasm({dir.Path(""), "r"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("m.moult: fn large(n: int) -> bool = n % 7 > 3"));
}

TEST(DisasmCommand, SaysWhatIsWrong) {
  const Finished rule = Disasm({kPolicy, "nothing"});
  EXPECT_EQ(rule.code, 2);
  EXPECT_THAT(rule.err, HasSubstr("has no rule `nothing`"));
  EXPECT_EQ(Disasm({"/nothing"}).code, 3);
  const TempDir dir;
  const Finished module = Disasm({dir.Write("m.moult", "module lib\nfn large(n: int) -> bool = n > 3\n")});
  EXPECT_EQ(module.code, 2);
  EXPECT_THAT(module.err, HasSubstr("has modules alone: their code is that of the policies that use them"));
}

}  // namespace
}  // namespace moult::tools
