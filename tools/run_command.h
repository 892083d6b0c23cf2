// `moult run`: decides a file of requests, on many threads, while the policy may change.
#pragma once

#include <cstdint>
#include <string>

namespace moult::tools {

struct RunOptions {
  std::string policy_path;
  std::string input = "-";
  std::string output = "-";
  std::string policy;  // by name; empty: the only one
  unsigned threads = 1;
  uint64_t repeat = 1;  // passes over the input
  std::string log;      // a file for what is told on standard error, or empty
  bool watch = false;
  bool interpret = false;
  bool brief = false;
  bool all_rules = false;
  bool quiet = false;   // no bar, no summary
  bool strict = false;  // bad lines make the exit code kExitBadLines
};

// The process's exit code (exit_code.h).
int Run(const RunOptions& options);

}  // namespace moult::tools
