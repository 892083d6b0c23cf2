// The fuzz targets, briefly: the kept corpus, and a few seeded inputs. MOULT_SEED replays; moult_fuzz is for more.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string_view>

#include "lang/function.h"
#include "tests/fuzz/corpus.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/policy_text.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/runner.h"
#include "tests/support/seed.h"

namespace moult::fuzz {
namespace {

constexpr std::chrono::seconds kHang{120};  // generous: a sanitizer on a busy machine is slow

class EveryTarget : public testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Fuzz, EveryTarget, testing::ValuesIn(Targets().begin(), Targets().end()),
                         [](const auto& target) { return std::string(target.param.name); });

TEST_P(EveryTarget, PassesItsKeptCorpus) {
  const Corpus corpus = ReadCorpus(KeptCorpus(GetParam()));
  ASSERT_FALSE(corpus.inputs.empty()) << KeptCorpus(GetParam());
  for (size_t k = 0; k < corpus.inputs.size(); ++k) {
    const auto failure = Replay(GetParam(), {corpus.inputs[k]}, kHang);
    EXPECT_FALSE(failure.has_value()) << failure->how << "; replay with moult_fuzz " << GetParam().name << " " << corpus.paths[k];
  }
}

TEST_P(EveryTarget, PassesSeededInputs) {
  std::vector<std::string> inputs = ReadCorpus(KeptCorpus(GetParam())).inputs;
  for (std::string& seed : SeedInputs(GetParam())) inputs.push_back(std::move(seed));
  const Options options{.seed = test::Seed(), .time = std::chrono::hours(1), .executions = inputs.size() + 300, .hang = kHang};
  const Report report = Fuzz(GetParam(), std::move(inputs), options);
  EXPECT_EQ(report.executions, options.executions);
  if (!report.failure) return;
  const auto path = WriteInput(std::filesystem::path(MOULT_BINARY_DIR), fmt::format("{}-", GetParam().name), report.failure->input);
  FAIL() << report.failure->how << "; replay with moult_fuzz " << GetParam().name << " " << path;
}

std::string RandomBytes(std::mt19937_64& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// A generator whose policies do not compile would test the checker's messages alone.
TEST(PolicyTextTest, NearlyAllPoliciesAreWellTyped) {
  std::mt19937_64 random(test::Seed());
  constexpr int kPolicies = 400;
  int compiled = 0;
  std::map<std::string, std::string> refused;  // by code: the last that was
  for (int k = 0; k < kPolicies; ++k) {
    const std::string bytes = RandomBytes(random, 100 + random() % 3000);
    const PolicyText text = WritePolicy({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    lang::Modules modules;
    modules.Add("lib", {"lib.moult", text.module});
    const Result<lang::Compiled> result = lang::Compile({"p.moult", text.policy}, modules, FuzzLimits());
    if (result) {
      ++compiled;
    } else {
      EXPECT_NE(result.error()[0].code, "E-syntax") << Render(result.error()) << text.policy;
      refused[result.error()[0].code] = Render(result.error()[0]);
    }
  }
  std::string examples;
  for (const auto& [code, message] : refused) examples += message;
  EXPECT_GT(compiled, kPolicies * 3 / 4) << examples;
  RecordProperty("compiled", compiled);
}

TEST(PolicyTextTest, EveryConstructTurnsUp) {
  std::set<std::string_view> missing = {
      "module", "use", "input", "record", "enum", "const", "fn", "let", "list", "source", "decide", "rule", "test", "max", "severest", "score",
      "first_match", "forbid_overrides", "mode live", "mode shadow", "mode off", "on_error fire", "on_error skip", "when", "unless", "then",
      "reason", "tag", "emit", "budget", "given", "with", "fails", "for", "expect", "because", "not because", "expect shadow", "expect errors", "expect score",
      "&&", "||", "!", "?", "??", "has(", " in ", "==", "!=", "<=", ">=", "%", "{{", "//", "r\"", "b\"", "\"\"\"", "[", "timestamp(", "size("};
  for (const char* macro : {".all(", ".exists(", ".exists_one(", ".existsOne(", ".filter(", ".map(", ".transformList(", ".transformMap(", ".transformMapEntry(", ".matches(", ".first("})
    missing.insert(macro);
  for (const std::string_view function : lang::FunctionNames())
    if (IsCallable(function)) missing.insert(function);
  std::mt19937_64 random(test::Seed());
  for (int k = 0; k < 20'000 && !missing.empty(); ++k) {
    const std::string bytes = RandomBytes(random, 3000);
    const PolicyText text = WritePolicy({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    std::erase_if(missing, [&](std::string_view construct) { return (text.module + text.policy).find(construct) != std::string::npos; });
  }
  EXPECT_EQ(fmt::format("{}", fmt::join(missing, " ")), "");
}

}  // namespace
}  // namespace moult::fuzz
