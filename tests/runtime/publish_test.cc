// Publishing: what becomes current, what is refused, what is shared.
#include <atomic>
#include <thread>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

int64_t Score(const JsonPolicy& policy, Context& context) {
  Decision d;
  const Status status = policy.Decide(context, R"({"n":1,"name":"a"})", &d);
  EXPECT_TRUE(status.ok()) << status.error().message;
  return d.score();
}

using Publishing = BothEvaluators;
MOULT_BOTH_EVALUATORS(Publishing);

TEST_P(Publishing, ReplacesTheVersionAndNumbersIt) {
  EXPECT_FALSE(engine_->Info().has_value());
  EXPECT_FALSE(static_cast<bool>(engine_->Pin()));
  const VersionInfo first = Publish(*engine_, Scoring(1));
  EXPECT_EQ(first.number, 1u);
  ASSERT_EQ(first.policies.size(), 1u);
  EXPECT_EQ(first.policies[0].name, "test.p");
  EXPECT_EQ(first.policies[0].rules, 1u);
  EXPECT_TRUE(first.policies[0].changed);
  EXPECT_EQ(first.policies[0].verdicts, (std::vector<std::string>{"allow", "block"}));
  const JsonPolicy policy = FindJson(*engine_);
  EXPECT_EQ(engine_->Info()->number, 1u) << "what nobody had bound was compiled for JSON";
  Context context(*engine_);
  EXPECT_EQ(Score(policy, context), 1);
  EXPECT_EQ(Publish(*engine_, Scoring(2)).number, 2u);
  EXPECT_EQ(Score(policy, context), 2);
  EXPECT_EQ(engine_->Info()->number, 2u);
}

TEST_P(Publishing, AFailedPublishChangesNothing) {
  Publish(*engine_, Scoring(1));
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  Result<VersionInfo> broken = TryPublish(*engine_, std::string(kHeader) + "rule r { when nme == 1 then score +1 }\n");
  ASSERT_FALSE(broken.ok());
  ASSERT_FALSE(broken.error().empty());
  EXPECT_EQ(broken.error()[0].file, "p.moult");
  EXPECT_EQ(broken.error()[0].line, 4u);
  EXPECT_EQ(Score(policy, context), 1);
  EXPECT_EQ(engine_->Info()->number, 1u);
  EXPECT_EQ(Publish(*engine_, Scoring(3)).number, 2u);
}

TEST_P(Publishing, ReportsTheErrorsOfEveryFile) {
  Bundle bundle;
  bundle.Add({"a.moult", "policy a\n???"}).Add({"b.moult", "policy b\n???"});
  Result<VersionInfo> info = engine_->Publish(bundle);
  ASSERT_FALSE(info.ok());
  bool a = false, b = false;
  for (const Diagnostic& d : info.error()) {
    a |= d.file == "a.moult";
    b |= d.file == "b.moult";
  }
  EXPECT_TRUE(a && b) << Render(info.error());
}

TEST_P(Publishing, RefusesTwoPoliciesOfOneNameAndABundleOfNone) {
  Bundle bundle;
  bundle.Add({"a.moult", Scoring(1)}).Add({"b.moult", Scoring(2)});
  Result<VersionInfo> info = engine_->Publish(bundle);
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(ToText(info.error()), "E-duplicate-policy: policy `test.p` is already defined in a.moult\n");
  EXPECT_EQ(info.error()[0].file, "b.moult");
  EXPECT_EQ(info.error()[0].line, 1u);
  Result<VersionInfo> none = engine_->Publish(Bundle());
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error()[0].code, "E-no-policy");
}

TEST_P(Publishing, APolicyThatIsGoneIsAnErrorOfItsRequestsOnly) {
  Bundle both;
  std::string other = Scoring(7);
  other.replace(other.find("test.p"), 6, "test.q");
  both.Add({"p.moult", Scoring(1)}).Add({"q.moult", other});
  ASSERT_TRUE(engine_->Publish(both).ok());
  const JsonPolicy p = FindJson(*engine_);
  const auto bound = Find<Request>(*engine_);
  const JsonPolicy q = FindJson(*engine_, "test.q");
  const VersionInfo info = Publish(*engine_, other);
  EXPECT_EQ(info.removed, (std::vector<std::string>{"test.p"}));
  Context context(*engine_);
  Decision d;
  const Status json = p.Decide(context, R"({"n":1,"name":"a"})", &d);
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().code, "E-no-such-policy");
  const Status record = bound.Decide(context, Request{}, &d);
  ASSERT_FALSE(record.ok());
  EXPECT_EQ(record.error().code, "E-no-such-policy");
  EXPECT_EQ(Score(q, context), 7);
  ASSERT_TRUE(engine_->Publish(both).ok());
  EXPECT_EQ(Score(p, context), 1) << "and it serves again when the policy is back";
}

TEST_P(Publishing, SaysWhatChanged) {
  Publish(*engine_, Scoring(1));
  EXPECT_FALSE(Publish(*engine_, Scoring(1)).policies[0].changed);
  EXPECT_FALSE(Publish(*engine_, "// a comment\n\n" + Scoring(1)).policies[0].changed);
  EXPECT_TRUE(Publish(*engine_, Scoring(2)).policies[0].changed);
}

