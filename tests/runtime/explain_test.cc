// Explain gives the decision of Decide, and what every expression came to.
#include "moult/explanation.h"

#include <gtest/gtest.h>

#include "moult/engine.h"

namespace moult {
namespace {

using State = ExplainedExpression::State;

constexpr const char* kPolicy = R"(policy p
input { a: int, b: int, links: list<string>, nick: string? }
decide severest [allow < review < block] default allow
const LIMIT = 3 + 4
list trusted: set<string> from "trusted.txt"
source asked(n: int) -> int
fn large(n: int) -> bool = n > LIMIT
let offsite = links.exists(l, !(l in trusted))
rule divides { when 10 / a > 1 || b > 5 then block }
rule skipped { when a > 5 && offsite then review }
rule has_nick { when has(nick) && nick == "ada" unless large(b) then review }
rule asks mode shadow { when asked(a) > 1 then block }
rule off mode off { when true then block }
)";

class ExplainTest : public testing::Test {
 protected:
  void SetUp() override {
    engine_ = std::move(Engine::Create({})).value();
    ASSERT_TRUE(engine_->BindSource("asked", [](auto) { return SourceValue::Int(7); }).ok());
    Bundle bundle = Bundle::FromText("p.moult", kPolicy);
    bundle.AddData("trusted.txt", "a\n");
    const Result<VersionInfo> version = engine_->Publish(bundle);
    ASSERT_TRUE(version) << Render(version.error());
  }

  void Run(std::string_view json) {
    const JsonPolicy policy = engine_->FindJson("p").value();
    Context context(*engine_);
    context.set_detail(Detail::kFull);
    Decision expected;
    ASSERT_TRUE(policy.Decide(context, json, &expected).ok());
    expected.Own();
    ASSERT_TRUE(policy.Explain(context, json, &decision_, &why_).ok());
    EXPECT_EQ(decision_.verdict_name(), expected.verdict_name());
    EXPECT_EQ(decision_.fired().size(), expected.fired().size());
    EXPECT_EQ(decision_.shadow_fired().size(), expected.shadow_fired().size());
    EXPECT_EQ(decision_.errors().size(), expected.errors().size());
    decision_.Own();
  }

  static std::string_view TextOf(const ExplainedExpression& e) {
    return std::string_view(kPolicy).substr(e.begin, e.end - e.begin);
  }
  // The first expression of that text.
  const ExplainedExpression& Find(std::string_view text) const {
    static const ExplainedExpression none;
    for (const ExplainedExpression& e : why_.expressions) {
      if (TextOf(e) == text) return e;
    }
    ADD_FAILURE() << "no " << text;
    return none;
  }
  const ExplainedRule& Rule(std::string_view name) const {
    for (const ExplainedRule& rule : why_.rules) {
      if (rule.name == name) return rule;
    }
    return why_.rules.at(99);
  }
  std::string Value(std::string_view text) const {
    const ExplainedExpression& e = Find(text);
    return e.state == State::kNotEvaluated ? "not evaluated" : e.value;
  }

