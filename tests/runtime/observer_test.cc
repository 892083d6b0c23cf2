// The observer hears of its engine's versions, in order, and of no other's.
#include <mutex>

#include "tests/runtime/fixture.h"
#include "tests/support/elsewhere.h"

namespace moult::test {
namespace {

// Queues, as an observer must.
class Log {
 public:
  std::function<void(const EngineEvent&)> Observer() {
    return [this](const EngineEvent& e) {
      const std::lock_guard lock(mutex_);
      events_.push_back(e);
    };
  }
  std::vector<EngineEvent> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  // "published 1; superseded 1": those of versions.
  std::string Text() {
    std::string text;
    for (const EngineEvent& e : events()) {
      const char* what = e.kind == EngineEvent::Kind::kPublished    ? "published"
                         : e.kind == EngineEvent::Kind::kSuperseded ? "superseded"
                         : e.kind == EngineEvent::Kind::kReclaimed  ? "reclaimed"
                                                                    : nullptr;
      if (what == nullptr) continue;
      if (!text.empty()) text += "; ";
      text += std::string(what) + " " + std::to_string(e.version);
    }
    return text;
  }

 private:
  std::mutex mutex_;
  std::vector<EngineEvent> events_;
};

bool CollectUntil(const std::function<bool()>& done) {
  for (int i = 0; i < 50; ++i) {
    if (done()) return true;
    EXPECT_TRUE(Engine::Collect());
  }
  return done();
}

TEST(ObserverTest, HearsEveryStepOfAVersionInOrder) {
  const auto engine = MakeEngine();
  const auto other = MakeEngine();
  Log log;
  engine->SetObserver(log.Observer());
  Elsewhere([&] {
    Publish(*engine, Scoring(1));
    Publish(*other, Scoring(101));  // other code than ours: equal blocks would be shared, and not go with our version
    Publish(*other, Scoring(102));
    Publish(*engine, Scoring(2));
  });
  EXPECT_TRUE(CollectUntil([&] { return log.Text().find("reclaimed") != std::string::npos; }));
  const std::string text = log.Text();
  EXPECT_TRUE(text == "published 1; published 2; superseded 1; reclaimed 1" ||
              text == "published 1; superseded 1; published 2; reclaimed 1")
      << text;
  const EngineEvent reclaimed = log.events().back();
  EXPECT_GT(reclaimed.code_bytes, 0u);
  EXPECT_GT(reclaimed.since_superseded.count(), 0);
  engine->SetObserver(nullptr);
  Publish(*engine, Scoring(3));
  EXPECT_TRUE(Engine::Collect());
  EXPECT_EQ(log.Text(), text);
}

TEST(ObserverTest, DoesNotHearOfAnEarlierEnginesVersions) {
  auto pin = std::make_unique<Pinned>();
  Elsewhere([&] {
    const auto engine = MakeEngine();
    Publish(*engine, Scoring(1));
    *pin = engine->Pin();
  });
  // Engines of the same size are likely to be made where that one was.
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<std::unique_ptr<Log>> logs;
  for (int i = 0; i < 8; ++i) {
    engines.push_back(MakeEngine());
    logs.push_back(std::make_unique<Log>());
    engines.back()->SetObserver(logs.back()->Observer());
  }
  const uint64_t reclaimed = Engine::Counters().reclaimed;
  Elsewhere([&] { pin.reset(); });
  EXPECT_TRUE(CollectUntil([&] { return Engine::Counters().reclaimed > reclaimed; }));
  for (const auto& log : logs) EXPECT_EQ(log->Text(), "");
}

}  // namespace
}  // namespace moult::test
