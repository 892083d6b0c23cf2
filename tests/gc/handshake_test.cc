// The handshake in mid-cycle: a thread that blocks the collector's signal holds a cycle open while other things happen.
#include "gc/thread.h"

#include <pthread.h>
#include <signal.h>

#include <future>

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr int kSignal = SIGSYS;
#else
constexpr int kSignal = SIGURG;
#endif

void MaskSignal(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, kSignal);
  pthread_sigmask(how, &set, nullptr);
}

// A cycle that stays open: begun, every thread but the silent one scanned.
class OpenCycle {
 public:
  OpenCycle() {
    silent_.Run([] {
      EnsureRegistered();
      MaskSignal(SIG_BLOCK);
    });
    const Counters before = Heap::counters();
    collecting_ = std::async(std::launch::async, [] { return Heap::Collect(std::chrono::minutes(5)); });
    // Every thread but one has been scanned; a thread that leaves meanwhile needs no scan.
    while (Heap::counters().cycles == before.cycles) std::this_thread::yield();
    while (true) {
      const Counters now = Heap::counters();
      if (now.scans - before.scans + 1 >= now.threads) break;
      std::this_thread::yield();
    }
  }
  ~OpenCycle() {
    if (collecting_.valid()) Close();
  }
  CollectResult Close() {
    silent_.Run([] { MaskSignal(SIG_UNBLOCK); });
    return collecting_.get();
  }
  int silent_tid() const { return silent_.tid(); }

 private:
  Worker silent_;
  std::future<CollectResult> collecting_;
};

class Handshakes : public HeapTest {
 protected:
  Slot& slot() { return *slot_; }
  // A superseded version with one pin.
  uint64_t PinnedSuperseded(Pin* pin) {
    const uint64_t number = FreshNumber();
    PublishTo(&slot(), number, {ReturnConstant(static_cast<uint32_t>(number))});
    Elsewhere([&] { *pin = slot().Current(); });
    PublishTo(&slot(), FreshNumber(), {ReturnConstant(1)});
    return number;
  }
  std::unique_ptr<Slot> slot_ = std::make_unique<Slot>();
};

