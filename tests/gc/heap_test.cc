// Create, publish, enter, pin, collect: what a user of the heap sees.
#include "gc/heap.h"

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

class HeapBasics : public HeapTest {};

int Call(const Version* version, size_t block) {
  return reinterpret_cast<IntFunction>(const_cast<void*>(version->code(block)))();
}

TEST_F(HeapBasics, EntersThePublishedVersion) {
  Slot slot;
  const uint64_t number = FreshNumber();
  PublishTo(&slot, number, {ReturnConstant(42), ReturnConstant(43)});
  Enter(slot, [&](const Version* version) {
    EXPECT_EQ(version->number(), number);
    ASSERT_EQ(version->block_count(), 2u);
    EXPECT_EQ(Call(version, 0), 42);
    EXPECT_EQ(Call(version, 1), 43);
  });
}

TEST_F(HeapBasics, EmptySlotEntersWithNull) {
  Slot slot;
  bool called = false;
  Enter(slot, [&](const Version* version) {
    called = true;
    EXPECT_EQ(version, nullptr);
  });
  EXPECT_TRUE(called);
  EXPECT_FALSE(slot.Current());
}

TEST_F(HeapBasics, NestedEntersSeeTheirOwnVersions) {
  Slot slot;
  const uint64_t first = FreshNumber();
  const uint64_t second = FreshNumber();
  PublishTo(&slot, first, {ReturnConstant(1)});
  Enter(slot, [&](const Version* outer) {
    PublishTo(&slot, second, {ReturnConstant(2)});
    CollectNow();  // from inside Enter: the caller's own stack is scanned too
    Enter(slot, [&](const Version* inner) { EXPECT_EQ(inner->number(), second); });
    EXPECT_EQ(outer->number(), first);
    EXPECT_EQ(Call(outer, 0), 1);
  });
}

TEST_F(HeapBasics, CollectFreesASupersededVersionAndItsCode) {
  Slot slot;
  const uint64_t first = FreshNumber();
  const uint64_t second = FreshNumber();
  CollectNow();
  Recorder recorder;
  PublishTo(&slot, first, {ReturnConstant(1000 + first)});
  PublishTo(&slot, second, {ReturnConstant(1000 + second)});
  const Counters before = Heap::counters();
  EXPECT_EQ(Alive(first), 1u);
  CollectNow();
  EXPECT_EQ(Alive(first), 0u);
  EXPECT_EQ(Alive(second), 1u);
  const Counters after = Heap::counters();
  EXPECT_EQ(after.live_blocks, before.live_blocks - 1);
  EXPECT_EQ(after.live_code_bytes, before.live_code_bytes - 4096);
  EXPECT_EQ(after.reclaimed, before.reclaimed + 1);
  EXPECT_GT(after.reclaim_ns_max, 0u);
  const auto events = recorder.Of(first);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, Event::Kind::kPublished);
  EXPECT_EQ(events[0].code_bytes, 4096u);
  EXPECT_EQ(events[1].kind, Event::Kind::kSuperseded);
  EXPECT_EQ(events[2].kind, Event::Kind::kReclaimed);
  EXPECT_EQ(events[2].code_bytes, 4096u);
  EXPECT_EQ(events[2].slot, &slot);
  EXPECT_GT(events[2].nanoseconds, 0u);
}

TEST_F(HeapBasics, EventsComeInTheOrderOfPublishing) {
  Slot slot;
  const uint64_t first = FreshNumber();
  Recorder recorder;
  for (uint64_t i = 0; i < 5; ++i) PublishTo(&slot, i == 0 ? first : FreshNumber(), {ReturnConstant(7)});
  std::string order;
  for (const Event& event : recorder.Events()) {
    order += event.kind == Event::Kind::kPublished ? 'p' : 's';
    order += std::to_string(event.version - first);
  }
  EXPECT_EQ(order, "p0p1s0p2s1p3s2p4s3");
}

TEST_F(HeapBasics, RemovedObserverHearsNothing) {
  Slot slot;
  auto recorder = std::make_unique<Recorder>();
  Heap::RemoveObserver(recorder.get());
  PublishTo(&slot, FreshNumber(), {ReturnConstant(8)});
  EXPECT_TRUE(recorder->Events().empty());
}

