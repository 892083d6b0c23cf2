// `moult explain`, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using moult::testing::ExpectGolden;
using moult::testing::GoldenPath;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kPolicy = MOULT_SOURCE_DIR "/tests/golden/tools/explain.moult";
const char* const kRequests = MOULT_SOURCE_DIR "/tests/golden/tools/explain.jsonl";

Finished Explain(std::vector<std::string> more) {
  std::vector<std::string> arguments = {MOULT_COMMAND, "explain", kPolicy, "--input", kRequests};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return RunProcess(arguments);
}

TEST(ExplainCommand, ShowsTheRulesThatFiredWithTheirValues) {
  const Finished all = Explain({});
  EXPECT_EQ(all.code, 1) << "a line that is no request";
  ExpectGolden(GoldenPath("tools/explain.txt"), all.out);
}

TEST(ExplainCommand, ShowsOneRuleOfOneLine) {
  const Finished one = Explain({"--line", "2", "--rule", "link_spam"});
  EXPECT_EQ(one.code, 0) << one.err;
  ExpectGolden(GoldenPath("tools/explain_rule.txt"), one.out);
}

TEST(ExplainCommand, WritesJson) {
  const Finished json = Explain({"--line", "1", "--rule", "never", "--json"});
  EXPECT_EQ(json.code, 0) << json.err;
  ExpectGolden(GoldenPath("tools/explain_json.txt"), json.out);
}

TEST(ExplainCommand, ShowsTheLinesOfModules) {
  const TempDir dir;
  dir.Write("m.moult", "module lib\n// " + std::string(1000, 'x') + "\nfn large(n: int) -> bool = n > 3 && n < 9\n");
  dir.Write("p.moult",
            "policy p\nuse lib\ninput { n: int }\ndecide severest [allow < block] default allow\n"
            "rule r { when lib.large(n) then block }\n");
  const std::string requests = dir.Write("r.jsonl", "{\"n\": 4}\n");
  const Finished text = RunProcess({MOULT_COMMAND, "explain", dir.Path(""), "--input", requests});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("m.moult):\n     3 | fn large(n: int) -> bool = n > 3 && n < 9\n"));
  const Finished json = RunProcess({MOULT_COMMAND, "explain", dir.Path(""), "--input", requests, "--json"});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_THAT(json.out, HasSubstr("m.moult\",\"text\":\"n > 3 && n < 9\",\"line\":3"));
}

TEST(ExplainCommand, SaysWhatRulesDecideAndWhatIsByDefault) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult",
                                       "policy p\ninput { n: int }\ndecide severest [allow < block] default allow\n"
                                       "rule r { when n > 3 then block \"n is {n}\" }\nrule s mode shadow { when n > 1 then block }\n"
                                       "rule t { when n > 2 then tag \"t\" }\n");
  const Finished result =
      RunProcess({MOULT_COMMAND, "explain", policy, "--input", dir.Write("r.jsonl", "{\"n\": 4}\n{\"n\": 3}\n")});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("line 1: block\n\n  rule r: fired, then block \"n is 4\"\n"));
  EXPECT_THAT(result.out, HasSubstr("line 2: allow, by default\n\n  rule s: fired (shadow), then block, would decide block\n"));
  EXPECT_THAT(result.out, HasSubstr("  rule t: fired\n"));
}

TEST(ExplainCommand, AnswersSourcesAsATestDoes) {
  const Finished fits = Explain({"--line", "1", "--with", "signups(\"2\", _) = 100", "--with=signups(_, 5 + 5) = 7"});
  EXPECT_EQ(fits.code, 0) << fits.err;
  EXPECT_THAT(fits.out, HasSubstr("|                   7       \"1\"     false\n"));
  EXPECT_THAT(fits.out, Not(HasSubstr("source failed")));
  const Finished fails = Explain({"--line", "1", "--with", "signups(_, _) fails"});
  EXPECT_EQ(fails.code, 0) << fails.err;
  EXPECT_THAT(fails.out, HasSubstr("source failed"));
  const Finished wrong = Explain({"--with", "signups(_, _) = 1", "--with", "signups(_, _) = \"x\""});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--with:2:22: error: the answer of `signups`"));
  EXPECT_THAT(Explain({"--with", "signup(_, _) = 1"}).err, HasSubstr("did you mean `signups`?"));
  EXPECT_EQ(Explain({"--with", "} \xff"}).code, 2);
  EXPECT_THAT(Explain({"--with", "signups(_, _) = 1\nwith signups(_, _) = 2"}).err, HasSubstr("each --with takes one clause"));
  const Finished list = Explain({"--with", "trusted = {\"a\"}"});
  EXPECT_EQ(list.code, 2);
  EXPECT_THAT(list.err, HasSubstr("--with answers sources"));
}

TEST(ExplainCommand, SaysScores) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult",
                                       "policy p\ninput { n: int }\ndecide score {>= 10: block} default allow\n"
                                       "rule r { when n > 3 then score 12 \"why\" }\n");
  const Finished result = RunProcess({MOULT_COMMAND, "explain", policy, "--input", dir.Write("r.jsonl", "{\"n\": 4}\n{\"n\": 3}\n")});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("rule r: fired, then score 12 \"why\"\n"));
  EXPECT_THAT(result.out, HasSubstr("line 2: allow, score 0\n"));
}

TEST(ExplainCommand, ReportsBadLinesWhereMessagesGo) {
  const Finished text = Explain({"--line", "3"});
  EXPECT_EQ(text.code, 1);
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(text.err, HasSubstr("explain.jsonl:3: error: malformed JSON at column 9"));
  const Finished json = Explain({"--line", "3", "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, HasSubstr("\"code\":\"E-input\",\"line\":3}"));
}

TEST(ExplainCommand, SaysWhatIsWrongWithItsArguments) {
  for (const char* bad : {"0", "-1", "x", "99999999999999999999"}) {
    const Finished number = Explain({std::string("--line=") + bad});
    EXPECT_EQ(number.code, 2);
    EXPECT_THAT(number.err, HasSubstr(std::string("`") + bad + "` is no line's number: lines count from 1"));
  }
  const Finished line = Explain({"--line", "9"});
  EXPECT_EQ(line.code, 2);
  EXPECT_THAT(line.err, HasSubstr("has no line 9"));
  const Finished rule = Explain({"--rule", "nothing"});
  EXPECT_EQ(rule.code, 2);
  EXPECT_THAT(rule.err, HasSubstr("policy `explained` has no rule `nothing`"));
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "explain", kPolicy, "--input", "/nothing"}).code, 4);
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "explain", "/nothing", "--input", kRequests}).code, 3);
}

}  // namespace
}  // namespace moult::tools
