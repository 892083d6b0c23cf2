// moult_bench_decide: nanoseconds a request, for the reference policies by bound struct and by JSON, compiled and
// interpreted.
//
// One thread. Before anything is timed, every combination decides every request once, and the checksums over verdicts,
// scores and fired rules must agree with each other and, with --data, with the reference's.

#include <fmt/format.h>
#include <moult/engine.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "bench/stats.h"
#include "bench/workload.h"

namespace moult::bench {
namespace {

struct Options {
  std::string data;
  std::string policies = MOULT_SOURCE_DIR "/examples/peers";
  int rounds = 9;
  size_t requests = 10'000;
  uint64_t seed = 1;
  bool json = false;
};

[[noreturn]] void Die(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  std::exit(1);
}

// One policy on one engine, decided by struct or by JSON.
class Contender {
 public:
  Contender(const Options& options, const Workload& workload, const char* policy, Evaluator evaluator, bool by_json)
      : policy_(policy), evaluator_(evaluator), by_json_(by_json), workload_(workload) {
    EngineOptions engine_options;
    engine_options.evaluator = evaluator;
    auto engine = Engine::Create(engine_options);
    if (!engine) Die(engine.error().message);
    engine_ = std::move(engine).value();
    Publish(options);
    Find();
    context_ = std::make_unique<Context>(*engine_);
  }

  // Decides every request once.
  int64_t CheckedPass() {
    Checksum checksum;
    for (size_t i = 0; i < workload_.requests.size(); ++i) {
      DecideOne(i);
      checksum.Add(reference_verdict_[decision_.verdict()], decision_.score(), decision_.fired());
    }
    return checksum.value();
  }
  void TimedPass() {
    const auto begin = std::chrono::steady_clock::now();
    for (size_t i = 0; i < workload_.requests.size(); ++i) DecideOne(i);
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - begin;
    ns_.push_back(spent.count() / static_cast<double>(workload_.requests.size()));
  }

  const std::string& policy() const { return policy_; }
  const char* input() const { return by_json_ ? "JSON" : "struct"; }
  const char* evaluator() const { return evaluator_ == Evaluator::kMachineCode ? "machine code" : "interpreter"; }
  double ns() const { return Median(ns_); }

 private:
  std::string FullName() const { return "peers.p_" + policy_; }

  void Publish(const Options& options) {
    const std::string path = options.policies + "/p_" + policy_ + ".moult";
    std::ifstream stream(path, std::ios::binary);
    if (!stream) Die("cannot read " + path);
    Bundle bundle = Bundle::FromText(path, {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
    bundle.AddData("blocklist.txt", workload_.blocklist);
    auto version = engine_->Publish(bundle);
    if (!version) Die(Render(version.error()));
    for (const std::string& verdict : version->policies.at(0).verdicts) {
      reference_verdict_.push_back(verdict == "allow" ? 0 : verdict == "challenge" ? 1 : 2);
    }
  }
  void Find() {
    if (by_json_) {
      auto found = engine_->FindJson(FullName());
      if (!found) Die(Render(found.error()));
      json_policy_ = std::make_unique<JsonPolicy>(std::move(found).value());
    } else {
      auto found = engine_->Find<Request>(FullName());
      if (!found) Die(Render(found.error()));
      struct_policy_ = std::make_unique<Policy<Request>>(std::move(found).value());
    }
  }
  void DecideOne(size_t i) {
    const Status status = by_json_ ? json_policy_->Decide(*context_, workload_.json[i], &decision_)
                                   : struct_policy_->Decide(*context_, workload_.requests[i], &decision_);
    if (!status.ok()) Die(fmt::format("request {}: {}", i, status.error().message));
  }

  std::string policy_;
  Evaluator evaluator_;
  bool by_json_;
  const Workload& workload_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Policy<Request>> struct_policy_;
  std::unique_ptr<JsonPolicy> json_policy_;
  std::unique_ptr<Context> context_;
  Decision decision_;
  std::vector<uint32_t> reference_verdict_;  // by ordinal: 0 allow, 1 challenge, 2 block
  std::vector<double> ns_;
};

void Verify(const Options& options, const std::string& policy, std::vector<std::unique_ptr<Contender>>& contenders) {
  int64_t expected = options.data.empty() ? 0 : ReferenceChecksum(options.data, policy);
  for (auto& contender : contenders) {
    if (contender->policy() != policy) continue;
    const int64_t checksum = contender->CheckedPass();
    if (expected == 0) expected = checksum;
    if (checksum != expected) {
      Die(fmt::format("P-{} by {}, {}: checksum {} is not {}", policy, contender->input(), contender->evaluator(),
                      checksum, expected));
    }
  }
  if (!options.json) fmt::print("P-{}: checksum {} by every way\n", policy, expected);
}

void Print(const Options& options, const std::vector<std::unique_ptr<Contender>>& contenders) {
  if (options.json) {
    const char* separator = "";
    fmt::print("[");
    for (const auto& c : contenders) {
      fmt::print("{}\n  {{\"policy\": \"{}\", \"input\": \"{}\", \"evaluator\": \"{}\", \"ns_per_request\": {:.1f}}}",
                 separator, c->policy(), c->input(), c->evaluator(), c->ns());
      separator = ",";
    }
    fmt::print("\n]\n");
    return;
  }
  fmt::print("\nns a request, one thread, medians of {} interleaved rounds\n{:10}{:10}{:16}{:>10}\n", options.rounds,
             "policy", "input", "evaluator", "ns");
  for (const auto& c : contenders)
    fmt::print("P-{:8}{:10}{:16}{:>10.1f}\n", c->policy(), c->input(), c->evaluator(), c->ns());
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"Nanoseconds a request for the reference policies"};
  app.add_option("--data", options.data,
                 "Folder of the reference workload (requests.jsonl, blocklist.txt, reference.json)");
  app.add_option("--policies", options.policies, "Folder of p_small.moult and p_medium.moult");
  app.add_option("--rounds", options.rounds, "Rounds; medians are printed")->check(CLI::Range(1, 10'000));
  app.add_option("--requests", options.requests, "Without --data: how many to make up")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--seed", options.seed, "Without --data: of the generator");
  app.add_flag("--json", options.json, "Print JSON instead of a table");
  CLI11_PARSE(app, argc, argv);

  const Workload workload =
      options.data.empty() ? MakeWorkload(options.requests, options.seed) : ReadWorkload(options.data);
  std::vector<std::unique_ptr<Contender>> contenders;
  for (const char* policy : {"small", "medium"}) {
    for (Evaluator evaluator : {Evaluator::kMachineCode, Evaluator::kInterpreter}) {
      for (bool by_json : {false, true}) {
        contenders.push_back(std::make_unique<Contender>(options, workload, policy, evaluator, by_json));
      }
    }
    Verify(options, policy, contenders);
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (auto& contender : contenders) contender->TimedPass();
  }
  Print(options, contenders);
  return 0;
}

}  // namespace
}  // namespace moult::bench

int main(int argc, char** argv) { return moult::bench::Main(argc, argv); }