TEST_F(HeapBasics, PinKeepsAVersionAndCopiesCount) {
  Slot slot;
  const uint64_t first = FreshNumber();
  auto pins = std::make_unique<Pin[]>(2);
  PublishTo(&slot, first, {ReturnConstant(5)});
  Elsewhere([&] { pins[0] = slot.Current(); });
  PublishTo(&slot, FreshNumber(), {ReturnConstant(6)});
  Elsewhere([&] { pins[1] = pins[0]; });
  for (int held = 2; held > 0; --held) {
    CollectNow();
    EXPECT_EQ(Alive(first), 1u);
    Elsewhere([&] {
      EXPECT_EQ(pins[held - 1]->number(), first);
      pins[held - 1].Reset();
    });
  }
  CollectNow();
  EXPECT_EQ(Alive(first), 0u);
}

TEST_F(HeapBasics, VersionNeverPublishedDiesWithItsLastPin) {
  const uint64_t number = FreshNumber();
  auto pin = std::make_unique<Pin>();
  Elsewhere([&] { *pin = MakeVersion(number, {ReturnConstant(9)}); });
  CollectNow();
  EXPECT_EQ(Alive(number), 1u);
  Elsewhere([&] { pin->Reset(); });
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(HeapBasics, RollsBackToAPinnedVersion) {
  Slot slot;
  const uint64_t first = FreshNumber();
  const uint64_t second = FreshNumber();
  auto pin = std::make_unique<Pin>();
  PublishTo(&slot, first, {ReturnConstant(11)});
  Elsewhere([&] { *pin = slot.Current(); });
  PublishTo(&slot, second, {ReturnConstant(12)});
  Elsewhere([&] { EXPECT_TRUE(slot.Publish(*pin).ok()); });
  Elsewhere([&] { pin->Reset(); });
  CollectNow();
  EXPECT_EQ(Alive(first), 1u);
  EXPECT_EQ(Alive(second), 0u);
  Elsewhere([&] { Enter(slot, [&](const Version* version) { EXPECT_EQ(Call(version, 0), 11); }); });
}

TEST_F(HeapBasics, PublishingTheCurrentVersionChangesNothing) {
  Slot slot;
  const uint64_t number = FreshNumber();
  Recorder recorder;
  PublishTo(&slot, number, {ReturnConstant(13)});
  Elsewhere([&] { EXPECT_TRUE(slot.Publish(slot.Current()).ok()); });
  EXPECT_EQ(recorder.Of(number).size(), 1u);
}

TEST_F(HeapBasics, PublishingNothingIsAnError) {
  Slot slot;
  EXPECT_EQ(slot.Publish(Pin()).error().code, "E-no-version");
}

TEST_F(HeapBasics, TwoSlotsMayHoldOneVersion) {
  auto slots = std::make_unique<Slot[]>(2);
  const uint64_t number = FreshNumber();
  PublishTo(&slots[0], number, {ReturnConstant(14)});
  Elsewhere([&] { EXPECT_TRUE(slots[1].Publish(slots[0].Current()).ok()); });
  PublishTo(&slots[0], FreshNumber(), {ReturnConstant(15)});
  CollectNow();
  EXPECT_EQ(Alive(number), 1u);
  PublishTo(&slots[1], FreshNumber(), {ReturnConstant(15)});
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(HeapBasics, DestroyingASlotSupersedesItsVersion) {
  const uint64_t number = FreshNumber();
  Elsewhere([&] {
    Slot slot;
    PublishTo(&slot, number, {ReturnConstant(16)});
  });
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
}

TEST_F(HeapBasics, RefusesSpecsThatMakeNoSense) {
  const Bytes code = ReturnConstant(1);
  VersionSpec forward;
  forward.blocks = {{code, {1}}, {code, {}}};
  VersionSpec itself;
  itself.blocks = {{code, {0}}};
  VersionSpec empty;
  empty.blocks = {{{}, {}}};
  VersionSpec shared;
  shared.foreigns.push_back(SharedForeign{nullptr, 0});
  EXPECT_EQ(Heap::Create(std::move(forward)).error().code, "E-version-spec");
  EXPECT_EQ(Heap::Create(std::move(itself)).error().code, "E-version-spec");
  EXPECT_EQ(Heap::Create(std::move(empty)).error().code, "E-code-size");
  EXPECT_EQ(Heap::Create(std::move(shared)).error().code, "E-version-spec");
}

TEST_F(HeapBasics, OptionsAreFixedAtFirstUse) {
  (void)Heap::counters();
  EXPECT_EQ(Heap::Configure({}).error().code, "E-heap-started");
  HeapOptions bad;
  bad.signal = 9;
  EXPECT_EQ(Heap::Configure(bad).error().code, "E-heap-option");
}

// Foreign resources.

struct Counted {
  explicit Counted(std::atomic<int>* count) : destroyed(count) {}
  static void Destroy(void* object) noexcept {
    ++*static_cast<Counted*>(object)->destroyed;
    delete static_cast<Counted*>(object);
  }
  std::atomic<int>* destroyed;
};

class Foreigns : public HeapTest {
 protected:
  VersionSpec SpecWithForeign() {
    VersionSpec spec = SpecOf(FreshNumber(), {ReturnConstant(17)});
    spec.foreigns.push_back(ForeignSpec{new Counted(&destroyed_), Counted::Destroy, sizeof(Counted)});
    return spec;
  }
  std::atomic<int> destroyed_{0};
};

TEST_F(Foreigns, SharedResourceIsDestroyedOnceAfterTheLastVersion) {
  auto pins = std::make_unique<Pin[]>(2);
  Elsewhere([&] {
    pins[0] = std::move(*Heap::Create(SpecWithForeign()));
    VersionSpec next = SpecOf(FreshNumber(), {ReturnConstant(18)});
    next.foreigns.push_back(SharedForeign{&pins[0], 0});
    pins[1] = std::move(*Heap::Create(std::move(next)));
    EXPECT_EQ(pins[0]->foreign(0), pins[1]->foreign(0));
  });
  Elsewhere([&] { pins[0].Reset(); });
  CollectNow();
  EXPECT_EQ(destroyed_, 0);
  Elsewhere([&] { pins[1].Reset(); });
  CollectNow();
  EXPECT_EQ(destroyed_, 1);
  CollectNow();
  EXPECT_EQ(destroyed_, 1);
}

TEST_F(Foreigns, FailedCreateDestroysWhatItWasGiven) {
  VersionSpec spec = SpecWithForeign();
  spec.blocks.push_back({{}, {}});
  EXPECT_FALSE(Heap::Create(std::move(spec)).ok());
  EXPECT_EQ(destroyed_, 1);
  VersionSpec late = SpecWithForeign();  // fails after the first resource was taken
  late.foreigns.push_back(SharedForeign{nullptr, 3});
  EXPECT_FALSE(Heap::Create(std::move(late)).ok());
  EXPECT_EQ(destroyed_, 2);
  CollectNow();
  EXPECT_EQ(destroyed_, 2);
}

// Calls of the heap from the heap thread fail rather than wait for themselves; dropping a pin there is fine.
struct HeapCaller {
  Pin pin;
  std::atomic<int>* refused;
  static void Destroy(void* object) noexcept {
    auto* self = static_cast<HeapCaller*>(object);
    *self->refused += !Heap::Create(SpecOf(1, {ReturnConstant(1)})).ok();
    *self->refused += !Heap::Collect().verdict;
    delete self;
  }
};

TEST_F(Foreigns, DestructorMayDropPinsButNotCallTheHeap) {
  std::atomic<int> refused{0};
  const uint64_t inner = FreshNumber();
  Elsewhere([&] {
    auto* caller = new HeapCaller{MakeVersion(inner, {ReturnConstant(19)}), &refused};
    VersionSpec spec = SpecOf(FreshNumber(), {ReturnConstant(20)});
    spec.foreigns.push_back(ForeignSpec{caller, HeapCaller::Destroy, 0});
    (void)Heap::Create(std::move(spec));
  });
  CollectNow();
  EXPECT_EQ(refused, 2);
  CollectNow();
  EXPECT_EQ(Alive(inner), 0u);
}

}  // namespace
}  // namespace moult::gc
