// What needs a process of its own: options, bdwgc's environment variables, the collector running by itself, fork.
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

class FreshHeap : public FreshHeapTest {};

void ConfigureOrDie(const HeapOptions& options) {
  const Status status = Heap::Configure(options);
  ASSERT_TRUE(status.ok()) << status.error().message;
}

int CallCurrent(const Slot& slot) {
  int result = 0;
  Elsewhere([&] {
    Enter(slot, [&](const Version* version) {
      result = reinterpret_cast<IntFunction>(const_cast<void*>(version->code(0)))();
    });
  });
  return result;
}

// Publishes and collects until the work is done, in whatever state the process is.
void UseTheHeap() {
  auto slot = std::make_unique<Slot>();
  for (uint32_t i = 1; i <= 50; ++i) {
    const uint64_t number = FreshNumber();
    PublishTo(slot.get(), number, {ReturnConstant(i)});
    EXPECT_EQ(CallCurrent(*slot), static_cast<int>(i));
    PublishTo(slot.get(), FreshNumber(), {ReturnConstant(1000 + i)});
    CollectNow();
    EXPECT_EQ(Alive(number), 0u);
  }
}

struct Variable {
  const char* name;
  const char* value;
};

class Environment : public FreshHeapTest, public ::testing::WithParamInterface<Variable> {};

TEST_P(Environment, OfBdwgcChangesNothing) {
  MOULT_IN_FRESH_PROCESS({
    setenv(GetParam().name, GetParam().value, 1);
    UseTheHeap();
    EXPECT_STREQ(getenv(GetParam().name), GetParam().value);  // the host's environment is as it was
  });
}

