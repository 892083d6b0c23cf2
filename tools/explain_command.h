// `moult explain`: which rules fired for a request, and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moult::tools {

struct ExplainOptions {
  std::string policy_path;
  std::string input = "-";
  std::string policy;  // by name; empty: the only one
  uint64_t line = 0;   // of the input; 0: every line
  std::vector<std::string> withs;  // answers of sources, as `with` clauses of a test without that word
  std::string rule;    // this rule alone, whether it fired or not; empty: those that fired or erred
  bool json = false;
};

// The process's exit code (exit_code.h).
int Explain(const ExplainOptions& options);

}  // namespace moult::tools