TEST(PublishedCode, ACommentEditSharesTheBlockAndMovesThePlaces) {
  const auto engine = MakeEngine();
  const std::string text = std::string(kHeader) + "rule r { when 1 / n > 0 then score +1 }\n";
  Publish(*engine, text);
  const JsonPolicy policy = FindJson(*engine);
  const Pinned first = engine->Pin();
  ASSERT_TRUE(Engine::Collect());
  const uint64_t blocks = Engine::Counters().live_blocks;
  Publish(*engine, "// moved\n// down\n" + text);
  // No more than before: what earlier tests left may be reclaimed meanwhile.
  EXPECT_LE(Engine::Counters().live_blocks, blocks) << "two versions, one block";
  Context context(*engine);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":0,"name":""})", &d).ok());
  ASSERT_EQ(d.error_texts().size(), 1u);
  EXPECT_EQ(d.error_texts()[0].line, 6u);
  ASSERT_TRUE(policy.Decide(first, context, R"({"n":0,"name":""})", &d).ok());
  EXPECT_EQ(d.error_texts()[0].line, 4u);
}

TEST_P(Publishing, ListsComeFromTheBundleAndAreReplacedApartFromTheCode) {
  const std::string text = std::string(kHeader) +
                           "list names: set<string> from \"names.txt\"\n"
                           "rule r { when name in names then score +5 }\n";
  Bundle bundle = Bundle::FromText("dir/p.moult", text);
  Result<VersionInfo> missing = engine_->Publish(bundle);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(ToText(missing.error()), "E-missing-file: the data file of list `names` is missing\n");
  EXPECT_EQ(missing.error()[0].file, "dir/p.moult");
  EXPECT_EQ(missing.error()[0].line, 4u);

  Bundle not_text = bundle;
  not_text.AddData("names.txt", "ann\nb\xff\n");
  Result<VersionInfo> refused = engine_->Publish(not_text);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(ToText(refused.error()), "E-not-utf8: the data file of list `names` is not UTF-8\n");
  EXPECT_EQ(refused.error()[0].line, 2u);

  bundle.AddData("names.txt", "# friends\nann\n");
  ASSERT_TRUE(engine_->Publish(bundle).ok());
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  auto score = [&](const char* json) {
    Decision d;
    EXPECT_TRUE(policy.Decide(context, json, &d).ok());
    return d.score();
  };
  EXPECT_EQ(score(R"({"n":1,"name":"ann"})"), 5);
  EXPECT_EQ(score(R"({"n":1,"name":"bob"})"), 0);
  bundle.AddData("names.txt", "bob\n");
  Result<VersionInfo> replaced = engine_->Publish(bundle);
  ASSERT_TRUE(replaced.ok());
  EXPECT_FALSE(replaced->policies[0].changed) << "the code is the same";
  EXPECT_EQ(score(R"({"n":1,"name":"ann"})"), 0);
  EXPECT_EQ(score(R"({"n":1,"name":"bob"})"), 5);
}

TEST(EngineOptionsTest, OutOfRangeIsRefused) {
  const EngineOptions cases[] = {{.source_bytes = 0}, {.nesting = 0},     {.nesting = 100000}, {.rules = 0},
                                 {.code_bytes = 0},   {.arena_bytes = 1}, {.fuel = 0}};
  for (const EngineOptions& options : cases) {
    const auto engine = Engine::Create(options);
    ASSERT_FALSE(engine.ok());
    EXPECT_EQ(engine.error().code, "E-option");
  }
}

TEST(EngineOptionsTest, LimitsOfATextAreDiagnostics) {
  const auto small = MakeEngine({.source_bytes = 50});
  Result<VersionInfo> info = TryPublish(*small, Scoring(1));
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(info.error()[0].code, "E-source-too-large");
  const auto tiny = MakeEngine({.code_bytes = 16});
  Result<VersionInfo> code = TryPublish(*tiny, Scoring(1));
  ASSERT_FALSE(code.ok());
  EXPECT_EQ(code.error()[0].code, "E-code-too-large");
}

TEST_P(Publishing, EnginesAreApart) {
  const auto other = MakeEngine({.evaluator = GetParam()});
  Publish(*engine_, Scoring(1));
  Publish(*other, Scoring(2));
  const JsonPolicy policy = FindJson(*engine_);
  Context foreign(*other);
  Decision d;
  const Status context_status = policy.Decide(foreign, R"({"n":1,"name":""})", &d);
  ASSERT_FALSE(context_status.ok());
  EXPECT_EQ(context_status.error().code, "E-wrong-engine");
  Context context(*engine_);
  const Pinned pin = other->Pin();
  const Status pin_status = policy.Decide(pin, context, R"({"n":1,"name":""})", &d);
  ASSERT_FALSE(pin_status.ok());
  EXPECT_EQ(pin_status.error().code, "E-wrong-engine");
  const Current current(*other);
  const Status current_status = policy.Decide(current, context, R"({"n":1,"name":""})", &d);
  ASSERT_FALSE(current_status.ok());
  EXPECT_EQ(current_status.error().code, "E-wrong-engine");
  Result<VersionInfo> rollback = engine_->Rollback(pin);
  ASSERT_FALSE(rollback.ok());
  EXPECT_EQ(rollback.error()[0].code, "E-wrong-engine");
}

}  // namespace
}  // namespace moult::test
