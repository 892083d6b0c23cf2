// ScanTable against a table that is searched from end to end.
#include "gc/scan_table.h"

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

TEST(ScanTable, FindsWhatALinearSearchFinds) {
  std::mt19937_64 random(Seed());
  ScanTable table;
  for (int round = 0; round < 200; ++round) {
    table.Clear();
    std::vector<ScanTable::Range> ranges;
    uintptr_t address = 0x10000;
    for (size_t i = random() % 40; i > 0; --i) {
      address += random() % 3 * 8;
      const uintptr_t end = address + 8 + random() % 8 * 8;
      ranges.push_back({.begin = address, .end = end});
      address = end;
    }
    std::shuffle(ranges.begin(), ranges.end(), random);
    for (const auto& range : ranges) table.Add(range);
    table.Freeze();
    std::vector<uintptr_t> words(random() % 20);
    for (auto& word : words) word = 0x10000 - 16 + random() % (address + 64 - 0x10000);
    for (uintptr_t word : words) {
      const auto inside = [&](const auto& range) { return word >= range.begin && word < range.end; };
      const bool expected = std::any_of(ranges.begin(), ranges.end(), inside);
      EXPECT_TRUE(!expected || table.Covers(word));
      table.Note(word, {Place::Kind::kStack, 17, 4}, 99);
    }
    for (size_t i = 0; i < table.ranges().size(); ++i) {
      const auto& range = table.ranges()[i];
      const bool expected = std::any_of(words.begin(), words.end(), [&](uintptr_t w) { return w >= range.begin && w < range.end; });
      ASSERT_EQ(table.Seen(i), expected);
      EXPECT_EQ(table.SeenWhen(i), expected ? 99u : 0u);
    }
  }
}

TEST(ScanTable, KeepsThePlaceOfASighting) {
  ScanTable table;
  table.Add({.begin = 0x1000, .end = 0x2000});
  table.Freeze();
  for (Place::Kind kind : {Place::Kind::kStack, Place::Kind::kGeneralRegister, Place::Kind::kVectorRegister}) {
    for (int thread : {1, 4194304}) {
      for (uint32_t detail : {0u, 1u, 0x7fffffffu}) {
        table.Note(0x1fff, {kind, thread, detail}, 1);
        const Place place = table.SeenAt(0);
        EXPECT_EQ(place.kind, kind);
        EXPECT_EQ(place.thread, thread);
        EXPECT_EQ(place.detail, detail);
      }
    }
  }
}

TEST(ScanTable, EmptyTableCoversNothing) {
  ScanTable table;
  table.Freeze();
  EXPECT_FALSE(table.Covers(0));
  EXPECT_FALSE(table.Covers(UINTPTR_MAX));
}

}  // namespace
}  // namespace moult::gc
