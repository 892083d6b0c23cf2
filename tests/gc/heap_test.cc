// Create, publish, enter, pin, collect: what a user of the heap sees.
#include "gc/heap.h"

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

class HeapBasics : public HeapTest {};

TEST_F(HeapBasics, EntersThePublishedVersion) {
  Slot slot;
  const uint64_t number = FreshNumber();
  PublishTo(&slot, number, {ReturnConstant(42)});
  int result = 0;
  uint64_t entered = 0;
  Enter(slot, [&](const Version* version) {
    entered = version->number();
    result = reinterpret_cast<IntFunction>(const_cast<void*>(version->code(0)))();
  });
  EXPECT_EQ(entered, number);
  EXPECT_EQ(result, 42);
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

TEST_F(HeapBasics, CollectFreesASupersededVersionAndItsCode) {
  Slot slot;
  const uint64_t first = FreshNumber();
  const uint64_t second = FreshNumber();
  Recorder recorder;
  PublishTo(&slot, first, {ReturnConstant(1000 + first)});
  PublishTo(&slot, second, {ReturnConstant(1000 + second)});
  const uint64_t blocks = Heap::counters().live_blocks;
  EXPECT_EQ(Alive(first), 1u);
  const CollectResult result = CollectNow();
  for (auto& v : Heap::LiveVersions()) printf("v%lu cur=%d pins=%u seen by %d kind %d detail %u\n", v.version, v.current, v.pins, v.last_seen_thread, (int)v.last_seen.kind, v.last_seen.detail);
  EXPECT_EQ(result.reclaimed, 1u);
  EXPECT_EQ(Alive(first), 0u);
  EXPECT_EQ(Alive(second), 1u);
  EXPECT_EQ(Heap::counters().live_blocks, blocks - 1);
  const auto events = recorder.Of(first);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, Event::Kind::kPublished);
  EXPECT_EQ(events[0].code_bytes, 4096u);
  EXPECT_EQ(events[1].kind, Event::Kind::kSuperseded);
  EXPECT_EQ(events[2].kind, Event::Kind::kReclaimed);
  EXPECT_EQ(events[2].code_bytes, 4096u);
  EXPECT_EQ(events[2].slot, &slot);
}

TEST_F(HeapBasics, PinKeepsAVersion) {
  Slot slot;
  const uint64_t first = FreshNumber();
  auto pin = std::make_unique<Pin>();
  PublishTo(&slot, first, {ReturnConstant(5)});
  Elsewhere([&] { *pin = slot.Current(); });
  PublishTo(&slot, FreshNumber(), {ReturnConstant(6)});
  CollectNow();
  EXPECT_EQ(Alive(first), 1u);
  Elsewhere([&] { EXPECT_EQ((*pin)->number(), first); });
  Elsewhere([&] { pin->Reset(); });
  CollectNow();
  EXPECT_EQ(Alive(first), 0u);
}

}  // namespace
}  // namespace moult::gc
