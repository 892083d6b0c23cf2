// moult_bench_publish: what a publish costs when nothing, one policy, a module or everything of a set has changed.
//
// One thread. A set of policies of some rules each, in which half of the policies use a module. Each kind of change is published again and
// again, in turn with the others; medians are printed. What was kept is counted by the engine: a unit that did not change keeps its code.
#include <fmt/format.h>
#include <moult/engine.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/stats.h"

namespace moult::bench {
namespace {

struct Options {
  int policies = 100;
  int rules = 30;
  int rounds = 15;
  bool json = false;
};

[[noreturn]] void Die(const std::string& message) {
  fmt::print(stderr, "moult_bench_publish: {}\n", message);
  std::exit(1);
}

// `round` makes the text of what changed another one.
std::string PolicyText(int number, int rules, int round) {
  std::string text = fmt::format(
      "policy bench.p{}\ninput {{ n: int, country: string, text: string }}\ndecide severest [allow < review < block] default allow\n", number);
  const bool uses = number % 2 == 0;
  if (uses) text += "use lib.shared\n";
  for (int k = 0; k < rules; ++k) {
    text += fmt::format("rule r{0} {{ when n > {1} && country in [\"c{2}\", \"d{2}\"]{4} then {3} \"n is {{n}}\" }}\n", k,
                        k == 0 ? 1000 + round : k, (number + k) % 50, k % 3 == 0 ? "block" : "review",
                        uses && k == 1 ? " || shared.is_odd(text)" : "");
  }
  return text;
}

std::string ModuleText(int round) {
  return fmt::format("module lib.shared\nfn is_odd(text: string) -> bool = text.contains(\"odd{}\")\n", round);
}

struct Change {
  const char* name;
  bool first, module, all;  // what of the set
};
constexpr Change kChanges[] = {
    {"nothing", false, false, false},
    {"one policy", true, false, false},
    {"a module that half of them use", false, true, false},
    {"every policy", false, false, true},
};

class Publisher {
 public:
  explicit Publisher(const Options& options) : options_(options), versions_(static_cast<size_t>(options.policies), 0) {
    Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
    if (!engine) Die(engine.error().message);
    engine_ = std::move(*engine);
  }

  // Milliseconds from text to current version.
  double Publish(const Change& change, int round) {
    for (size_t k = 0; k < versions_.size(); ++k) {
      if (change.all || (change.first && k == 0)) versions_[k] = round;
    }
    if (change.module) module_ = round;
    Bundle bundle;
    bundle.Add({"lib/shared.moult", ModuleText(module_)});
    for (size_t k = 0; k < versions_.size(); ++k) {
      const int number = static_cast<int>(k);
      bundle.Add({fmt::format("p{}.moult", k), PolicyText(number, options_.rules, versions_[k])});
    }
    const auto start = std::chrono::steady_clock::now();
    const Result<VersionInfo> info = engine_->Publish(bundle);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (!info) Die(info.error().front().message);
    return took.count();
  }

 private:
  const Options& options_;
  std::unique_ptr<Engine> engine_;
  std::vector<int> versions_;
  int module_ = 0;
};

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"What a publish costs"};
  app.add_option("--policies", options.policies, "Of the set")->check(CLI::Range(1, 10'000));
  app.add_option("--rules", options.rules, "Of each policy")->check(CLI::Range(1, 10'000));
  app.add_option("--rounds", options.rounds, "Medians are printed")->check(CLI::Range(1, 10'000));
  app.add_flag("--json", options.json, "Print a JSON object a line instead of a table");
  CLI11_PARSE(app, argc, argv);
  Publisher publisher(options);
  const double first = publisher.Publish(kChanges[3], 1);
  std::vector<std::vector<double>> samples(std::size(kChanges));
  int round = 2;
  for (int k = 0; k < options.rounds; ++k) {
    for (size_t c = 0; c < std::size(kChanges); ++c) samples[c].push_back(publisher.Publish(kChanges[c], round++));
  }
  if (!options.json) {
    fmt::print("{} policies of {} rules; ms a publish, medians of {} rounds\n{:34}{:>10.2f}\n", options.policies, options.rules,
               options.rounds, "the first", first);
  }
  for (size_t c = 0; c < std::size(kChanges); ++c) {
    const double median = Median(samples[c]);
    if (options.json) {
      fmt::print("{{\"changed\": \"{}\", \"ms\": {:.3f}}}\n", kChanges[c].name, median);
    } else {
      fmt::print("{:34}{:>10.2f}\n", kChanges[c].name, median);
    }
  }
  return 0;
}

}  // namespace
}  // namespace moult::bench

int main(int argc, char** argv) { return moult::bench::Main(argc, argv); }
