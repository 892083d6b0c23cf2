// What rules come to under each mode of `decide`: the interpreter, and the tally behind it. Generated code is held to the same by
// tests/codegen/.
#include "lang/decide.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lang/bind.h"
#include "lang/interpret.h"
#include "tests/support/evaluation.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

using test::Evaluation;
using test::IrBuilder;

struct RuleCase {
  char when;  // t, f, or e for an error
  RuleMode mode = RuleMode::kLive;
  uint32_t verdict = 0;
  int64_t score = 0;
};

std::string Interpreted(DecideMode mode, uint32_t default_verdict, const std::vector<RuleCase>& rules) {
  IrBuilder b;
  const NodeId error = b.Gt(b.Divide(b.Int(1), b.Int(0)), b.Int(0));
  b.program().decide.mode = mode;
  if (mode == DecideMode::kForbidOverrides) b.program().decide.verdicts = {"permit", "forbid"};
  b.program().decide.default_verdict = default_verdict;
  if (mode == DecideMode::kScore) b.program().decide.thresholds = {{10, IrBuilder::kReview}, {20, IrBuilder::kBlock}};
  for (const RuleCase& c : rules) {
    Rule& rule = b.AddRule("r", c.when == 'e' ? error : b.Bool(c.when == 't'));
    rule.mode = c.mode;
    rule.has_verdict = mode != DecideMode::kScore;
    rule.verdict = c.verdict;
    rule.score = c.score;
    rule.fires_on_error = FiresOnError(b.program().decide, rule);
  }
  const Program program = b.Build();
  Evaluation evaluation(program);
  const LayoutRef layout = NativeLayout(program.types, program.input);
  Outcome outcome = Interpret(program, evaluation.Input(*layout, nullptr));
  for (RuleError& e : outcome.errors) e.error.site = 0;
  return test::ToText(outcome);
}

TEST(DecideTest, TheSeverestVerdictWins) {
  constexpr auto kSeverest = DecideMode::kSeverest;
  EXPECT_EQ(Interpreted(kSeverest, 1, {}), "verdict 1 score 0 fired - shadow - errors -");
  EXPECT_EQ(Interpreted(kSeverest, 0, {{'t', {}, 1}, {'t', {}, 2}, {'t', {}, 0}, {'f', {}, 2}}),
            "verdict 2 score 0 fired 0 1 2 shadow - errors -");
  EXPECT_EQ(Interpreted(kSeverest, 1, {{'t', {}, 0}}), "verdict 0 score 0 fired 0 shadow - errors -")
      << "less severe than the default";
  EXPECT_EQ(Interpreted(kSeverest, 0, {{'t', RuleMode::kShadow, 2}, {'t', RuleMode::kOff, 2}, {'e', RuleMode::kOff, 2}}),
            "verdict 0 score 0 fired - shadow 0 errors -");
}

TEST(DecideTest, AnErringRuleFiresInTheSafeDirection) {
  constexpr auto kSeverest = DecideMode::kSeverest;
  EXPECT_EQ(
      Interpreted(kSeverest, 1, {{'e', {}, 2}, {'e', {}, 1}, {'e', {}, 0}}),
      "verdict 2 score 0 fired 0 1 shadow - errors 0:division by zero@0, 1:division by zero@0, 2:division by zero@0");
  EXPECT_EQ(Interpreted(kSeverest, 0, {{'e', RuleMode::kShadow, 2}}),
            "verdict 0 score 0 fired - shadow 0 errors 0:division by zero@0");
  EXPECT_EQ(Interpreted(DecideMode::kScore, 0, {{'e', {}, 0, 15}, {'e', {}, 0, -15}}),
            "verdict 1 score 15 fired 0 shadow - errors 0:division by zero@0, 1:division by zero@0");
}

TEST(DecideTest, ScoresAddUpToTheLastThresholdReached) {
  constexpr auto kScore = DecideMode::kScore;
  EXPECT_EQ(Interpreted(kScore, 0, {{'t', {}, 0, 9}}), "verdict 0 score 9 fired 0 shadow - errors -");
  EXPECT_EQ(Interpreted(kScore, 0, {{'t', {}, 0, 30}, {'t', {}, 0, -11}}), "verdict 1 score 19 fired 0 1 shadow - errors -");
  EXPECT_EQ(Interpreted(kScore, 0, {{'t', {}, 0, 20}, {'t', RuleMode::kShadow, 0, -20}}),
            "verdict 2 score 20 fired 0 shadow 1 errors -");
  EXPECT_EQ(Interpreted(kScore, 0, {{'t', {}, 0, kMaxScore}, {'t', {}, 0, kMaxScore}}),
            "verdict 2 score 2000000000 fired 0 1 shadow - errors -");
}

