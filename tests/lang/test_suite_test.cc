// What the checker makes of the tests in a policy's file.
#include "lang/test_suite.h"

#include <gtest/gtest.h>

#include "lang/compile.h"

namespace moult::lang {
namespace {

constexpr const char* kPolicy = R"(policy p
input { age: int, nick: string? }
decide severest [allow < block] default allow
list trusted: set<string> from "trusted.txt"
source signups(ip: string, minutes: int) -> int
rule young { when age < 7 then block }
rule watched mode shadow { when signups("x", 1) > 3 && !(nick ?? "" in trusted) then block }
)";

Compiled MustCompile(const std::string& tests) {
  Result<Compiled> compiled = Compile({"p.moult", kPolicy + tests});
  if (!compiled) ADD_FAILURE() << Render(compiled.error());
  return compiled ? std::move(*compiled) : Compiled{};
}

TEST(TestSuite, LeavesNoTraceInTheProgram) {
  const Compiled without = MustCompile("");
  const Compiled with = MustCompile(R"(test "t" { given { age: 3 + 4 } with trusted = {"a"} expect allow })");
  EXPECT_TRUE(without.tests.cases.empty());
  EXPECT_EQ(with.tests.cases.size(), 1u);
  EXPECT_EQ(Print(without.program), Print(with.program));
}

TEST(TestSuite, HasACaseForEachRow) {
  const Compiled compiled = MustCompile(R"(
test "by age" for (a: int, v: string) in [(6, "x") expect block because young, (7,
   "y") expect allow] { given { age: a, nick: v } expect not because young }
test "plain" { given { age: 1 } expect block }
)");
  const std::vector<TestCase>& cases = compiled.tests.cases;
  ASSERT_EQ(cases.size(), 3u);
  EXPECT_EQ(cases[0].name, "by age (6, \"x\")");
  EXPECT_EQ(cases[1].name, "by age (7, \"y\")");
  EXPECT_EQ(cases[2].name, "plain");
  ASSERT_EQ(cases[0].expectations.size(), 3u) << "those of the test, then those of the row";
  EXPECT_EQ(cases[0].expectations[0].kind, ExpectDecl::Kind::kNotBecause);
  EXPECT_EQ(cases[0].expectations[1].kind, ExpectDecl::Kind::kVerdict);
  EXPECT_EQ(cases[0].expectations[1].verdict, 1u);
  EXPECT_EQ(cases[0].expectations[2].rules, std::vector<uint32_t>{0});
  EXPECT_EQ(cases[2].given.fields, std::vector<uint32_t>{0}) << "what may be missing was left out";
}

TEST(TestSuite, KeepsDataAndAnswers) {
  const Compiled compiled = MustCompile(R"(
test "t" { given { age: 1 } with trusted = {"a"} with signups(_, 10) = 3 with signups("x", _) fails expect block }
)");
  const TestCase& test = compiled.tests.cases.at(0);
  ASSERT_EQ(test.lists.size(), 1u);
  ASSERT_EQ(test.answers.size(), 2u);
  EXPECT_FALSE(test.answers[0].arguments[0].valid());
  EXPECT_TRUE(test.answers[0].arguments[1].valid());
  EXPECT_TRUE(test.answers[0].value.valid());
  EXPECT_FALSE(test.answers[1].value.valid());
}

}  // namespace
}  // namespace moult::lang