TEST_F(Handshakes, VersionHandedByPinToAThreadAlreadyScanned) {
  auto pin = std::make_unique<Pin>();
  const uint64_t number = PinnedSuperseded(pin.get());
  Worker taker;
  taker.Run([] { EnsureRegistered(); });
  Gate gate;
  {
    OpenCycle cycle;
    taker.Start([&] {
      EnterVersion(pin->get(), [](const Version*, void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate);
    });
    gate.AwaitArrival();
    Elsewhere([&] { pin->Reset(); });
    EXPECT_TRUE(cycle.Close().verdict);
    EXPECT_EQ(Alive(number), 1u) << "freed though a thread that was scanned before the hand-over is in it";
  }
  CollectNow();
  EXPECT_EQ(Alive(number), 1u);
  gate.Release();
  taker.Wait();
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(Handshakes, VersionHandedToAThreadThatArrivesInMidCycle) {
  auto pin = std::make_unique<Pin>();
  const uint64_t number = PinnedSuperseded(pin.get());
  Gate gate;
  std::unique_ptr<Worker> arrival;
  {
    OpenCycle cycle;
    arrival = std::make_unique<Worker>();
    arrival->Start([&] {
      EnterVersion(pin->get(), [](const Version*, void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate);
    });
    gate.AwaitArrival();
    Elsewhere([&] { pin->Reset(); });
    EXPECT_TRUE(cycle.Close().verdict);
  }
  EXPECT_EQ(Alive(number), 1u);
  gate.Release();
  arrival->Wait();
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(Handshakes, RollbackInMidCycle) {
  auto pin = std::make_unique<Pin>();
  const uint64_t number = PinnedSuperseded(pin.get());
  Worker reader;
  reader.Run([] { EnsureRegistered(); });
  Gate gate;
  {
    OpenCycle cycle;
    Elsewhere([&] { EXPECT_TRUE(slot().Publish(*pin).ok()); });
    reader.Start([&] { EnterSlot(slot(), [](const Version*, void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate); });
    gate.AwaitArrival();
    PublishTo(&slot(), FreshNumber(), {ReturnConstant(2)});
    Elsewhere([&] { pin->Reset(); });
    EXPECT_TRUE(cycle.Close().verdict);
    EXPECT_EQ(Alive(number), 1u);
  }
  gate.Release();
  reader.Wait();
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(Handshakes, VersionSupersededAfterTheCycleBeganIsNotItsCandidate) {
  const uint64_t number = FreshNumber();
  PublishTo(&slot(), number, {ReturnConstant(3)});
  OpenCycle cycle;
  PublishTo(&slot(), FreshNumber(), {ReturnConstant(4)});
  EXPECT_TRUE(cycle.Close().verdict);
  EXPECT_EQ(Alive(number), 1u);
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(Handshakes, SilentThreadDelaysOnlyReclamationAndIsReported) {
  Recorder recorder;
  const uint64_t first = FreshNumber();
  PublishTo(&slot(), first, {ReturnConstant(5)});
  PublishTo(&slot(), FreshNumber(), {ReturnConstant(6)});
  OpenCycle cycle;
  const Event silent = recorder.Await([&](const Event& e) { return e.kind == Event::Kind::kSilentThread; });
  EXPECT_EQ(silent.thread, cycle.silent_tid());
  EXPECT_GT(silent.nanoseconds, 0u);
  const uint64_t second = FreshNumber();
  PublishTo(&slot(), second, {ReturnConstant(7)});
  Elsewhere([&] { Enter(slot(), [&](const Version* version) { EXPECT_EQ(version->number(), second); }); });
  const CollectResult other = Heap::Collect(std::chrono::milliseconds(1));
  EXPECT_FALSE(other.verdict);
  EXPECT_EQ(other.silent_thread, cycle.silent_tid());
  EXPECT_EQ(Alive(first), 1u);
  const CollectResult result = cycle.Close();
  EXPECT_TRUE(result.verdict);
  EXPECT_EQ(Alive(first), 0u);
}

TEST_F(Handshakes, ThreadThatExitsInMidCycleHasAnswered) {
  const uint64_t first = FreshNumber();
  PublishTo(&slot(), first, {ReturnConstant(8)});
  PublishTo(&slot(), FreshNumber(), {ReturnConstant(9)});
  auto silent = std::make_unique<Worker>();
  silent->Run([] {
    EnsureRegistered();
    MaskSignal(SIG_BLOCK);
  });
  const uint64_t cycles = Heap::counters().cycles;
  auto collecting = std::async(std::launch::async, [] { return Heap::Collect(std::chrono::minutes(5)); });
  while (Heap::counters().cycles == cycles) std::this_thread::yield();
  silent.reset();
  EXPECT_TRUE(collecting.get().verdict);
  EXPECT_EQ(Alive(first), 0u);
}

TEST_F(Handshakes, RegistrationUnblocksTheSignal) {
  Elsewhere([] {
    MaskSignal(SIG_BLOCK);
    Elsewhere([] {  // inherits the mask
      EnsureRegistered();
      sigset_t mask;
      pthread_sigmask(SIG_BLOCK, nullptr, &mask);
      EXPECT_EQ(sigismember(&mask, kSignal), 0);
      CollectNow();
    });
  });
}

TEST_F(Handshakes, ThreadsComeAndGo) {
  (void)Heap::counters();
  const uint64_t before = Heap::counters().threads;
  Gate gate;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      EnsureRegistered();
      gate.Arrive();
    });
  }
  gate.AwaitArrival(8);
  EXPECT_EQ(Heap::counters().threads, before + 8);
  gate.Release();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Heap::counters().threads, before);
}

// A thread that uses the heap in a destructor of its thread-local storage, after it has left, registers again and leaves again.
struct LateUse {
  Slot* slot = nullptr;
  std::atomic<uint64_t>* seen = nullptr;
};

TEST_F(Handshakes, ThreadMayComeBackFromAThreadLocalDestructor) {
  const uint64_t number = FreshNumber();
  PublishTo(&slot(), number, {ReturnConstant(10)});
  (void)Heap::counters();
  const uint64_t before = Heap::counters().threads;
  static pthread_key_t key;
  // Made after the collector's own key, so its destructor runs after the collector's in each round.
  ASSERT_EQ(pthread_key_create(&key, [](void* data) {
              auto* use = static_cast<LateUse*>(data);
              Enter(*use->slot, [&](const Version* version) { *use->seen = version->number(); });
            }), 0);
  std::atomic<uint64_t> seen{0};
  LateUse use{&slot(), &seen};
  Elsewhere([&] {
    EnsureRegistered();
    pthread_setspecific(key, &use);
  });
  EXPECT_EQ(seen, number);
  EXPECT_EQ(Heap::counters().threads, before);
  CollectNow();
  pthread_key_delete(key);
}

TEST_F(Handshakes, OwnStackIsToldFromOtherMemory) {
  int local = 0;
  static int global = 0;
  static thread_local int tls = 0;
  auto heap = std::make_unique<int>(0);
  EXPECT_TRUE(OnOwnStack(&local));
  EXPECT_FALSE(OnOwnStack(&global));
  EXPECT_FALSE(OnOwnStack(&tls));
  EXPECT_FALSE(OnOwnStack(heap.get()));
  EXPECT_FALSE(OnOwnStack(nullptr));
  Elsewhere([&] {
    int other = 0;
    EXPECT_TRUE(OnOwnStack(&other));
    EXPECT_FALSE(OnOwnStack(&local));
  });
}

TEST_F(Handshakes, StraySignalsAreIgnoredAndErrnoIsKept) {
  EnsureRegistered();
  errno = 77;
  raise(kSignal);
  EXPECT_EQ(errno, 77);
  CollectNow();
}

}  // namespace
}  // namespace moult::gc
