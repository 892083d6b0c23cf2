#include "bench/pause.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bench/stats.h"

namespace moult::bench {
namespace {

using Clock = std::chrono::steady_clock;

// One thread's samples, written by its signal handler only, read after the thread has ended.
struct Samples {
  static constexpr size_t kCapacity = 1 << 16;
  std::vector<double> ns;
  std::atomic<size_t> count{0};  // relaxed: only the handler of its own thread writes it
};

// Null outside a measured thread: its handler then only passes the signal on.
constinit thread_local Samples* current_samples __attribute__((tls_model("initial-exec"))) = nullptr;

struct sigaction wrapped_action;

void TimedHandler(int signal, siginfo_t* info, void* context) {
  const auto begin = Clock::now();
  if ((wrapped_action.sa_flags & SA_SIGINFO) != 0) {
    wrapped_action.sa_sigaction(signal, info, context);
  } else {
    wrapped_action.sa_handler(signal);
  }
  Samples* samples = current_samples;
  if (samples == nullptr) return;
  const size_t index = samples->count.load(std::memory_order_relaxed);
  if (index == Samples::kCapacity) return;
  samples->ns[index] = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
  samples->count.store(index + 1, std::memory_order_relaxed);
}

// Puts the timer around the handler that the collector has installed, with the collector's own flags and mask.
void WrapHandler(int signal) {
  if (sigaction(signal, nullptr, &wrapped_action) != 0 || wrapped_action.sa_handler == SIG_DFL ||
      wrapped_action.sa_handler == SIG_IGN) {
    std::fprintf(stderr, "no handler is installed for signal %d\n", signal);
    std::exit(1);
  }
  struct sigaction timed = wrapped_action;
  timed.sa_sigaction = TimedHandler;
  timed.sa_flags |= SA_SIGINFO;
  sigaction(signal, &timed, nullptr);
}

}  // namespace

__attribute__((noinline)) int64_t RequestWork(int64_t x) {
  // 16 frames of 256 bytes, as a request some calls deep has them.
  struct Frame {
    __attribute__((noinline)) static int64_t Descend(int depth, int64_t value) {
      volatile int64_t locals[32];
      for (int64_t i = 0; i < 32; ++i) locals[i] = value + i;
      const int64_t below = depth == 0 ? 0 : Descend(depth - 1, locals[depth]);
      return below + locals[31];
    }
  };
  return Frame::Descend(15, x);
}

PauseResult MeasurePause(const PausePoint& point, const PauseHooks& hooks) {
  WrapHandler(hooks.signal);
  std::vector<Samples> samples(static_cast<size_t>(point.threads));
  std::atomic<bool> stop{false};
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (Samples& own : samples) {
    own.ns.resize(Samples::kCapacity);
    threads.emplace_back([&stop, &ready, &hooks, &own] {
      hooks.enroll();
      int64_t x = hooks.request(0);  // registered and warm before the first collection
      current_samples = &own;
      ready.fetch_add(1);
      while (!stop.load(std::memory_order_relaxed)) x = hooks.request(x) & 0xffff;
      current_samples = nullptr;
      hooks.retire();
    });
  }
  while (ready.load() < point.threads) std::this_thread::yield();

  PauseResult result;
  const auto end = Clock::now() + point.duration;
  while (Clock::now() < end) {
    hooks.collect();
    ++result.collections;
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();

  std::vector<double> all;
  for (const Samples& own : samples) {
    all.insert(all.end(), own.ns.begin(), own.ns.begin() + static_cast<ptrdiff_t>(own.count.load()));
  }
  if (all.empty()) return result;
  std::sort(all.begin(), all.end());
  result.samples = all.size();
  result.p50 = Percentile(all, 0.5);
  result.p99 = Percentile(all, 0.99);
  result.max = all.back();
  return result;
}

}  // namespace moult::bench
