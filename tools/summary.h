// Summary: what stands at the end of a run.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "moult/engine.h"
#include "tools/tally.h"

namespace moult::tools {

struct SummaryInput {
  Tally tally;
  std::vector<std::string> verdicts;  // in the policy's order; others follow
  std::chrono::nanoseconds elapsed{0};
  unsigned threads = 1;
  HeapCounters heap;
  std::vector<std::chrono::nanoseconds> publishes;
  uint64_t refused = 0;    // publishes that did not compile
  bool all_rules = false;  // else the most frequent ones
  bool interrupted = false;
};

std::string RenderSummary(const SummaryInput& input);

}  // namespace moult::tools