TEST(DecideTest, TheFirstMatchDecidesAndEndsTheSearchOfLiveRules) {
  constexpr auto kFirst = DecideMode::kFirstMatch;
  EXPECT_EQ(Interpreted(kFirst, 2, {}), "verdict 2 score 0 fired - shadow - errors -");
  EXPECT_EQ(Interpreted(kFirst, 0, {{'f', {}, 2}, {'t', {}, 1}, {'t', {}, 2}, {'e', {}, 2}}),
            "verdict 1 score 0 fired 1 shadow - errors -")
      << "the last rule is not evaluated, so it cannot err";
  EXPECT_EQ(Interpreted(kFirst, 0, {{'e', {}, 1}, {'t', {}, 2}}), "verdict 2 score 0 fired 1 shadow - errors 0:division by zero@0")
      << "skipped unless it says on_error fire";
}

TEST(DecideTest, ShadowRulesNeverEndASearchAndAreAllEvaluated) {
  constexpr auto kShadow = RuleMode::kShadow;
  EXPECT_EQ(Interpreted(DecideMode::kFirstMatch, 0,
                        {{'t', kShadow, 2}, {'t', {}, 1}, {'t', kShadow, 2}, {'t', {}, 2}, {'e', kShadow, 2}, {'t', kShadow, 0}}),
            "verdict 1 score 0 fired 1 shadow 0 2 5 errors 4:division by zero@0");
  EXPECT_EQ(Interpreted(DecideMode::kForbidOverrides, 0, {{'t', {}, 0}, {'t', kShadow, 1}}),
            "verdict 0 score 0 fired 0 shadow 1 errors -");
}

TEST(DecideTest, OneForbidBeatsAllPermits) {
  constexpr auto kForbidOverrides = DecideMode::kForbidOverrides;
  EXPECT_EQ(Interpreted(kForbidOverrides, kForbid, {}), "verdict 1 score 0 fired - shadow - errors -");
  EXPECT_EQ(Interpreted(kForbidOverrides, kForbid, {{'t', {}, 0}, {'t', {}, 0}}), "verdict 0 score 0 fired 0 1 shadow - errors -");
  EXPECT_EQ(Interpreted(kForbidOverrides, 0, {{'t', {}, 0}, {'t', {}, 1}, {'t', {}, 0}}),
            "verdict 1 score 0 fired 0 1 2 shadow - errors -");
  EXPECT_EQ(Interpreted(kForbidOverrides, kForbid, {{'e', {}, 0}, {'e', {}, 1}}),
            "verdict 1 score 0 fired 1 shadow - errors 0:division by zero@0, 1:division by zero@0")
      << "an erring forbid fires, an erring permit does not";
}

// -- what a shadow rule would have decided

Rule WithVerdict(uint32_t verdict) {
  Rule rule;
  rule.has_verdict = true;
  rule.verdict = verdict;
  return rule;
}

TEST(TallyTest, AShadowRuleRaisesTheSeverestVerdictOrLowersTheDefault) {
  const Decide decide{DecideMode::kSeverest, {"allow", "review", "block"}, 1, {}};
  Tally tally(decide);
  EXPECT_EQ(tally.VerdictWith(0, WithVerdict(0)), 0u) << "no other rule fired";
  tally.Fire(1, WithVerdict(1));
  EXPECT_EQ(tally.VerdictWith(0, WithVerdict(0)), 1u);
  EXPECT_EQ(tally.VerdictWith(2, WithVerdict(2)), 2u);
  EXPECT_EQ(tally.VerdictWith(2, Rule()), 1u) << "a rule without a verdict decides nothing";
  EXPECT_EQ(tally.Verdict(), 1u);
}

TEST(TallyTest, AShadowRuleBeforeTheFirstMatchWouldHaveDecided) {
  const Decide decide{DecideMode::kFirstMatch, {"allow", "review", "block"}, 0, {}};
  Tally tally(decide);
  EXPECT_FALSE(tally.closed());
  EXPECT_EQ(tally.VerdictWith(9, WithVerdict(2)), 2u);
  tally.Fire(3, Rule());
  EXPECT_FALSE(tally.closed()) << "a rule without a verdict does not end the search";
  tally.Fire(5, WithVerdict(1));
  EXPECT_TRUE(tally.closed());
  EXPECT_EQ(tally.VerdictWith(4, WithVerdict(2)), 2u);
  EXPECT_EQ(tally.VerdictWith(6, WithVerdict(2)), 1u);
}

TEST(TallyTest, AShadowRuleAddsItsScore) {
  const Decide decide{DecideMode::kScore, {"allow", "review", "block"}, 0, {{10, 1}, {20, 2}}};
  Tally tally(decide);
  Rule rule;
  rule.score = 12;
  tally.Fire(0, rule);
  EXPECT_EQ(tally.Verdict(), 1u);
  EXPECT_EQ(tally.VerdictWith(1, rule), 2u);
  rule.score = -5;
  EXPECT_EQ(tally.VerdictWith(1, rule), 0u);
}

TEST(DecideModeTest, TextsAndModesCorrespond) {
  for (const DecideMode mode : {DecideMode::kSeverest, DecideMode::kScore, DecideMode::kFirstMatch, DecideMode::kForbidOverrides}) {
    EXPECT_EQ(FindDecideMode(DecideModeText(mode)), mode);
  }
  EXPECT_EQ(FindDecideMode("first"), std::nullopt);
}

}  // namespace
}  // namespace moult::lang
