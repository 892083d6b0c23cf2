// Effects, what shadow rules would have decided, and counts of errors, by both evaluators.
#include <cmath>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

constexpr const char* kPolicy = R"(policy test.p
input { n: int, name: string, country: string? }
enum Level { low, high }
decide first_match [allow, review, block] default allow
rule early mode shadow { when n > 5 then block, emit never(n) }
rule odd on_error skip { when n % 2 == 1 then review, emit watch(name + "!", 100 / (n - 1), n > 2, 0.5, Level.high), emit count() }
rule late mode shadow { when n > 0 then block }
rule errs on_error fire { when 10 / n > 5 then block, emit count() }
)";

using EffectTest = BothEvaluators;
MOULT_BOTH_EVALUATORS(EffectTest);

std::string ToText(const HostValue& value) {
  switch (value.kind()) {
    case HostValue::Kind::kBool: return value.AsBool() ? "true" : "false";
    case HostValue::Kind::kInt: return std::to_string(value.AsInt());
    case HostValue::Kind::kDouble: return std::to_string(value.AsDouble());
    case HostValue::Kind::kString: return "'" + std::string(value.AsString()) + "'";
    case HostValue::Kind::kBytes: return "b'" + std::string(value.Viewed()) + "'";
    case HostValue::Kind::kTimestamp: return std::to_string(value.AsTime().seconds) + "+" + std::to_string(value.AsTime().nanos);
    case HostValue::Kind::kDuration: return std::to_string(value.AsDuration().count()) + "ns";
    case HostValue::Kind::kIp: return value.AsAddress().ToString();
    case HostValue::Kind::kCidr: return value.AsRange().ToString();
  }
  return "?";
}

std::string EffectsOf(const Decision& d) {
  std::string text;
  for (const Effect& effect : d.effects()) {
    text += (text.empty() ? "" : " ") + std::to_string(effect.error.rule) + ":" + std::string(effect.name) + "(";
    for (const HostValue& argument : effect.arguments) text += ToText(argument) + ",";
    text += ")";
    if (!effect.ok()) text += "error";
  }
  return text;
}

TEST_P(EffectTest, CarryTheirArgumentsAtEveryDetail) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  Decision d;
  for (const Detail detail : {Detail::kIds, Detail::kFull}) {
    context.set_detail(detail);
    ASSERT_TRUE(policy.Decide(context, R"({"n":3,"name":"ann"})", &d).ok());
    EXPECT_EQ(EffectsOf(d), "1:watch('ann!',50,true,0.500000,'high',) 1:count()");
    ASSERT_TRUE(policy.Decide(context, R"({"n":-2,"name":"ann"})", &d).ok());
    EXPECT_EQ(EffectsOf(d), "") << "no rule fired";
  }
}

TEST_P(EffectTest, AnArgumentThatErrsNeverUndoesTheVerdict) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":1,"name":"ann"})", &d).ok());
  EXPECT_EQ(d.verdict_name(), "review");
  EXPECT_EQ(EffectsOf(d), "1:watch()error 1:count()");
  EXPECT_TRUE(d.errors().empty()) << "the rule itself did not err";
  EXPECT_EQ(d.effects()[0].error_text.text, "division by zero");
  EXPECT_EQ(d.effects()[0].error_text.rule, "odd");
  EXPECT_EQ(d.effects()[0].error_text.line, 6u);
}

TEST_P(EffectTest, OutliveTheContextAfterOwn) {
  Decision d;
  {
    Publish(*engine_, kPolicy);
    const JsonPolicy policy = FindJson(*engine_);
    auto context = std::make_unique<Context>(*engine_);
    ASSERT_TRUE(policy.Decide(*context, R"({"n":3,"name":"ann"})", &d).ok());
    d.Own();
    Decision other;
    ASSERT_TRUE(policy.Decide(*context, R"({"n":7,"name":"somebody else"})", &other).ok());
  }
  engine_.reset();
  EXPECT_EQ(EffectsOf(d), "1:watch('ann!',50,true,0.500000,'high',) 1:count()");
}

TEST_P(EffectTest, ShadowRulesSayWhatTheyWouldHaveDecided) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":7,"name":"ann"})", &d).ok());
  EXPECT_EQ(d.verdict_name(), "review");
  ASSERT_EQ(d.shadow_rules().size(), 2u) << "evaluated though a live rule had decided";
  EXPECT_EQ(d.shadow_rules()[0].would_decide, "block") << "it comes before the first match";
  EXPECT_EQ(d.shadow_rules()[1].would_decide, "review") << "it comes after the first match";
  EXPECT_EQ(d.rules()[0].would_decide, "");
}

TEST_P(EffectTest, ErrorsAreCountedByRule) {
  Publish(*engine_, kPolicy);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  Decision d;
  EXPECT_TRUE(engine_->ErringRules().empty());
  for (int k = 0; k < 3; ++k) ASSERT_TRUE(policy.Decide(context, R"({"n":0,"name":"ann"})", &d).ok());
  EXPECT_EQ(EffectsOf(d), "3:count()") << "it fires, for it says so";
  const std::vector<RuleErrors> erring = engine_->ErringRules();
  ASSERT_EQ(erring.size(), 1u);
  EXPECT_EQ(erring[0].policy, "test.p");
  EXPECT_EQ(erring[0].rule, "errs");
  EXPECT_EQ(erring[0].errors, 3u);
  Publish(*engine_, kPolicy);
  EXPECT_EQ(engine_->ErringRules().size(), 1u) << "the text is the same";
  Publish(*engine_, std::string(kPolicy) + "\n");
  EXPECT_TRUE(engine_->ErringRules().empty());
}

TEST_P(EffectTest, CarryEveryScalar) {
  Publish(*engine_, R"(policy test.p
input { n: int, name: string, country: string? }
decide severest [allow < block] default allow
rule one {
  when n > 0
  then block, emit e(bytes(name), timestamp(n) + duration("1ns"), duration(string(n) + "s"), ip("10.0.0." + string(n)), cidr("10.0.0.0/" + string(n)))
}
)");
  const JsonPolicy policy = FindJson(*engine_);
  Decision d;
  {
    Context context(*engine_);
    ASSERT_TRUE(policy.Decide(context, R"({"n":8,"name":"ann"})", &d).ok());
    d.Own();
  }
  EXPECT_EQ(EffectsOf(d), "0:e(b'ann',8+1,8000000000ns,10.0.0.8,10.0.0.0/8,)");
}

// Reasons and effects go on with the fuel that the decision left, and with the lets that it has computed.
TEST_P(EffectTest, WordsTakeFromTheFuelOfTheDecision) {
  engine_ = MakeEngine({.evaluator = GetParam(), .fuel = 12});
  Publish(*engine_, R"(policy test.p
input { n: int, name: string, country: string? }
decide severest [allow < block] default allow
let found = [1, 2, n].exists(x, x == 4)
rule one { when found || [1, 2, 3, 4].all(x, x > 0) then block "{found} {[n].all(x, x > 0)} {[1, 2, 3, n].all(x, x > 0)}", emit e([n].all(x, x > 0)) }
)");
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":3,"name":"ann"})", &d).ok());
  // 3 and 4 for the condition, 1 for the effect, 1 for the reason's first macro: the three left are one short for its second.
  EXPECT_EQ(d.rules()[0].reason, "false true <error>");
  EXPECT_EQ(EffectsOf(d), "0:e(true,)");
}

}  // namespace
}  // namespace moult::test
