// Requests on four threads while policies are published flat out. Each publish is a text of its own whose scores are
// its version's number, so that every decision shows which version, or mixture of versions, made it.
//
// MOULT_STRESS_PUBLISHES sets how many; 100,000 take two minutes on two cores.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "moult/engine.h"

namespace moult {
namespace {

struct Request {
  int64_t n = 0;
  std::string name;
};

}  // namespace

template <>
struct Describe<Request> {
  static void Fields(Record<Request>& r) { r.Named("Request").Field("n", &Request::n).Field("name", &Request::name); }
};

namespace {

constexpr int kThreads = 4;
constexpr int64_t kRssSlack = 2 << 20;

uint64_t Publishes() {
  const char* set = std::getenv("MOULT_STRESS_PUBLISHES");
  const uint64_t count = set == nullptr ? 0 : std::strtoull(set, nullptr, 10);
  if (count != 0) return count;
#if defined(__SANITIZE_THREAD__)
  return 1'000;  // each collection costs many times more there
#elif defined(__SANITIZE_ADDRESS__)
  return 4'000;
#else
  return 20'000;
#endif
}

// Scores 3 * version in three steps, with the version in a let, a regular expression and two reasons besides.
std::string TextOf(uint64_t version) {
  const std::string v = std::to_string(version);
  return "policy stress\ninput { n: int, name: string }\ndecide score { >= 1: block } default allow\n"
         "let shifted = n + " +
         v +
         "\n"
         "rule a { when shifted - n == " +
         v + " then score +" + v + " \"" + v +
         "\" }\n"
         "rule b { when name.matches(\"^(ann|v" +
         v + ")$\") then score +" + v + " \"" + v +
         "\" }\n"
         "rule c { when size(name) == 3 && name + \"" +
         v + "\" == \"ann" + v + "\" then score +" + v + " \"" + v + "\" }\n";
}

int64_t ResidentBytes() {
  int64_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// What the request threads and the publisher tell each other.
struct Traffic {
  std::atomic<uint64_t> published{
      0};  // the number of the version that Publish returned last; release, read with acquire
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> decided{0}, failed{0}, stale{0}, mixed{0};
};

// One decision is right when all its parts come from one version and that version was current at some time during the
// request.
void Check(const Decision& d, uint64_t published_before, Traffic& traffic) {
  const std::string number = std::to_string(d.version());
  bool whole = d.score() == static_cast<int64_t>(3 * d.version()) && d.rules().size() == 3 && d.errors().empty();
  for (const FiredRule& rule : d.rules()) whole &= rule.reason == number;
  if (!whole) ++traffic.mixed;
  if (d.version() < published_before) ++traffic.stale;
  ++traffic.decided;
}

template <class DecideOne>
void Serve(const Engine& engine, Traffic& traffic, DecideOne&& decide) {
  Context context(engine);
  context.set_detail(Detail::kFull);
  Decision d;
  while (!traffic.stop.load(std::memory_order_relaxed)) {
    const uint64_t before = traffic.published.load(std::memory_order_acquire);
    if (decide(context, &d).ok()) {
      Check(d, before, traffic);
    } else {
      ++traffic.failed;
    }
  }
}

uint64_t SupersededAlive() {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Engine::Collect());
  return Engine::Counters().live_versions - 1;
}

TEST(Stress, RequestsSeeOneVersionEachWhileThousandsArePublished) {
  const uint64_t publishes = Publishes();
  auto created = Engine::Create({});
  ASSERT_TRUE(created.ok());
  Engine& engine = **created;
  auto first = engine.Publish(Bundle::FromText("stress.moult", TextOf(1)));
  ASSERT_TRUE(first.ok()) << Render(first.error());
  const auto json = engine.FindJson("stress");
  ASSERT_TRUE(json.ok());
  // Binding a struct publishes once more, as version 2 of the text of version 1; the count starts after that.
  const auto bound = engine.Find<Request>("stress");
  ASSERT_TRUE(bound.ok());
  ASSERT_TRUE(engine.Publish(Bundle::FromText("stress.moult", TextOf(3))).ok());

  Traffic traffic;
  traffic.published = 3;
  std::latch done(kThreads), leave(1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      if (t % 2 == 0) {
        Serve(engine, traffic,
              [&](Context& context, Decision* d) { return json->Decide(context, R"({"n": 5, "name": "ann"})", d); });
      } else {
        const Request request{5, "ann"};
        Serve(engine, traffic, [&](Context& context, Decision* d) { return bound->Decide(context, request, d); });
      }
      done.count_down();
      leave.wait();
    });
  }

  int64_t warm = 0, most = 0;
  uint64_t most_alive = 0;
  for (uint64_t i = 1; i <= publishes; ++i) {
    const uint64_t number = i + 3;
    auto info = engine.Publish(Bundle::FromText("stress.moult", TextOf(number)));
    ASSERT_TRUE(info.ok()) << Render(info.error());
    ASSERT_EQ(info->number, number);
    traffic.published.store(number, std::memory_order_release);
    if (i == publishes / 5) warm = ResidentBytes();
    if (i % 64 == 0) most_alive = std::max(most_alive, Engine::Counters().live_versions);
    if (i > publishes / 5 && i % 64 == 0) most = std::max(most, ResidentBytes());
  }
  traffic.stop = true;
  done.wait();
  const uint64_t at_rest = SupersededAlive();
  leave.count_down();
  for (std::thread& thread : threads) thread.join();
  const uint64_t after = SupersededAlive();

  std::printf(
      "%lu publishes, %lu decisions, resident %+ld KiB after warm-up, versions alive: %lu at most, superseded "
      "ones %lu at rest, %lu after\n",
      publishes, traffic.decided.load(), (most - warm) / 1024, most_alive, at_rest, after);
  EXPECT_GT(traffic.decided, publishes / 10);
  EXPECT_EQ(traffic.failed, 0u);
  EXPECT_EQ(traffic.mixed, 0u);
  EXPECT_EQ(traffic.stale, 0u);
  EXPECT_LT(most_alive, 1000u) << "a publisher does not outrun the collector";
  EXPECT_LE(at_rest, kThreads + 2u);
  EXPECT_LE(after, 1u);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // whose own memory grows
  EXPECT_LE(most - warm, kRssSlack);
#endif
}

}  // namespace
}  // namespace moult
