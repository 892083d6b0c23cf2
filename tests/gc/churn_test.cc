// Threads that enter while versions change as fast as they can. MOULT_CHURN_PUBLISHES sets how many (20,000).
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

uint32_t Publishes() {
  const char* given = getenv("MOULT_CHURN_PUBLISHES");
  if (given != nullptr) return static_cast<uint32_t>(strtoul(given, nullptr, 10));
  return kSanitized ? 2000 : 20000;
}

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total = 0;
  size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// After the garbage is gone; a collection on request gives its memory back.
size_t ResidentAtRest() {
  CollectNow();
  CollectNow();  // takes what the first one's finalizers let go
  return ResidentBytes();
}

// Version n holds code that returns n: whoever runs other code than its version's, or code that was freed, sees it.
class Reader {
 public:
  explicit Reader(const Slot& slot, std::atomic<uint64_t>* newest) : thread_([this, &slot, newest] { Run(slot, newest); }) {}
  void Stop() {
    stop_ = true;
    thread_.join();
  }
  uint64_t entered() const { return entered_; }
  uint64_t wrong() const { return wrong_; }

 private:
  void Run(const Slot& slot, const std::atomic<uint64_t>* newest) {
    while (!stop_.load(std::memory_order_relaxed)) {
      const uint64_t floor = newest->load(std::memory_order_acquire);
      Enter(slot, [&](const Version* version) {
        const auto value = static_cast<uint64_t>(reinterpret_cast<IntFunction>(const_cast<void*>(version->code(0)))());
        wrong_ += value != version->number() || value < floor;
      });
      ++entered_;
    }
  }

  std::atomic<bool> stop_{false};
  uint64_t entered_ = 0;
  uint64_t wrong_ = 0;
  std::thread thread_;
};

TEST(Churn, EveryRequestRunsOneVersionNotOlderThanItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  MOULT_IN_FRESH_PROCESS({
    const uint32_t publishes = Publishes();
    auto slot = std::make_unique<Slot>();
    std::atomic<uint64_t> newest{0};
    PublishTo(slot.get(), 0, {ReturnConstant(0)});
    std::vector<std::unique_ptr<Reader>> readers;
    for (int i = 0; i < 4; ++i) readers.push_back(std::make_unique<Reader>(*slot, &newest));
    size_t resident = 0;
    uint64_t refused = 0;
    Elsewhere([&] {
      for (uint32_t i = 1; i <= publishes; ++i) {
        auto made = Heap::Create(SpecOf(i, {ReturnConstant(i)}));
        while (!made.ok()) {  // the limit: a reader has not had a processor for long
          ASSERT_EQ(made.error().code, "E-version-limit");
          ++refused;
          (void)Heap::Collect();
          made = Heap::Create(SpecOf(i, {ReturnConstant(i)}));
        }
        ASSERT_TRUE(slot->Publish(*made).ok());
        newest.store(i, std::memory_order_release);
        // Bounds the garbage, and so the peak of memory, where readers wait for a processor longer than cycles should take.
        if (i % 256 == 0) CollectNow();
        if (i == publishes / 2) resident = ResidentAtRest();
      }
    });
    const size_t resident_after = ResidentAtRest();
    const size_t grown = resident_after - std::min(resident_after, resident);
    EXPECT_LE(Heap::counters().live_versions, 1u + 4u + 2u);  // current, one for each thread, two
    for (auto& reader : readers) {
      reader->Stop();
      EXPECT_GT(reader->entered(), 0u);
      EXPECT_EQ(reader->wrong(), 0u);
    }
    CollectNow();
    const Counters counters = Heap::counters();
    EXPECT_LE(counters.live_versions, 2u);
    EXPECT_EQ(counters.published, publishes + 1u);
    EXPECT_EQ(counters.superseded, uint64_t{publishes});
    EXPECT_EQ(counters.reclaimed + counters.live_versions, publishes + 1u);
    EXPECT_LE(kSanitized ? 0 : grown, size_t{2} << 20);
    printf("publishes %u refused %lu cycles %lu scans %lu scan ns mean %lu max %lu grown %zu\n", publishes, refused,
           counters.cycles, counters.scans, counters.scan_ns_total / std::max<uint64_t>(counters.scans, 1),
           counters.scan_ns_max, grown);
  });
}

TEST(Churn, PinsWanderBetweenThreads) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  MOULT_IN_FRESH_PROCESS({
    constexpr int kThreads = 4;
    auto slot = std::make_unique<Slot>();
    PublishTo(slot.get(), 1, {ReturnConstant(1)});
    std::mutex mutex;
    std::vector<Pin> shared(16);
    std::atomic<bool> stop{false};
    std::atomic<uint64_t> wrong{0};
    std::vector<std::thread> threads;
    const uint64_t seed = Seed();
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        std::minstd_rand random(static_cast<uint32_t>(seed + static_cast<uint64_t>(t)));
        while (!stop) {
          Pin pin = slot->Current();
          {
            std::lock_guard lock(mutex);
            std::swap(pin, shared[random() % shared.size()]);
          }
          if (!pin) continue;
          // Entered through the pin, and used after the pin is gone: the frame holds it.
          Enter(pin.get(), [&](const Version* version) {
            pin.Reset();
            const auto value = reinterpret_cast<IntFunction>(const_cast<void*>(version->code(0)))();
            wrong += static_cast<uint64_t>(value) != version->number();
          });
        }
      });
    }
    Elsewhere([&] {
      for (uint32_t i = 2; i <= Publishes() / 4; ++i) {
        auto made = Heap::Create(SpecOf(i, {ReturnConstant(i)}));
        EXPECT_TRUE(!made.ok() || slot->Publish(*made).ok());
      }
    });
    stop = true;
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0u);
    shared.clear();
    CollectNow();
    CollectNow();
    EXPECT_LE(Heap::counters().live_versions, 2u);
  });
}

}  // namespace
}  // namespace moult::gc
