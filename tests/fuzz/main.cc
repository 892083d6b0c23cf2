// moult_fuzz: runs the fuzz targets by our own driver. CONTRIBUTING.md, "Fuzzing", says how it is used.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/policy_text.h"
#include "tests/fuzz/runner.h"

namespace moult::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage = R"(usage: moult_fuzz TARGET|all [OPTION]...
       moult_fuzz TARGET FILE...           replay these inputs
       moult_fuzz --list                   the targets
       moult_fuzz --show FILE              the text that an input of the target `policy` stands for: an input of `modules`
  --seconds N      how long each target runs (60)
  --executions N   or for how many inputs
  --seed N         of the mutations (1)
  --hang N         seconds that one input may take (30)
  --corpus DIR     begin with the inputs of DIR/TARGET too, and add those that reach new code
  --failures DIR   where inputs that fail are written (.)
  --distill DIR    instead of fuzzing: write to DIR/TARGET as few inputs as reach what the whole corpus reaches
)";

struct Arguments {
  std::vector<const Target*> targets;
  std::vector<std::string> files;
  Options options;
  std::string corpus;
  std::string failures = ".";
  std::string distill;
};

int Usage() {
  std::fputs(kUsage, stderr);
  return 2;
}

template <class Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

bool ReadOption(std::string_view name, const std::string& value, Arguments* arguments) {
  Options& options = arguments->options;
  int64_t seconds = 0;
  if (name == "--seconds") return ReadNumber(value, &seconds) && (options.time = std::chrono::seconds(seconds), true);
  if (name == "--hang") return ReadNumber(value, &seconds) && (options.hang = std::chrono::seconds(seconds), true);
  if (name == "--executions") return ReadNumber(value, &options.executions);
  if (name == "--seed") return ReadNumber(value, &options.seed);
  if (name == "--corpus") return !(arguments->corpus = value).empty();
  if (name == "--failures") return !(arguments->failures = value).empty();
  if (name == "--distill") return !(arguments->distill = value).empty();
  return false;
}

bool ReadArguments(const std::vector<std::string>& given, Arguments* arguments) {
  for (size_t k = 0; k < given.size(); ++k) {
    if (given[k].starts_with("--")) {
      if (k + 1 == given.size() || !ReadOption(given[k], given[k + 1], arguments)) return false;
      ++k;
    } else if (!arguments->targets.empty()) {
      arguments->files.push_back(given[k]);
    } else if (given[k] == "all") {
      for (const Target& target : Targets()) arguments->targets.push_back(&target);
    } else if (const Target* target = FindTarget(given[k])) {
      arguments->targets.push_back(target);
    } else {
      return false;
    }
  }
  return !arguments->targets.empty();
}

void Append(std::vector<std::string> more, std::vector<std::string>* inputs) {
  inputs->insert(inputs->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The kept one, and that of `--corpus`.
std::vector<std::string> CorpusOf(const Target& target, const Arguments& arguments) {
  std::vector<std::string> inputs = ReadCorpus(KeptCorpus(target)).inputs;
  if (!arguments.corpus.empty()) Append(ReadCorpus(fs::path(arguments.corpus) / target.name).inputs, &inputs);
  return inputs;
}

int ReplayFiles(const Target& target, const Arguments& arguments) {
  for (const std::string& file : arguments.files) {
    const std::optional<std::string> input = ReadInput(file);
    if (!input) {
      fmt::print(stderr, "cannot read {}\n", file);
      return 2;
    }
    if (const std::optional<Failure> failure = Replay(target, {*input}, arguments.options.hang)) {
      fmt::print(stderr, "{}: {}\n", file, failure->how);
      return 1;
    }
  }
  fmt::print("{}: {} inputs pass\n", target.name, arguments.files.size());
  return 0;
}

// What the choices of an input of the target `policy` make, as an input of the target `modules`.
std::string TextOf(const std::string& choices) {
  const PolicyText text = WritePolicy({reinterpret_cast<const uint8_t*>(choices.data()), choices.size()});
  return text.policy + "---\n" + text.module;
}

void Tell(const Target& target, const Failure& failure, const Arguments& arguments) {
  if (target.run == FuzzPolicy) {
    // A text is made smaller further than choices are, and stays what it is when the generator changes.
    const Target& modules = *FindTarget("modules");
    if (const std::optional<Failure> of_text = Replay(modules, {TextOf(failure.input)}, arguments.options.hang, true)) {
      return Tell(modules, *of_text, arguments);
    }
  }
  fmt::print(stderr, "{} fails: {}; making the input smaller\n", target.name, failure.how);
  const fs::path whole = WriteInput(arguments.failures, fmt::format("{}-whole-", target.name), failure.input);
  const std::string small = Minimize(target, failure.input, arguments.options.hang);
  const fs::path path = WriteInput(arguments.failures, fmt::format("{}-", target.name), small);
  std::fputs("--- what the smaller input says\n", stderr);
  Replay(target, {small}, arguments.options.hang);
  fmt::print(stderr, "{} bytes of {}; replay with\n  moult_fuzz {} {}\nwhole: {}\n", small.size(), failure.input.size(),
             target.name, path.string(), whole.string());
}

bool FuzzOne(const Target& target, const Arguments& arguments) {
  Options options = arguments.options;
  std::vector<std::string> inputs = SeedInputs(target);
  Append(CorpusOf(target, arguments), &inputs);
  if (!arguments.corpus.empty()) options.grow = fs::path(arguments.corpus) / target.name;
  const size_t first = inputs.size();
  const Report report = Fuzz(target, std::move(inputs), options);
  fmt::print("{:14} seed {} {:>9} executions, {} first inputs and {} found, {} edges{}\n", target.name, options.seed,
             report.executions, first, report.kept, report.edges, report.failure ? ", FAILED" : "");
  std::fflush(stdout);
  if (report.failure) Tell(target, *report.failure, arguments);
  return !report.failure;
}

int DistillAll(const Arguments& arguments) {
  for (const Target* target : arguments.targets) {
    const std::vector<std::string> few = Distill(*target, SeedInputs(*target), CorpusOf(*target, arguments));
    for (const std::string& input : few) WriteInput(fs::path(arguments.distill) / target->name, "", input);
    fmt::print("{}: {} inputs\n", target->name, few.size());
  }
  return 0;
}

int Show(const std::string& file) {
  const std::optional<std::string> input = ReadInput(file);
  if (!input) return 2;
  fmt::print("{}", TextOf(*input));
  return 0;
}

int Main(const std::vector<std::string>& given) {
  if (given.size() == 1 && given[0] == "--list") {
    for (const Target& target : Targets()) fmt::print("{}\n", target.name);
    return 0;
  }
  if (given.size() == 2 && given[0] == "--show") return Show(given[1]);
  Arguments arguments;
  if (!ReadArguments(given, &arguments)) return Usage();
  if (!arguments.distill.empty()) return DistillAll(arguments);
  if (!arguments.files.empty()) return arguments.targets.size() == 1 ? ReplayFiles(*arguments.targets[0], arguments) : Usage();
  bool passed = true;
  for (const Target* target : arguments.targets) passed = FuzzOne(*target, arguments) && passed;
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace moult::fuzz

int main(int argc, char** argv) { return moult::fuzz::Main({argv + 1, argv + argc}); }
