// A version is kept while a thread is in it, wherever the one reference is; and is freed by the first collection after.
#include <signal.h>
#include <unistd.h>

#include "gc/scrub.h"
#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

// Addresses outside stacks are kept complemented, so that they hold nothing.
using Masked = uint64_t;

class InFlight : public HeapTest {
 protected:
  void SetUp() override {
    HeapTest::SetUp();
    number_ = FreshNumber();
    PublishTo(&slot(), number_, {CallBack(static_cast<uint32_t>(number_))});
  }
  Slot& slot() { return *slot_; }
  Masked MaskedVersion() {
    Masked masked = 0;
    Elsewhere([&] { masked = ~reinterpret_cast<uint64_t>(slot().Current().get()); });
    return masked;
  }
  Masked MaskedCode() {
    Masked masked = 0;
    Elsewhere([&] { masked = ~reinterpret_cast<uint64_t>(slot().Current()->code(0)); });
    return masked;
  }
  void Supersede() { PublishTo(&slot(), FreshNumber(), {ReturnConstant(1)}); }
  void ExpectKept(Place::Kind kind) {
    for (int i = 0; i < 3; ++i) CollectNow();
    for (const LiveVersion& version : Heap::LiveVersions()) {
      if (version.version != number_) continue;
      EXPECT_EQ(version.last_seen.kind, kind);
      EXPECT_EQ(version.last_seen_thread, worker_.tid());
      EXPECT_GT(version.last_seen_ns_ago, 0u);
      EXPECT_FALSE(version.current);
      return;
    }
    ADD_FAILURE() << "the version was freed in flight";
  }
  void ExpectFreedByTheNextCollection() {
#if defined(__SANITIZE_ADDRESS__)
    // AddressSanitizer's frames have large holes, in which what earlier frames saved shows through.
    worker_.Run([] { internal::ScrubStack<16 * 1024>(); });
#endif
    CollectNow();
    EXPECT_EQ(Alive(number_), 0u);
  }

  std::unique_ptr<Slot> slot_ = std::make_unique<Slot>();
  uint64_t number_ = 0;
  Worker worker_;
};

