// Bindings are an input of compilation: what is refused, by name, and when a binding stops constraining.
#include <atomic>
#include <thread>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

struct Narrow {
  std::string n;  // the policy's is an int
  std::string_view name;
};
struct Bare {
  int64_t n = 0;
  std::string name;
};

constexpr const char* kNeedsCountry = "rule c { when has(country) && country == \"DE\" then score +9 }\n";

}  // namespace
}  // namespace moult::test

template <>
struct moult::Describe<moult::test::Narrow> {
  static void Fields(Record<test::Narrow>& r) {
    r.Named("Narrow").Field("n", &test::Narrow::n).Field("name", &test::Narrow::name);
  }
};
template <>
struct moult::Describe<moult::test::Bare> {
  static void Fields(Record<test::Bare>& r) {
    r.Named("Bare").Field("n", &test::Bare::n).Field("name", &test::Bare::name);
  }
};

namespace moult::test {
namespace {

using Binding = BothEvaluators;
MOULT_BOTH_EVALUATORS(Binding);

TEST_P(Binding, NeedsAVersionAndAPolicyAndFittingFields) {
  auto code = [&](const char* name) {
    auto policy = engine_->Find<Narrow>(name);
    return policy ? std::string("ok") : policy.error().at(0).code;
  };
  EXPECT_EQ(code("test.p"), "E-no-version");
  Publish(*engine_, Scoring(1));
  EXPECT_EQ(code("test.q"), "E-no-such-policy");
  EXPECT_EQ(code("test.p"), "E-binding");
  EXPECT_EQ(engine_->Info()->number, 1u);
  auto refused = engine_->Find<Narrow>("test.p");
  EXPECT_NE(refused.error()[0].message.find("`n`"), std::string::npos) << ToText(refused.error());
  EXPECT_EQ(Publish(*engine_, Scoring(2)).number, 2u) << "a refused binding constrains nothing";
}

TEST_P(Binding, ReadsStructsInPlace) {
  Publish(*engine_, std::string(kHeader) + kNeedsCountry +
                        "rule n { when n > 10 && name.startsWith(\"a\") then score +1 \"{name}\" }\n");
  const auto policy = Find<Request>(*engine_);
  EXPECT_EQ(engine_->Info()->number, 2u) << "a new binding is a new version of the same texts";
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, Request{11, "ann", "DE"}, &d).ok());
  EXPECT_EQ(d.score(), 10);
  EXPECT_EQ(d.rules()[1].reason, "ann");
  ASSERT_TRUE(policy.Decide(context, Request{10, "ann", std::nullopt}, &d).ok());
  EXPECT_EQ(d.score(), 0);
  const auto again = Find<Request>(*engine_);
  EXPECT_EQ(engine_->Info()->number, 2u) << "the same binding is not made twice";
}

TEST_P(Binding, APublishThatALiveBindingCannotServeIsRefusedWhileRequestsRun) {
  Publish(*engine_, Scoring(1));
  auto bare = std::make_unique<Policy<Bare>>(Find<Bare>(*engine_));
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> decided = 0, failed = 0;
  std::thread requests([&] {
    const Policy<Bare> policy = *bare;
    Context context(*engine_);
    Decision d;
    while (!stop) {
      const Status status = policy.Decide(context, Bare{1, "x"}, &d);
      if (!status.ok() || d.score() != 1) ++failed;
      ++decided;
    }
  });
  for (int i = 0; i < 20; ++i) {
    Result<VersionInfo> refused = TryPublish(*engine_, Scoring(1) + kNeedsCountry);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error()[0].code, "E-binding");
    EXPECT_NE(refused.error()[0].message.find("country"), std::string::npos) << refused.error()[0].message;
    EXPECT_NE(refused.error()[0].message.find("Bare"), std::string::npos) << refused.error()[0].message;
  }
  while (decided < 100) std::this_thread::yield();
  stop = true;
  requests.join();
  EXPECT_EQ(failed, 0u);
  EXPECT_EQ(engine_->Info()->number, 2u);
  bare.reset();
  EXPECT_TRUE(TryPublish(*engine_, Scoring(1) + kNeedsCountry).ok()) << "the binding went with its last Policy";
}

TEST_P(Binding, ManyBindingsComeAndGo) {
  Publish(*engine_, Scoring(4));
  Context context(*engine_);
  Decision d;
  for (int i = 0; i < 10; ++i) {
    const auto bare = Find<Bare>(*engine_);
    const auto full = Find<Request>(*engine_);
    const JsonPolicy json = FindJson(*engine_);
    ASSERT_TRUE(bare.Decide(context, Bare{}, &d).ok());
    EXPECT_EQ(d.score(), 4);
    ASSERT_TRUE(full.Decide(context, Request{}, &d).ok());
    EXPECT_EQ(d.score(), 4);
    ASSERT_TRUE(json.Decide(context, R"({"n":0,"name":""})", &d).ok());
    EXPECT_EQ(d.score(), 4);
  }
}

TEST_P(Binding, AVersionOlderThanABindingSaysSo) {
  Publish(*engine_, Scoring(1));
  const Pinned old = engine_->Pin();
  const auto policy = Find<Request>(*engine_);
  Context context(*engine_);
  Decision d;
  const Status status = policy.Decide(old, context, Request{}, &d);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E-not-bound");
}

TEST_P(Binding, DeclaredMaximaHoldForStructsToo) {
  Publish(*engine_,
          "policy test.p\ninput { n: int, name: string max 3, country: string? max 2 }\n"
          "decide score { >= 1: block } default allow\n"
          "rule r { when n > 0 && name != \"x\" && has(country) then score +1 }\n");
  const auto policy = Find<Request>(*engine_);
  Context context(*engine_);
  Decision d;
  EXPECT_TRUE(policy.Decide(context, Request{1, "\xc3\xa9\xc3\xa9\xc3\xa9", std::nullopt}, &d).ok());
  const Status name = policy.Decide(context, Request{1, "abcd", std::nullopt}, &d);
  ASSERT_FALSE(name.ok());
  EXPECT_EQ(name.error().message, "name: 4 code points, at most 3 are declared");
  const Status country = policy.Decide(context, Request{1, "abc", "DEU"}, &d);
  ASSERT_FALSE(country.ok());
  EXPECT_EQ(country.error().message, "country: 3 code points, at most 2 are declared");
}

}  // namespace
}  // namespace moult::test
