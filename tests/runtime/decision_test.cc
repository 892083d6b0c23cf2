// Decision as a value: it outlives contexts and versions, and copies share what they own.
#include "moult/decision.h"

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

constexpr const char* kPolicy = R"(policy test.p
input { n: int, name: string, country: string? }
decide severest [allow < review < block] default allow
rule odd { when n % 2 == 1 then review "odd {n} of {name} in {country}", tag "parity", tag "odd" }
rule divides { when 100 / n > 50 then block "large" }
rule quiet { when true then tag "seen" }
rule watched mode shadow { when n > 0 then block "would block {name}" }
)";

using DecisionTest = BothEvaluators;
MOULT_BOTH_EVALUATORS(DecisionTest);

TEST_P(DecisionTest, HasTheWordsWhenAskedForThem) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":1,"name":"ann"})", &d).ok());
  EXPECT_EQ(ToText(d), "verdict 2 score 0 fired 0,1,2 shadow 3");
  context.set_detail(Detail::kFull);
  ASSERT_TRUE(policy.Decide(context, R"({"n":1,"name":"ann"})", &d).ok());
  EXPECT_EQ(ToText(d),
            "verdict 2 score 0 fired 0,1,2 shadow 3 [block]\n"
            "odd: \"odd 1 of ann in <missing>\" parity,odd\n"
            "divides: \"large\" \n"
            "quiet: \"\" seen\n"
            "shadow watched: \"would block ann\" ");
  context.set_detail(Detail::kIds);
  ASSERT_TRUE(policy.Decide(context, R"({"n":2,"name":"ann"})", &d).ok());
  EXPECT_EQ(ToText(d), "verdict 0 score 0 fired 2 shadow 3");
}

TEST_P(DecisionTest, ReportsErrorsWithTheirPlace) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":0,"name":"ann"})", &d).ok());
  ASSERT_EQ(d.errors().size(), 1u);
  ASSERT_EQ(d.error_texts().size(), 1u);
  const ErrorText& e = d.error_texts()[0];
  EXPECT_EQ(e.rule, "divides");
  EXPECT_EQ(e.text, "division by zero");
  EXPECT_EQ(e.file, "p.moult");
  EXPECT_EQ(e.line, 5u);
  EXPECT_EQ(d.verdict_name(), "block") << "the rule's verdict is above the default: it errs towards it";
}

TEST_P(DecisionTest, OwnsItsWordsAfterOwn) {
  Decision copy;
  {
    Publish(*engine_, kPolicy);
    const JsonPolicy policy = FindJson(*engine_);
    auto context = std::make_unique<Context>(*engine_);
    context->set_detail(Detail::kFull);
    Decision d;
    ASSERT_TRUE(policy.Decide(*context, R"({"n":1,"name":"ann"})", &d).ok());
    const std::string before = ToText(d);
    d.Own();
    d.Own();
    EXPECT_EQ(ToText(d), before);
    copy = d;
    Decision other;
    ASSERT_TRUE(policy.Decide(*context, R"({"n":3,"name":"bob"})", &other).ok());
    ASSERT_TRUE(policy.Decide(*context, R"({"n":3,"name":"bob"})", &d).ok());
    context.reset();
    EXPECT_EQ(ToText(copy), before);
  }
  engine_.reset();
  EXPECT_EQ(copy.rules()[0].reason, "odd 1 of ann in <missing>");
  EXPECT_EQ(copy.rules()[0].tags[1], "odd");
}

TEST(DecisionValue, OwnOfAnEmptyDecisionIsHarmless) {
  Decision d;
  d.Own();
  EXPECT_TRUE(d.verdict_name().empty());
  EXPECT_TRUE(d.rules().empty());
}

// A request that fills the evaluation's memory errs; what the policy itself says is never lost to it.
TEST_P(DecisionTest, KeepsItsWordsWhenTheArenaIsFull) {
  engine_ = MakeEngine({.evaluator = GetParam(), .arena_bytes = 4096});
  Publish(*engine_, R"(policy test.p
input { text: string }
decide severest [allow < review < block] default allow
rule constant { when size(text) > 5 then review "long", tag "size" }
rule doubled { when (text + text).startsWith("a") then block "begins {text.substring(0, 1)}", tag "twice" }
)");
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  bool erred = false;
  for (size_t size = 1500; size < 2200; ++size) {
    Decision d;
    ASSERT_TRUE(policy.Decide(context, "{\"text\":\"" + std::string(size, 'a') + "\"}", &d).ok());
    erred = erred || !d.errors().empty();
    EXPECT_EQ(d.verdict_name(), "block") << "it fires, or errs and then fires too";
    ASSERT_EQ(d.rules().size(), 2u);
    EXPECT_EQ(d.rules()[0].name, "constant");
    EXPECT_TRUE(d.rules()[0].reason == "long" || d.rules()[0].reason == "<error>") << d.rules()[0].reason;
    EXPECT_EQ(d.rules()[0].tags[0], "size");
    EXPECT_EQ(d.rules()[1].name, "doubled");
    EXPECT_TRUE(d.rules()[1].reason == "begins a" || d.rules()[1].reason.ends_with("<error>")) << d.rules()[1].reason;
    EXPECT_EQ(d.rules()[1].tags[0], "twice");
    for (const ErrorText& error : d.error_texts()) {
      EXPECT_EQ(error.rule, "doubled");
      EXPECT_EQ(error.line, 5u);
      EXPECT_FALSE(error.file.empty());
    }
  }
  EXPECT_TRUE(erred) << "else nothing was full";
}

}  // namespace
}  // namespace moult::test
