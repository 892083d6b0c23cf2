// Sources: the host is asked once a request, and whatever it does is a rule error at worst.
#include <stdexcept>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

constexpr const char* kPolicy = R"(policy test.p
input { n: int, name: string, country: string? }
enum Level { low, high }
source count(key: string, n: int) -> int
source level(key: string) -> Level
source label(x: double, b: bool) -> string
decide score { >= 1000: block } default allow
rule one { when count(name, n) > 5 then score +1 }
rule two { when count(name, n) > 50 then score +2 }
rule three { when count(name, n + 1) > 50 then score +4 }
rule four { when level(name) == Level.high then score +8 }
rule five { when label(1.5, true) == "yes" then score +16 }
)";

class Sources : public BothEvaluators {
 protected:
  // Publishes kPolicy and decides once.
  Decision Decide(const char* json = R"({"n":60,"name":"k"})") {
    if (!policy_) {
      Publish(*engine_, kPolicy);
      policy_.emplace(FindJson(*engine_));
      context_.emplace(*engine_);
      context_->set_detail(Detail::kFull);
    }
    Decision d;
    const Status status = policy_->Decide(*context_, json, &d);
    EXPECT_TRUE(status.ok()) << status.error().message;
    return d;
  }
  void Bind(const char* name, SourceFunction function) {
    ASSERT_TRUE(engine_->BindSource(name, std::move(function)).ok());
  }
  void BindGood() {
    Bind("count", [this](auto arguments) {
      ++calls_;
      EXPECT_EQ(arguments[0].AsString(), "k");
      return SourceValue::Int(arguments[1].AsInt());
    });
    Bind("level", [](auto) { return SourceValue::Int(1); });
    Bind("label", [](auto arguments) {
      EXPECT_EQ(arguments[0].AsDouble(), 1.5);
      EXPECT_TRUE(arguments[1].AsBool());
      return SourceValue::String("yes");
    });
  }
  std::vector<uint32_t> Failed(const Decision& d) {
    std::vector<uint32_t> rules;
    for (size_t i = 0; i < d.errors().size(); ++i) {
      EXPECT_EQ(d.error_texts()[i].text, "source failed");
      rules.push_back(d.errors()[i].rule);
    }
    return rules;
  }

  int calls_ = 0;
  std::string kept_;
  std::optional<JsonPolicy> policy_;
  std::optional<Context> context_;
};
MOULT_BOTH_EVALUATORS(Sources);

TEST_P(Sources, AreAskedOncePerRequestAndArguments) {
  BindGood();
  EXPECT_EQ(Decide().score(), 31);
  EXPECT_EQ(calls_, 2) << "two different questions in three rules";
  EXPECT_EQ(Decide().score(), 31);
  EXPECT_EQ(calls_, 4) << "the next request asks again";
}

TEST_P(Sources, ThatAreNotBoundFail) {
  Bind("label", [](auto) { return SourceValue::String("no"); });
  const Decision d = Decide();
  EXPECT_EQ(Failed(d), (std::vector<uint32_t>{0, 1, 2, 3}));
}

TEST_P(Sources, ThatThrowFailAndAreNotAskedAgain) {
  BindGood();
  Bind("count", [this](auto) -> std::optional<SourceValue> {
    ++calls_;
    throw std::runtime_error("down");
  });
  const Decision d = Decide();
  EXPECT_EQ(Failed(d), (std::vector<uint32_t>{0, 1, 2}));
  EXPECT_EQ(calls_, 2);
}

TEST_P(Sources, ThatAnswerNothingOrTheWrongTypeFail) {
  Bind("count", [](auto) { return std::nullopt; });
  Bind("level", [](auto) { return SourceValue::Int(2); });
  Bind("label", [](auto) { return SourceValue::Bool(true); });
  EXPECT_EQ(Failed(Decide()), (std::vector<uint32_t>{0, 1, 2, 3, 4}));
}

TEST_P(Sources, CannotUseTheContextThatAsksThem) {
  BindGood();
  std::string inner;
  int64_t inner_score = 0;
  Bind("level", [&](auto) {
    Decision d;
    const Status busy = policy_->Decide(*context_, R"({"n":60,"name":"k"})", &d);
    inner = busy.ok() ? "ok" : busy.error().code;
    Context own(*engine_);
    if (inner_score == 0) {
      inner_score = -1;  // the nested request asks this source too
      EXPECT_TRUE(policy_->Decide(own, R"({"n":60,"name":"k"})", &d).ok());
      inner_score = d.score();
    }
    return SourceValue::Int(1);
  });
  EXPECT_EQ(Decide().score(), 31);
  EXPECT_EQ(inner, "E-context-busy");
  EXPECT_EQ(inner_score, 31) << "a Context of its own is fine";
}

TEST_P(Sources, MayPublishAndTheRequestFinishesOnItsVersion) {
  BindGood();
  Bind("level", [&](auto) {
    Publish(*engine_, Scoring(999));
    EXPECT_TRUE(Engine::Collect());
    return SourceValue::Int(1);
  });
  const Decision first = Decide();
  EXPECT_EQ(first.score(), 31);
  EXPECT_EQ(first.version(), 1u);
  EXPECT_EQ(Decide().score(), 999);
}

TEST_P(Sources, ReplacedOnesServeFromTheNextPublish) {
  BindGood();
  EXPECT_EQ(Decide().score(), 31);
  Bind("count", [](auto) { return SourceValue::Int(0); });
  EXPECT_EQ(Decide().score(), 31);
  Publish(*engine_, kPolicy);
  EXPECT_EQ(Decide().score(), 24);
  EXPECT_FALSE(engine_->BindSource("", [](auto) { return SourceValue::Int(0); }).ok());
  EXPECT_FALSE(engine_->BindSource("count", nullptr).ok());
}

TEST_P(Sources, ManyQuestionsAreRememberedApart) {
  const std::string policy = R"(policy test.p
input { n: int, name: string, country: string? }
source twice(text: string) -> string
decide score { >= 1000: block } default allow
rule all { when name.split(",").all(x, twice(x) == x + x && twice(x) == x + x) then score +1 }
)";
  Bind("twice", [this](auto arguments) {
    ++calls_;
    kept_ = std::string(arguments[0].AsString());
    kept_ += kept_;
    return SourceValue::String(kept_);  // the next call overwrites it: the answer must have been copied
  });
  Publish(*engine_, policy);
  const JsonPolicy p = FindJson(*engine_);
  Context context(*engine_);
  std::string names = "0";
  for (int i = 1; i < 1000; ++i) names += "," + std::to_string(i % 700);
  Decision d;
  ASSERT_TRUE(p.Decide(context, R"({"n":0,"name":")" + names + "\"}", &d).ok());
  EXPECT_EQ(ToText(d), "verdict 0 score 1 fired 0 shadow ");
  EXPECT_EQ(calls_, 700);
}

}  // namespace
}  // namespace moult::test
