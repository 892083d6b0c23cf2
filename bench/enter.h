// What it costs a reader to enter the current version: load, protect, call, leave.
//
// A scheme is a class with
//   Scheme()                           one version is current
//   void Register(); void Unregister() on each reader's and the writer's own thread
//   int64_t Call(int64_t x)            enters the current version, which adds its constant to x
//   void Swap()                        makes a fresh version current; the old one is reclaimed as the scheme does it
#pragma once

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace moult::bench {

struct EnterPoint {
  int readers = 1;
  bool writer = false;
  std::chrono::milliseconds duration{300};
};

struct EnterResult {
  double ns_per_call = 0;       // mean over the readers, by the wall clock
  double swaps_per_second = 0;  // of the writer, if there is one
};

// What the peers publish: the same work for every scheme, one indirect call that adds a constant. Freeing one poisons
// it, so that a scheme that frees too early is found out.
struct PeerVersion {
  int64_t (*function)(const PeerVersion*, int64_t);
  int64_t constant;
};
inline constexpr int64_t kPoison = -1'000'000'000;
int64_t AddConstant(const PeerVersion* version, int64_t x);
PeerVersion* NewPeerVersion();
void FreePeerVersion(PeerVersion* version);

inline void PinToCore(int core) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(core) % cores, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);  // on failure the figures are noisier, not wrong
}

template <class Scheme>
EnterResult MeasureEnter(const EnterPoint& point) {
  constexpr int kBatch = 64;
  using Clock = std::chrono::steady_clock;
  Scheme scheme;
  alignas(128) std::atomic<bool> stop{false};
  alignas(128) std::atomic<bool> go{false};
  std::atomic<int> ready{0};
  std::vector<double> ns(static_cast<size_t>(point.readers));

  const auto reader = [&](int index) {
    PinToCore(index);
    scheme.Register();
    ready.fetch_add(1);
    while (!go.load(std::memory_order_acquire)) std::this_thread::yield();
    uint64_t calls = 0;
    int64_t x = 0;
    const auto begin = Clock::now();
    while (!stop.load(std::memory_order_relaxed)) {
      for (int i = 0; i < kBatch; ++i) x = scheme.Call(x);
      calls += kBatch;
      if (x < 0) {
        std::fputs("a version was used after it was freed\n", stderr);
        std::abort();
      }
      x &= 0xffff;
    }
    const std::chrono::duration<double, std::nano> spent = Clock::now() - begin;
    ns[static_cast<size_t>(index)] = spent.count() / static_cast<double>(calls);
    scheme.Unregister();
  };
  double swaps_per_second = 0;
  const auto writer = [&] {
    PinToCore(point.readers);  // a core of its own, if there is one
    scheme.Register();
    ready.fetch_add(1);
    while (!go.load(std::memory_order_acquire)) std::this_thread::yield();
    uint64_t swaps = 0;
    const auto begin = Clock::now();
    for (; !stop.load(std::memory_order_relaxed); ++swaps) scheme.Swap();
    const std::chrono::duration<double> spent = Clock::now() - begin;
    swaps_per_second = static_cast<double>(swaps) / spent.count();
    scheme.Unregister();
  };

  std::vector<std::thread> threads;
  for (int i = 0; i < point.readers; ++i) threads.emplace_back(reader, i);
  if (point.writer) threads.emplace_back(writer);
  while (ready.load() < static_cast<int>(threads.size())) std::this_thread::yield();
  go.store(true, std::memory_order_release);
  std::this_thread::sleep_for(point.duration);
  stop.store(true, std::memory_order_relaxed);
  for (std::thread& thread : threads) thread.join();

  EnterResult result;
  for (double value : ns) result.ns_per_call += value / point.readers;
  result.swaps_per_second = swaps_per_second;
  return result;
}

EnterResult EnterMoult(const EnterPoint& point);
EnterResult EnterPlainLoad(const EnterPoint& point);
EnterResult EnterSharedPtr(const EnterPoint& point);
EnterResult EnterUrcuMemb(const EnterPoint& point);
EnterResult EnterUrcuBp(const EnterPoint& point);
EnterResult EnterUrcuQsbr(const EnterPoint& point);
EnterResult EnterBdwgc(const EnterPoint& point);

}  // namespace moult::bench