INSTANTIATE_TEST_SUITE_P(
    Variables, Environment,
    ::testing::Values(Variable{"GC_ENABLE_INCREMENTAL", "1"}, Variable{"GC_FIND_LEAK", "1"}, Variable{"GC_DONT_GC", "1"},
                      Variable{"GC_ALL_INTERIOR_POINTERS", "0"}, Variable{"GC_INITIAL_HEAP_SIZE", "64M"},
                      Variable{"GC_MAXIMUM_HEAP_SIZE", "8192"}, Variable{"GC_USE_ENTIRE_HEAP", "1"},
                      Variable{"GC_MARKERS", "8"}, Variable{"GC_PRINT_STATS", "1"}, Variable{"GC_TRACE", "0x1000"},
                      Variable{"GC_FORCE_UNMAP_ON_GCOLLECT", "1"}, Variable{"GC_UNMAP_THRESHOLD", "0"},
                      Variable{"GC_RETRY_SIGNALS", "0"}, Variable{"GC_LOOP_ON_ABORT", "1"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(FreshHeap, CollectsByItselfAfterAPublishAndGoesToRest) {
  MOULT_IN_FRESH_PROCESS({
    Recorder recorder;
    auto slot = std::make_unique<Slot>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    PublishTo(slot.get(), 2, {ReturnConstant(2)});
    recorder.Await([](const Event& e) { return e.kind == Event::Kind::kReclaimed && e.version == 1; });
    EXPECT_EQ(Alive(2), 1u);
  });
}

TEST_F(FreshHeap, LastUnpinWakesTheCollector) {
  MOULT_IN_FRESH_PROCESS({
    HeapOptions options;
    options.backoff_first = options.backoff_last = std::chrono::hours(20);  // only the unpin can be in time
    ConfigureOrDie(options);
    Recorder recorder;
    auto slot = std::make_unique<Slot>();
    auto pin = std::make_unique<Pin>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    Elsewhere([&] { *pin = slot->Current(); });
    PublishTo(slot.get(), 2, {ReturnConstant(2)});
    CollectNow();
    EXPECT_EQ(Alive(1), 1u);
    // The next cycle may begin only backoff_first after the last one, or when 64 versions wait.
    for (uint64_t i = 3; i < 80; ++i) PublishTo(slot.get(), i, {ReturnConstant(static_cast<uint32_t>(i))});
    recorder.Await([](const Event& e) { return e.kind == Event::Kind::kReclaimed && e.version == 2; });
    Elsewhere([&] { pin->Reset(); });
    CollectNow();
    EXPECT_EQ(Alive(1), 0u);
  });
}

TEST_F(FreshHeap, LimitOfLiveVersionsNamesTheHolder) {
  MOULT_IN_FRESH_PROCESS({
    HeapOptions options;
    options.automatic = false;
    options.max_live_versions = 4;
    ConfigureOrDie(options);
    auto slot = std::make_unique<Slot>();
    auto pin = std::make_unique<Pin>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    Elsewhere([&] { *pin = slot->Current(); });
    for (uint64_t i = 2; i <= 4; ++i) PublishTo(slot.get(), i, {ReturnConstant(1)});
    auto refused = Heap::Create(SpecOf(5, {ReturnConstant(1)}));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, "E-version-limit");
    EXPECT_NE(refused.error().message.find("version 1 is held by 1 pins"), std::string::npos) << refused.error().message;
    CollectNow();
    Elsewhere([&] { EXPECT_TRUE(Heap::Create(SpecOf(5, {ReturnConstant(1)})).ok()); });
  });
}

TEST_F(FreshHeap, ChainsToAHandlerThatTheHostHadBefore) {
  MOULT_IN_FRESH_PROCESS({
    static std::atomic<int> hosts{0};
    struct sigaction action = {};
    action.sa_handler = [](int) { ++hosts; };
    sigaction(SIGUSR2, &action, nullptr);
    HeapOptions options;
    options.signal = SIGUSR2;
    options.automatic = false;
    ConfigureOrDie(options);
    UseTheHeap();
    EXPECT_EQ(hosts, 0);  // the collector's own signals are not passed on
    raise(SIGUSR2);
    EXPECT_EQ(hosts, 1);
  });
}

TEST_F(FreshHeap, FindsItsHandlerReplacedAndPutsItBack) {
  MOULT_IN_FRESH_PROCESS({
    static std::atomic<int> hosts{0};
    HeapOptions options;
    options.silent_after = std::chrono::milliseconds(1);
    options.signal = SIGUSR2;
    options.automatic = false;
    ConfigureOrDie(options);
    UseTheHeap();
    struct sigaction action = {};
    action.sa_handler = [](int) { ++hosts; };
    sigaction(SIGUSR2, &action, nullptr);
    EnsureRegistered();
    CollectNow();  // the first signal goes to the host's handler, unless it is delivered after the reminder put ours back
    const int before = hosts;
    EXPECT_LE(before, 1);
    raise(SIGUSR2);
    EXPECT_EQ(hosts, before + 1);
  });
}

TEST_F(FreshHeap, HundredsOfVersionsAtOnce) {
  MOULT_IN_FRESH_PROCESS({
    HeapOptions options;
    options.automatic = false;
    ConfigureOrDie(options);
    Elsewhere([] {
      std::vector<Pin> pins;
      for (uint32_t i = 0; i < 1000; ++i) pins.push_back(MakeVersion(i, {ReturnConstant(i), ReturnConstant(i / 7)}));
      EXPECT_EQ(Heap::counters().live_versions, 1000u);
    });
    CollectNow();
    EXPECT_LE(Heap::counters().live_versions, 3u);  // threads + 2
    CollectNow();
    EXPECT_EQ(Heap::counters().live_versions, 0u);
    EXPECT_EQ(Heap::counters().live_blocks, 0u);
    EXPECT_EQ(Heap::counters().live_code_bytes, 0u);
  });
}

#ifndef __SANITIZE_THREAD__  // it cannot start threads in a forked child

int ExitCodeOf(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

TEST_F(FreshHeap, ForkedChildPublishesAndCollects) {
  MOULT_IN_FRESH_PROCESS({
    auto slot = std::make_unique<Slot>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    PublishTo(slot.get(), 2, {ReturnConstant(2)});
    Gate gate;
    Worker other;  // does not exist in the child
    other.Start([&] { EnterSlot(*slot, [](const Version*, void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate); });
    gate.AwaitArrival();
    const pid_t child = fork();
    if (child == 0) {
      EXPECT_EQ(CallCurrent(*slot), 2);
      UseTheHeap();
      EXPECT_EQ(Heap::counters().threads, 0u);
      _exit(HasFailure() ? 1 : 0);
    }
    EXPECT_EQ(ExitCodeOf(child), 0);
    gate.Release();
    other.Wait();
    UseTheHeap();  // the parent goes on
  });
}

TEST_F(FreshHeap, ForkInsideEnterKeepsTheVersionInTheChild) {
  MOULT_IN_FRESH_PROCESS({
    auto slot = std::make_unique<Slot>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    Elsewhere([&] {
      Enter(*slot, [&](const Version* version) {
        const pid_t child = fork();
        if (child == 0) {
          PublishTo(slot.get(), 2, {ReturnConstant(2)});
          CollectNow();
          EXPECT_EQ(Alive(1), 1u);
          EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>(version->code(0)))(), 1);
          _exit(HasFailure() ? 1 : 0);
        }
        EXPECT_EQ(ExitCodeOf(child), 0);
      });
    });
  });
}

#ifndef __SANITIZE_ADDRESS__  // its allocator, which takes no lock at a fork, hangs the child when another thread was inside it
TEST_F(FreshHeap, ForkWhilePublishingFlatOut) {
  MOULT_IN_FRESH_PROCESS({
    std::atomic<bool> stop{false};
    auto slot = std::make_unique<Slot>();
    std::thread publisher([&] {
      // Takes no lock that the child needs too, as SpecOf does, and no number that the child gives to another version.
      for (uint32_t i = 0; !stop; ++i) {
        const Bytes code = ReturnConstant(i);
        VersionSpec spec;
        spec.number = (uint64_t{1} << 32) + i;
        spec.blocks.push_back({code, {}});
        auto made = Heap::Create(spec);
        EXPECT_TRUE(!made.ok() || slot->Publish(*made).ok());
      }
    });
    for (int i = 0; i < 20; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        UseTheHeap();
        _exit(HasFailure() ? 1 : 0);
      }
      EXPECT_EQ(ExitCodeOf(child), 0);
    }
    stop = true;
    publisher.join();
  });
}
#endif

#endif

}  // namespace
}  // namespace moult::gc
