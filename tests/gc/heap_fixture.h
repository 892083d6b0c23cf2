// What the tests of the heap share: hand-made code, versions, threads in known places, recorded events.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gc/heap.h"
#include "gc/slot.h"
#include "tests/support/elsewhere.h"

namespace moult::gc {

using Bytes = std::vector<std::byte>;

Bytes Code(std::initializer_list<int> bytes);
// int f(): returns `value`. Code of its own for each value.
Bytes ReturnConstant(uint32_t value);
// void f(void (*callback)(void*), void* argument): calls back in an ordinary frame. `salt` makes blocks differ.
Bytes CallBack(uint32_t salt);

using IntFunction = int (*)();
using CallBackFunction = void (*)(void (*callback)(void*), void* argument);

VersionSpec SpecOf(uint64_t number, const std::vector<Bytes>& blocks);
// Fails the test when the version cannot be made.
Pin MakeVersion(uint64_t number, const std::vector<Bytes>& blocks);

using test::Elsewhere;
// Makes and publishes a version elsewhere.
void PublishTo(Slot* slot, uint64_t number, const std::vector<Bytes>& blocks);
// A version number that no other test of the process has.
uint64_t FreshNumber();

// Versions with this number that are alive: 0 or 1.
size_t Alive(uint64_t number);
// A collection with a verdict, or a failed test.
CollectResult CollectNow();

// The seed of a random test: MOULT_SEED, or a new one; printed.
uint64_t Seed();

// One thread's point of rest: Arrive blocks until Release. Wakes by condition variable.
class Gate {
 public:
  void Arrive();
  void AwaitArrival(int count = 1);
  void Release();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

// A thread that can be given work piece by piece; its stack stays.
class Worker {
 public:
  Worker();
  ~Worker();
  // Runs `f` there and waits for it.
  void Run(std::function<void()> f);
  // Starts `f` there; Wait waits for it.
  void Start(std::function<void()> f);
  void Wait();
  int tid() const { return tid_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> work_;
  bool stop_ = false;
  int tid_ = 0;
  std::thread thread_;
};

// Remembers events, in order.
class Recorder final : public Observer {
 public:
  Recorder() { Heap::AddObserver(this); }
  ~Recorder() { Heap::RemoveObserver(this); }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  void OnEvent(const Event& event) noexcept override;
  std::vector<Event> Events();
  // Events of one version.
  std::vector<Event> Of(uint64_t version);
  // Blocks until an event satisfies the predicate.
  Event Await(const std::function<bool(const Event&)>& predicate);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
};

// Runs `body` in a process of its own where the heap has `options`, and expects it to succeed without failures. The body
// must not return normally when it finds something wrong: it uses Require.
#define MOULT_IN_FRESH_PROCESS(...)                          \
  EXPECT_EXIT(                                               \
      {                                                      \
        __VA_ARGS__;                                         \
        fflush(nullptr);                                     \
        _exit(::testing::Test::HasFailure() ? 1 : 0);        \
      },                                                     \
      ::testing::ExitedWithCode(0), "")

// Every test here: no automatic collection, so that each collection is the test's own.
class HeapTest : public ::testing::Test {
 protected:
  void SetUp() override;
};
// The test configures the heap itself, in a fresh process.
class FreshHeapTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

}  // namespace moult::gc
