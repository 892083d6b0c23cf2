// Random policies on random requests: the interpreter and machine code (for this processor and for plain x86-64), from JSON and
// from a bound struct, give the same decisions, word for word.
//
//   MOULT_SEED=123 ./differential_tests           replay the policy that seed 123 made
//   MOULT_DIFFERENTIAL_POLICIES=100000 ./differential_tests   a long run
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "moult/engine.h"
#include "tests/differential/random_policy.h"
#include "tests/differential/random_request.h"

namespace moult::testing {
namespace {

constexpr int kRequestsPerPolicy = 12;

std::string Describe(const Status& status, const Decision& d) {
  if (!status.ok()) return status.error().code + ": " + status.error().message;
  std::string text = fmt::format("{} score {}\n", d.verdict_name(), d.score());
  auto add = [&](const char* what, std::span<const FiredRule> rules) {
    for (const FiredRule& rule : rules) {
      text += fmt::format("{} {} {} \"{}\"", what, rule.rule, rule.name, rule.reason);
      for (std::string_view tag : rule.tags) text += fmt::format(" #{}", tag);
      text += '\n';
    }
  };
  add("fired", d.rules());
  add("shadow", d.shadow_rules());
  for (const FiredRule& rule : d.shadow_rules()) text += fmt::format("would decide {}\n", rule.would_decide);
  for (const Effect& effect : d.effects()) {
    text += fmt::format("effect {} of {}", effect.name, effect.error_text.rule);
    for (const HostValue& v : effect.arguments) text += fmt::format(" {}/{}/{}/{}", v.AsBool(), v.AsInt(), v.AsDouble(), v.AsString());
    text += fmt::format(" {} {}\n", effect.error_text.text, effect.error_text.line);
  }
  for (const ErrorText& e : d.error_texts()) text += fmt::format("error {} {} {}:{}\n", e.rule, e.text, e.line, e.column);
  return text;
}

// One engine with its handles.
struct Subject {
  const char* name;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Context> context;
  std::optional<Policy<Request>> bound;
  std::optional<JsonPolicy> json;
};

Subject MakeSubject(const char* name, Evaluator evaluator, bool baseline_cpu) {
  EngineOptions options;
  options.evaluator = evaluator;
  options.baseline_cpu = baseline_cpu;
  Subject subject{name, std::move(Engine::Create(options)).value(), nullptr, {}, {}};
  (void)subject.engine->BindSource("lookup", [](std::span<const SourceValue> a) -> std::optional<SourceValue> {
    if (a[0].AsString().size() % 5 == 4) return std::nullopt;
    return SourceValue::Int(static_cast<int64_t>(a[0].AsString().size()) * 3 + (a[1].AsInt() & 15));
  });
  (void)subject.engine->BindSource("flagged", [](std::span<const SourceValue> a) -> std::optional<SourceValue> {
    if (a[0].AsString().empty()) throw 1;
    return SourceValue::Bool(a[0].AsString()[0] == 'a');
  });
  (void)subject.engine->BindSource("shifted", [](std::span<const SourceValue> a) -> std::optional<SourceValue> {
    SourceValue::Timestamp t = a[0].AsTime();
    t.seconds += a[1].AsDuration().count() / 1'000'000'000;  // out of the range of timestamps for some
    return SourceValue::Time(t);
  });
  (void)subject.engine->BindSource("block_of", [](std::span<const SourceValue> a) -> std::optional<SourceValue> {
    if (a[1].AsBytes().size() % 4 == 3) return std::nullopt;
    return SourceValue::Range(*Cidr::Create(a[0].AsAddress(), static_cast<uint32_t>(a[1].AsBytes().size()) * 8));
  });
  subject.context = std::make_unique<Context>(*subject.engine);
  subject.context->set_detail(Detail::kFull);
  return subject;
}

uint64_t FirstSeed(bool* replay) {
  const char* seed = std::getenv("MOULT_SEED");
  *replay = seed != nullptr;
  return seed ? std::strtoull(seed, nullptr, 10) : 20'260'101;
}

TEST(PolicyDifferential, InterpreterAndMachineCodeAgreeOnRandomPolicies) {
  bool replay;
  uint64_t first = FirstSeed(&replay);
  const char* count_text = std::getenv("MOULT_DIFFERENTIAL_POLICIES");
  uint64_t count = replay ? 1 : count_text ? std::strtoull(count_text, nullptr, 10) : 300;

  std::vector<Subject> subjects;
  subjects.push_back(MakeSubject("interpreter", Evaluator::kInterpreter, false));
  subjects.push_back(MakeSubject("machine code", Evaluator::kMachineCode, false));
  subjects.push_back(MakeSubject("machine code, baseline", Evaluator::kMachineCode, true));
  uint64_t fired = 0, errors = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE(fmt::format("replay with MOULT_SEED={}", seed));
    std::string text = PolicyWriter(seed).Write();
    Bundle bundle = Bundle::FromText("random.moult", text);
    bundle.AddData("words.txt", "a\nab\nabc\n%61.\nk1\n");
    bundle.AddData("nets.txt", "10.0.0.0/24\n10.0.0.1/24\n2001:db8::/32\n::1\n");
    bundle.AddData("marks.json", "[0, 1, 7, -9223372036854775808]");
    bundle.AddData("prices.txt", "a = 1\nab = -2\nk1 = 9223372036854775807\n");
    bundle.AddData("colors.json", R"({"": "green", "a": "blue", "ba": "red"})");
    for (Subject& subject : subjects) {
      Result<VersionInfo> version = subject.engine->Publish(bundle);
      ASSERT_TRUE(version.ok()) << Render(version.error()) << text;
      if (!subject.bound) {
        subject.bound = subject.engine->Find<Request>("random").value();
        subject.json = subject.engine->FindJson("random").value();
      }
    }
    std::mt19937_64 random(seed);
    for (int i = 0; i < kRequestsPerPolicy; ++i) {
      Request request = RandomRequest(random);
      std::string json = ToJson(request);
      std::string expected;
      for (Subject& subject : subjects) {
        Decision decision;
        std::string bound = Describe(subject.bound->Decide(*subject.context, request, &decision), decision);
        if (expected.empty()) {
          expected = bound;
          fired += decision.fired().size();
          errors += decision.errors().size();
        }
        ASSERT_EQ(bound, expected) << subject.name << ", bound\n" << json << "\n" << text;
        std::string parsed = Describe(subject.json->Decide(*subject.context, json, &decision), decision);
        ASSERT_EQ(parsed, expected) << subject.name << ", JSON\n" << json << "\n" << text;
      }
    }
  }
  // The comparison means something only if rules fire and err at all.
  if (!replay) {
    EXPECT_GT(fired, count);
    EXPECT_GT(errors, count);
  }
  RecordProperty("first_seed", std::to_string(first));
}

}  // namespace
}  // namespace moult::testing