  std::unique_ptr<Engine> engine_;
  Decision decision_;
  Explanation why_;
};

TEST_F(ExplainTest, SaysWhatEveryExpressionCameTo) {
  Run(R"({"a": 2, "b": 9, "links": ["a", "b", "c"], "nick": "ada"})");
  EXPECT_EQ(Value("10 / a"), "5");
  EXPECT_EQ(Value("10 / a > 1"), "true");
  EXPECT_EQ(Value("b > 5"), "not evaluated");
  EXPECT_EQ(Value("a > 5"), "false");
  EXPECT_EQ(Value("offsite"), "not evaluated");
  EXPECT_EQ(Value("nick"), "\"ada\"");
  EXPECT_EQ(Value("large(b)"), "true");
  EXPECT_EQ(Value("LIMIT"), "7");
  EXPECT_EQ(Find("LIMIT").type, "int");
  EXPECT_FALSE(Find("LIMIT").literal);
  EXPECT_TRUE(Find("10").literal);
  EXPECT_TRUE(Rule("divides").fired);
  EXPECT_FALSE(Rule("has_nick").fired) << "unless";
  EXPECT_TRUE(Rule("asks").fired);
  EXPECT_FALSE(Rule("asks").live);
  EXPECT_TRUE(Rule("off").off);
  EXPECT_FALSE(Rule("off").evaluated);
  EXPECT_EQ(TextOf(why_.expressions[Rule("has_nick").unless]), "large(b)");
}

TEST_F(ExplainTest, PartsLeadIntoFunctionsAndLets) {
  Run(R"({"a": 6, "b": 1, "links": ["a", "b", "c"]})");
  const ExplainedExpression& call = Find("large(b)");
  EXPECT_EQ(call.state, State::kNotEvaluated) << "there is no nick";
  ASSERT_EQ(call.parts.size(), 2u);
  EXPECT_EQ(TextOf(why_.expressions[call.parts[0]]), "b");
  EXPECT_EQ(TextOf(why_.expressions[call.parts[1]]), "n > LIMIT");

  const ExplainedExpression& let = Find("offsite");
  EXPECT_EQ(let.value, "true");
  ASSERT_EQ(let.parts.size(), 1u);
  EXPECT_EQ(TextOf(why_.expressions[let.parts[0]]), "links.exists(l, !(l in trusted))");
  const ExplainedExpression& body = Find("!(l in trusted)");
  EXPECT_EQ(body.value, "true") << "of the element that decided";
  EXPECT_EQ(body.evaluations, 2u);
  EXPECT_TRUE(body.seen_false);
  EXPECT_EQ(Value("l"), "\"b\"");
}

TEST_F(ExplainTest, TellsAnAbsorbedErrorFromOneThatDecided) {
  Run(R"({"a": 0, "b": 9, "links": []})");
  const ExplainedExpression& absorbed = Find("10 / a > 1");
  EXPECT_EQ(absorbed.state, State::kError);
  EXPECT_EQ(absorbed.value, "division by zero");
  EXPECT_TRUE(absorbed.absorbed);
  EXPECT_EQ(Rule("divides").error, "");
  EXPECT_TRUE(Rule("divides").fired);

  Run(R"({"a": 0, "b": 1, "links": []})");
  EXPECT_FALSE(Find("10 / a > 1").absorbed);
  EXPECT_EQ(Rule("divides").error, "division by zero");
  EXPECT_TRUE(Rule("divides").fired) << "on error";
}

TEST_F(ExplainTest, KnowsTheConditions) {
  Run(R"({"a": 1, "b": 1, "links": []})");
  for (const char* text : {"10 / a > 1", "b > 5", "a > 5", "offsite", "has(nick)", "nick == \"ada\"", "large(b)", "asked(a) > 1"}) {
    EXPECT_TRUE(Find(text).condition) << text;
  }
  for (const char* text : {"10 / a > 1 || b > 5", "10 / a", "a > 5 && offsite", "links.exists(l, !(l in trusted))", "n > LIMIT"}) {
    EXPECT_FALSE(Find(text).condition) << text;
  }
}

TEST_F(ExplainTest, FollowsAPublish) {
  Run(R"({"a": 1, "b": 1, "links": []})");
  ASSERT_TRUE(engine_->Publish(Bundle::FromText("p.moult", "policy p\ninput { a: int }\n"
                                                           "decide severest [allow < block] default allow\n"
                                                           "rule only { when a > 3 then block }\n")));
  const JsonPolicy policy = engine_->FindJson("p").value();
  Context context(*engine_);
  ASSERT_TRUE(policy.Explain(context, R"({"a": 4})", &decision_, &why_).ok());
  ASSERT_EQ(why_.rules.size(), 1u);
  EXPECT_TRUE(why_.rules[0].fired);
  const Status bad = policy.Explain(context, "{", &decision_, &why_);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, "E-input");
}

}  // namespace
}  // namespace moult
