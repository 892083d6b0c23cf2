// Progress: the bar under a run on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "moult/engine.h"

namespace moult::tools {

// Where a run stands. total_bytes is 0 when the end of the input is not known.
struct ProgressState {
  uint64_t bytes = 0;
  uint64_t total_bytes = 0;
  uint64_t lines = 0;
};

// Draws bars; keeps a smoothed rate between calls. One thread.
class Progress {
 public:
  // "[#####.....]  48.0 %  123,456 requests/s  2 versions alive  12.3 KiB of code  3 s left"
  std::string Bar(const ProgressState& state, const HeapCounters& heap);

 private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  uint64_t last_lines_ = 0;
  double rate_ = 0;
};

}  // namespace moult::tools
