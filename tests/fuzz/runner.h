// Runner: gives a target inputs in a child process, so that what crashes or hangs is an answer and not an end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/target.h"

namespace moult::fuzz {

struct Options {
  uint64_t seed = 1;
  std::chrono::seconds time{60};               // ends after this
  uint64_t executions = UINT64_MAX;            // or after so many inputs
  std::chrono::seconds hang{30};               // for one input
  std::filesystem::path grow;                  // where inputs that reach something new are written; empty: nowhere
};

struct Failure {
  std::string input;
  std::string how;  // "signal 6 (Aborted)"
};

struct Report {
  uint64_t executions = 0;
  uint64_t kept = 0;        // inputs that reached something new
  uint64_t edges = 0;       // pieces of code reached; 0 in a build that does not count them
  std::optional<Failure> failure;
};

// First every input of `corpus` as it is, then such as the Mutator makes of them and of those that reached something new, until the
// options' end or the first failure.
Report Fuzz(const Target& target, std::vector<std::string> corpus, const Options& options);

// Runs the inputs in order; nothing if all pass. What the target says goes to stderr, unless `quiet`.
std::optional<Failure> Replay(const Target& target, const std::vector<std::string>& inputs, std::chrono::seconds hang, bool quiet = false);

// A smaller input that fails too: pieces are left out, then bytes made plain, while that is so. Cost: some thousand runs.
std::string Minimize(const Target& target, std::string input, std::chrono::seconds hang);

// Those of `inputs`, shortest first, that together reach all that all reach beyond what `known` does. REQUIRES: a build that counts; none
// of them fails.
std::vector<std::string> Distill(const Target& target, const std::vector<std::string>& known, std::vector<std::string> inputs);

}  // namespace moult::fuzz
