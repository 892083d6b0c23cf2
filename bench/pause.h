// What a request thread loses to one collection.
//
// Both collectors reach a thread by a signal. The time lost is from the entry of the handler to its return: Moult's
// handler scans the thread's own stack; a stop-the-world handler waits there until the world is started again. The
// kernel's delivery of the signal is in neither figure.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace moult::bench {

struct PausePoint {
  int threads = 2;
  std::chrono::milliseconds duration{1000};
};

struct PauseResult {
  uint64_t collections = 0;
  uint64_t samples = 0;
  double p50 = 0, p99 = 0, max = 0;  // nanoseconds
};

// One request's work below the entered version: some stack, and about a microsecond.
int64_t RequestWork(int64_t x);

// Runs `request` over and over on each of the threads, and `collect` on this one, until the time is over; `signal` is
// what the collector reaches the threads by, its handler already installed. `enroll` and `retire` run on each thread.
struct PauseHooks {
  int signal = 0;
  void (*enroll)() = nullptr;
  void (*retire)() = nullptr;
  int64_t (*request)(int64_t x) = nullptr;
  void (*collect)() = nullptr;
};
PauseResult MeasurePause(const PausePoint& point, const PauseHooks& hooks);

PauseResult PauseMoult(const PausePoint& point);
PauseResult PauseBdwgc(const PausePoint& point);

}  // namespace moult::bench
