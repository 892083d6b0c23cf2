// Holding versions: Current on the stack, Pinned anywhere, and going back to one.
#include <atomic>
#include <future>
#include <new>
#include <thread>

#include "tests/runtime/fixture.h"
#include "tests/support/elsewhere.h"

namespace moult::test {
namespace {

constexpr const char* kJson = R"({"n":1,"name":""})";

template <class On>
int64_t ScoreOn(const JsonPolicy& policy, const On& on, Context& context) {
  Decision d;
  const Status status = policy.Decide(on, context, kJson, &d);
  EXPECT_TRUE(status.ok()) << status.error().message;
  return d.score();
}

TEST(CurrentTest, IsOneVersionWhateverIsPublished) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const JsonPolicy policy = FindJson(*engine);
  Context context(*engine);
  const Current current(*engine);
  ASSERT_TRUE(current.ok());
  EXPECT_EQ(current.version(), 1u);
  for (int i = 2; i < 6; ++i) {
    Publish(*engine, Scoring(i));
    ASSERT_TRUE(Engine::Collect());
    EXPECT_EQ(ScoreOn(policy, current, context), 1) << "the version lives by this frame alone";
  }
}

TEST(CurrentTest, OffTheStackItIsRefused) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const JsonPolicy policy = FindJson(*engine);
  Context context(*engine);
  Decision d;
  const auto storage = std::make_unique<std::byte[]>(sizeof(Current) + alignof(Current));
  void* aligned = storage.get();
  size_t space = sizeof(Current) + alignof(Current);
  std::align(alignof(Current), sizeof(Current), aligned, space);
  auto* elsewhere = ::new (aligned) Current(*engine);
  EXPECT_FALSE(elsewhere->ok());
  EXPECT_EQ(elsewhere->version(), 0u);
  const Status status = policy.Decide(*elsewhere, context, kJson, &d);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E-current-off-stack");
  elsewhere->~Current();
}

TEST(CurrentTest, AnotherThreadsIsRefused) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const JsonPolicy policy = FindJson(*engine);
  const Current current(*engine);
  std::thread([&] {
    Context context(*engine);
    Decision d;
    const Status status = policy.Decide(current, context, kJson, &d);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, "E-current-off-stack");
  }).join();
}

TEST(CurrentTest, BeforeTheFirstVersionThereIsNone) {
  const auto engine = MakeEngine();
  const Current current(*engine);
  EXPECT_FALSE(current.ok());
}

TEST(PinnedTest, IsAValue) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  Pinned one = engine->Pin();
  Pinned copy = one;
  EXPECT_TRUE(copy == one);
  EXPECT_EQ(copy.version(), 1u);
  Pinned moved = std::move(one);
  EXPECT_TRUE(moved == copy);
  Publish(*engine, Scoring(2));
  EXPECT_FALSE(engine->Pin() == moved);
  one = engine->Pin();
  EXPECT_EQ(one.version(), 2u);
  const Pinned empty;
  EXPECT_FALSE(static_cast<bool>(empty));
  EXPECT_EQ(empty.version(), 0u);
  const JsonPolicy policy = FindJson(*engine);
  Context context(*engine);
  Decision d;
  const Status status = policy.Decide(empty, context, kJson, &d);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E-empty-pin");
}

TEST(PinnedTest, CrossesThreadsAndOutlivesPublishes) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const JsonPolicy policy = FindJson(*engine);
  std::promise<std::unique_ptr<Pinned>> handed;
  std::thread other([&, pinned = handed.get_future()]() mutable {
    const std::unique_ptr<Pinned> pin = pinned.get();
    Context context(*engine);
    for (int i = 2; i < 6; ++i) {
      Publish(*engine, Scoring(i));
      ASSERT_TRUE(Engine::Collect());
      EXPECT_EQ(ScoreOn(policy, *pin, context), 1);
    }
  });
  handed.set_value(std::make_unique<Pinned>(engine->Pin()));
  other.join();
}

TEST(PinnedTest, HoldsAVersionAndLetsItGo) {
  const auto engine = MakeEngine();
  std::atomic<bool> reclaimed = false;
  engine->SetObserver([&](const EngineEvent& e) {
    if (e.kind == EngineEvent::Kind::kReclaimed && e.version == 1) reclaimed = true;
  });
  std::unique_ptr<Pinned> pin;
  Elsewhere([&] {
    Publish(*engine, Scoring(1));
    pin = std::make_unique<Pinned>(engine->Pin());
    Publish(*engine, Scoring(2));
  });
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Engine::Collect());
  EXPECT_FALSE(reclaimed);
  Elsewhere([&] { pin.reset(); });
  for (int i = 0; i < 3 && !reclaimed; ++i) ASSERT_TRUE(Engine::Collect());
  EXPECT_TRUE(reclaimed);
}

TEST(PinnedTest, OutlivesItsEngine) {
  Pinned pin;
  {
    const auto engine = MakeEngine();
    Publish(*engine, Scoring(1));
    pin = engine->Pin();
  }
  ASSERT_TRUE(Engine::Collect());
  EXPECT_EQ(pin.version(), 1u);
  const Pinned copy = pin;
  pin = Pinned();
  EXPECT_EQ(copy.version(), 1u);
}

TEST(RollbackTest, GoesBackUnderTheOldNumber) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const JsonPolicy policy = FindJson(*engine);
  const Pinned first = engine->Pin();
  Publish(*engine, Scoring(2));
  Result<VersionInfo> back = engine->Rollback(first);
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(back->number, 1u);
  Context context(*engine);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, kJson, &d).ok());
  EXPECT_EQ(d.score(), 1);
  EXPECT_EQ(d.version(), 1u);
  EXPECT_TRUE(engine->Rollback(first).ok()) << "to the current version: nothing changes";
  EXPECT_EQ(Publish(*engine, Scoring(3)).number, 3u);
  Result<VersionInfo> empty = engine->Rollback(Pinned());
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error()[0].code, "E-empty-pin");
}

TEST(RollbackTest, BringsBindingsMadeSinceAlong) {
  const auto engine = MakeEngine();
  Publish(*engine, Scoring(1));
  const Pinned first = engine->Pin();
  Publish(*engine, Scoring(2));
  const auto policy = Find<Request>(*engine);
  Result<VersionInfo> back = engine->Rollback(first);
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_GT(back->number, 2u);
  Context context(*engine);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, Request{}, &d).ok());
  EXPECT_EQ(d.score(), 1);
}

}  // namespace
}  // namespace moult::test
