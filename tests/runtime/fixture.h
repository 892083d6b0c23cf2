// What the runtime's tests share: engines and policies in one line, with failures that say what went wrong.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "moult/engine.h"

namespace moult::test {

// Policies over this input, whose score tells who decided.
inline constexpr const char* kHeader =
    "policy test.p\n"
    "input { n: int, name: string, country: string? }\n"
    "decide score { >= 1000: block } default allow\n";

// A policy that scores `score` whatever the input.
inline std::string Scoring(int64_t score) {
  return std::string(kHeader) + "rule always { when n == n then score " + (score < 0 ? "" : "+") +
         std::to_string(score) + " }\n";
}

struct Request {
  int64_t n = 0;
  std::string name;
  std::optional<std::string> country;
};

std::unique_ptr<Engine> MakeEngine(const EngineOptions& options = {});
// Publishes `text` as the file "p.moult"; fails the test, with the diagnostics, if it is refused.
VersionInfo Publish(Engine& engine, std::string text);
Result<VersionInfo> TryPublish(Engine& engine, std::string text);
// Codes and messages, one a line.
std::string ToText(const Diagnostics& diagnostics);
JsonPolicy FindJson(Engine& engine, const std::string& name = "test.p");

template <class T>
Policy<T> Find(Engine& engine, const std::string& name = "test.p") {
  Result<Policy<T>> policy = engine.Find<T>(name);
  if (!policy) {
    ADD_FAILURE() << ToText(policy.error());
    abort();
  }
  return std::move(policy).value();
}

// Everything that two evaluations must agree on, as text.
std::string ToText(const Decision& decision);

std::string ReadFile(const std::string& path);

// Both evaluators, for tests that hold for each.
class BothEvaluators : public testing::TestWithParam<Evaluator> {
 protected:
  BothEvaluators() : engine_(MakeEngine({.evaluator = GetParam()})) {}
  std::unique_ptr<Engine> engine_;
};
inline auto EvaluatorName(const testing::TestParamInfo<Evaluator>& info) {
  return std::string(info.param == Evaluator::kMachineCode ? "machine_code" : "interpreter");
}
#define MOULT_BOTH_EVALUATORS(Suite)                                                                             \
  INSTANTIATE_TEST_SUITE_P(Evaluators, Suite, testing::Values(Evaluator::kMachineCode, Evaluator::kInterpreter), \
                           EvaluatorName)

}  // namespace moult::test

template <>
struct moult::Describe<moult::test::Request> {
  static void Fields(Record<test::Request>& r) {
    r.Named("Request")
        .Field("n", &test::Request::n)
        .Field("name", &test::Request::name)
        .Field("country", &test::Request::country);
  }
};
