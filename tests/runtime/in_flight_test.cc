// A request held inside a host function keeps its version, sees it through to its end, and lets it go: the first
// collection after frees the version.
#include <cstdio>
#include <random>
#include <semaphore>
#include <thread>

#include "tests/runtime/fixture.h"
#include "tests/support/seed.h"

namespace moult::test {
namespace {

constexpr int kRuns = 100;
constexpr int kFreedAtOnce = 99;  // what is promised of a conservative scan

std::string Waiting(int64_t score) {
  return std::string(kHeader) + "source wait(n: int) -> int\n" + "rule held { when wait(n) == n then score +" +
         std::to_string(score) + " \"held {name}\" }\n" +
         "rule after { when name.contains(\"z\") then score +1000 \"after {name}\" }\n";
}

TEST(InFlight, AVersionIsKeptThroughItsRequestAndFreedByTheFirstCollectionAfter) {
  std::mt19937_64 random(Seed());
  const auto engine = MakeEngine();
  std::counting_semaphore<> entered(0), leave(0);
  ASSERT_TRUE(engine
                  ->BindSource("wait",
                               [&](auto arguments) {
                                 entered.release();
                                 leave.acquire();
                                 return SourceValue::Int(arguments[0].AsInt());
                               })
                  .ok());
  Publish(*engine, Waiting(1));
  const JsonPolicy policy = FindJson(*engine);

  int freed_at_once = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto held = static_cast<int64_t>(random() % 100) + 1;
    const uint64_t version = Publish(*engine, Waiting(held)).number;
    ASSERT_TRUE(Engine::Collect());

    std::counting_semaphore<> decided(0), quit(0);
    std::thread request([&] {
      Context context(*engine);
      context.set_detail(Detail::kFull);
      Decision d;
      const Status status = policy.Decide(context, R"({"n":7,"name":"zoe"})", &d);
      EXPECT_TRUE(status.ok());
      EXPECT_EQ(d.version(), version);
      EXPECT_EQ(d.score(), held + 1000);
      EXPECT_EQ(d.rules()[0].reason, "held zoe") << "rendered after the version was superseded";
      decided.release();
      quit.acquire();  // the thread stays registered while the collection runs
    });
    entered.acquire();
    const int publishes = static_cast<int>(random() % 3) + 1;
    for (int i = 0; i < publishes; ++i) Publish(*engine, Waiting(200 + i));
    const Pinned current = engine->Pin();
    const int collections = static_cast<int>(random() % 3) + 1;
    for (int i = 0; i < collections; ++i) ASSERT_TRUE(Engine::Collect());
    const uint64_t alive = Engine::Counters().live_versions;
    leave.release();
    decided.acquire();
    ASSERT_TRUE(Engine::Collect());
    freed_at_once += Engine::Counters().live_versions < alive;
    quit.release();
    request.join();
  }
  std::printf("%d of %d freed by the first collection\n", freed_at_once, kRuns);
  EXPECT_GE(freed_at_once, kFreedAtOnce) << "of " << kRuns;
}

}  // namespace
}  // namespace moult::test