TEST_F(InFlight, HeldByTheTrampolinesFrameOnly) {
  Gate gate;
  worker_.Start([&] { EnterSlot(slot(), [](const Version*, void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate); });
  gate.AwaitArrival();
  Supersede();
  ExpectKept(Place::Kind::kStack);
  gate.Release();
  worker_.Wait();
  ExpectFreedByTheNextCollection();
}

TEST_F(InFlight, HeldThroughItsOwnCode) {
  Gate gate;
  worker_.Start([&] {
    Enter(slot(), [&](const Version* version) {
      auto code = reinterpret_cast<CallBackFunction>(const_cast<void*>(version->code(0)));
      code([](void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate);
    });
  });
  gate.AwaitArrival();
  Supersede();
  ExpectKept(Place::Kind::kStack);
  gate.Release();
  worker_.Wait();
  ExpectFreedByTheNextCollection();
}

// Not a legal use, since the trampoline is left out: the second line of defence. The version goes, the running code stays.
TEST_F(InFlight, ReturnAddressAloneKeepsTheCode) {
  CollectNow();
  Gate gate;
  const Masked code = MaskedCode();
  worker_.Run([] { EnsureRegistered(); });
  worker_.Start([&] {
    reinterpret_cast<CallBackFunction>(~code)([](void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate);
  });
  gate.AwaitArrival();
  const uint64_t blocks = Heap::counters().live_blocks;
  Supersede();
  for (int i = 0; i < 3; ++i) CollectNow();
  EXPECT_EQ(Alive(number_), 0u);
  EXPECT_EQ(Heap::counters().live_blocks, blocks + 1);
  gate.Release();
  worker_.Wait();
  CollectNow();
  EXPECT_EQ(Heap::counters().live_blocks, blocks);
}

// A loop that has the version in one register and nowhere else.
struct Holding {
  Masked version = 0;
  std::atomic<int> arrived{0};
  std::atomic<int> release{0};
  void Await() const {
    while (arrived.load() == 0) std::this_thread::yield();
  }
};

__attribute__((noinline)) void HoldInRbx(Holding* h) {
  asm volatile(
      "mov (%0), %%rbx\n not %%rbx\n movl $1, (%1)\n"
      "1: pause\n cmpl $0, (%2)\n je 1b\n xor %%ebx, %%ebx\n"
      :
      : "r"(&h->version), "r"(&h->arrived), "r"(&h->release)
      : "rbx", "memory", "cc");
}

__attribute__((noinline)) void HoldInXmm15(Holding* h) {
  asm volatile(
      "mov (%0), %%rax\n not %%rax\n movq %%rax, %%xmm15\n xor %%eax, %%eax\n movl $1, (%1)\n"
      "1: pause\n cmpl $0, (%2)\n je 1b\n pxor %%xmm15, %%xmm15\n"
      :
      : "r"(&h->version), "r"(&h->arrived), "r"(&h->release)
      : "rax", "xmm15", "memory", "cc");
}

__attribute__((noinline, target("avx"))) void HoldInUpperYmm15(Holding* h) {
  asm volatile(
      "mov (%0), %%rax\n not %%rax\n vmovq %%rax, %%xmm14\n xor %%eax, %%eax\n vpxor %%xmm15, %%xmm15, %%xmm15\n"
      "vinsertf128 $1, %%xmm14, %%ymm15, %%ymm15\n vpxor %%xmm14, %%xmm14, %%xmm14\n movl $1, (%1)\n"
      "1: pause\n cmpl $0, (%2)\n je 1b\n vzeroall\n"
      :
      : "r"(&h->version), "r"(&h->arrived), "r"(&h->release)
      : "rax", "xmm14", "xmm15", "memory", "cc");
}

struct RegisterCase {
  const char* name;
  void (*hold)(Holding*);
  Place::Kind kind;
  bool available;
};

class InRegister : public InFlight, public ::testing::WithParamInterface<RegisterCase> {};

TEST_P(InRegister, KeepsTheVersion) {
  if (!GetParam().available) GTEST_SKIP() << "the processor lacks it";
  Holding holding;
  holding.version = MaskedVersion();
  worker_.Run([] { EnsureRegistered(); });
  worker_.Start([&] { GetParam().hold(&holding); });
  holding.Await();
  Supersede();
  ExpectKept(GetParam().kind);
  holding.release = 1;
  worker_.Wait();
  ExpectFreedByTheNextCollection();
}

INSTANTIATE_TEST_SUITE_P(
    Registers, InRegister,
    ::testing::Values(RegisterCase{"Rbx", HoldInRbx, Place::Kind::kGeneralRegister, true},
                      RegisterCase{"Xmm15", HoldInXmm15, Place::Kind::kVectorRegister, true},
                      RegisterCase{"UpperYmm15", HoldInUpperYmm15, Place::Kind::kVectorRegister,
                                   __builtin_cpu_supports("avx") != 0}),
    [](const auto& instance) { return instance.param.name; });

TEST_F(InFlight, ThreadBlockedInRead) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::atomic<bool> inside{false};
  char byte = 0;
  worker_.Start([&] {
    Enter(slot(), [&](const Version*) {
      inside = true;
      EXPECT_EQ(read(ends[0], &byte, 1), 1);  // SA_RESTART: not interrupted
    });
  });
  while (!inside) std::this_thread::yield();
  Supersede();
  ExpectKept(Place::Kind::kStack);
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  worker_.Wait();
  EXPECT_EQ(byte, 'x');
  ExpectFreedByTheNextCollection();
  close(ends[0]);
  close(ends[1]);
}

Gate* handler_gate = nullptr;

TEST_F(InFlight, ThreadInsideTheHostsSignalHandler) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer blocks all signals in handlers";
#endif
  Gate gate;
  handler_gate = &gate;
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = [](int) { handler_gate->Arrive(); };
  sigaction(SIGUSR1, &action, &before);
  worker_.Start([&] { Enter(slot(), [](const Version*) { raise(SIGUSR1); }); });
  gate.AwaitArrival();
  Supersede();
  ExpectKept(Place::Kind::kStack);
  gate.Release();
  worker_.Wait();
  sigaction(SIGUSR1, &before, nullptr);
  ExpectFreedByTheNextCollection();
}

// The handler runs on an alternate stack, where a scan would miss the thread's frames: nothing may be freed meanwhile.
TEST_F(InFlight, ThreadOnAnAlternateSignalStackFreesNothing) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer blocks all signals in handlers";
#endif
  Gate gate;
  handler_gate = &gate;
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = [](int) { handler_gate->Arrive(); };
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, &before);
  std::vector<char> alternate(size_t{256} * 1024);
  worker_.Start([&] {
    stack_t stack = {};
    stack.ss_sp = alternate.data();
    stack.ss_size = alternate.size();
    stack_t old = {};
    sigaltstack(&stack, &old);
    Enter(slot(), [](const Version*) { raise(SIGUSR1); });
    sigaltstack(&old, nullptr);
  });
  gate.AwaitArrival();
  Supersede();
  const CollectResult result = Heap::Collect();
  EXPECT_FALSE(result.verdict);
  EXPECT_EQ(result.silent_thread, worker_.tid());
  EXPECT_EQ(Alive(number_), 1u);
  gate.Release();
  worker_.Wait();
  sigaction(SIGUSR1, &before, nullptr);
  ExpectFreedByTheNextCollection();
}

// What a host function would do between two looks at the version: frames come and go below, of random depth and content.
__attribute__((noinline)) uint64_t Wander(uint64_t depth, std::minstd_rand* random) {
  volatile uint64_t frame[16];
  for (auto& word : frame) word = (*random)();
  const uint64_t below = depth == 0 ? 0 : Wander(depth - 1, random);
  return below + frame[(*random)() % 16];
}

TEST_F(InFlight, FreedByTheFirstCollectionAfterItsLastUse) {
  const uint64_t seed = Seed();
  constexpr int kRuns = 100;
  int kept_in_flight = 0;
  int freed = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::minstd_rand random(static_cast<uint32_t>(seed + static_cast<uint64_t>(run)));
    const uint64_t number = FreshNumber();
    PublishTo(&slot(), number, {CallBack(random())});
    Gate gate;
    const uint64_t before = random() % 20;
    const uint64_t after = random() % 20;
    worker_.Start([&] {
      Wander(before, &random);
      Enter(slot(), [&](const Version* version) {
        Wander(after, &random);
        reinterpret_cast<CallBackFunction>(const_cast<void*>(version->code(0)))(
            [](void* g) { static_cast<Gate*>(g)->Arrive(); }, &gate);
      });
      Wander(before, &random);
    });
    gate.AwaitArrival();
    Supersede();
    CollectNow();
    kept_in_flight += static_cast<int>(Alive(number));
    gate.Release();
    worker_.Wait();
    CollectNow();
    freed += Alive(number) == 0;
  }
  EXPECT_EQ(kept_in_flight, kRuns);
  EXPECT_GE(freed, 99);
}

}  // namespace
}  // namespace moult::gc
