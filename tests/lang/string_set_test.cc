#include "lang/string_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/support/seed.h"

namespace moult::lang {
namespace {

std::vector<std::string> Items(const StringSet& set) {
  std::vector<std::string> items;
  for (size_t i = 0; i < set.size(); ++i) {
    EXPECT_EQ(set.data()[i], set.item(i));
    items.emplace_back(set.item(i));
  }
  return items;
}

TEST(StringSetTest, ReadsLines) {
  struct Case {
    std::string text;
    std::vector<std::string> items;
  };
  const Case kCases[] = {
      {"", {}},
      {"\n\n  \n\t\r\n", {}},
      {"a", {"a"}},
      {"a\nb", {"a", "b"}},
      {"b\r\na\r\n", {"b", "a"}},
      {"  two words \t\n", {"two words"}},
      {"# a comment\na#b\n  # also one\n", {"a#b"}},
      {"a\na\nb\na\n", {"a", "b"}},
      {"\xEF\xBB\xBF"
       "first\n\xEF\xBB\xBF",
       {"first", "\xEF\xBB\xBF"}},
      {std::string("nul\0inside\n\xFF\xC3", 13), {std::string("nul\0inside", 10), "\xFF\xC3"}},
  };
  for (const Case& c : kCases) {
    const auto set = StringSet::FromLines(c.text);
    EXPECT_EQ(Items(*set), c.items) << c.text;
    for (const std::string& item : c.items) EXPECT_TRUE(set->Contains(item)) << item;
    EXPECT_FALSE(set->Contains("absent"));
  }
}

TEST(StringSetTest, ItemsMayBeAnything) {
  const auto set = StringSet::FromItems({"", "a", "", std::string(1000, 'x')});
  EXPECT_EQ(set->size(), 3u);
  EXPECT_TRUE(set->Contains(""));
  EXPECT_TRUE(set->Contains(std::string(1000, 'x')));
  EXPECT_FALSE(set->Contains(std::string(999, 'x')));
  EXPECT_FALSE(StringSet::FromItems({})->Contains(""));
}

TEST(StringSetTest, HoldsExactlyItsItems) {
  std::mt19937_64 random(test::Seed());
  std::set<std::string> expected;
  std::vector<std::string> items;
  for (int i = 0; i < 5000; ++i) {
    items.push_back(std::to_string(random() % 10'000));
    expected.insert(items.back());
  }
  const auto set = StringSet::FromItems(items);
  EXPECT_EQ(set->size(), expected.size());
  for (int i = 0; i < 10'000; ++i)
    ASSERT_EQ(set->Contains(std::to_string(i)), expected.contains(std::to_string(i))) << i;
  EXPECT_GT(set->MemoryBytes(), 5000u);
}

// Lengths that take one byte, two and three.
TEST(StringSetTest, HoldsItemsOfEveryLength) {
  std::vector<std::string> items;
  for (const size_t size : {0, 1, 126, 127, 128, 129, 16383, 16384, 70000}) items.push_back(std::string(size, 'x'));
  const auto set = StringSet::FromItems(items);
  EXPECT_EQ(Items(*set), items);
  for (const std::string& item : items) EXPECT_TRUE(set->Contains(item)) << item.size();
  EXPECT_FALSE(set->Contains(std::string(130, 'x')));
}

TEST(StringSetTest, TellsEqualSetsByTheirItemsAndTheirOrder) {
  const auto set = StringSet::FromItems({"a", "bc"});
  EXPECT_TRUE(set->SameItems(*StringSet::FromLines("# comment\n a \nbc\na\n")));
  EXPECT_FALSE(set->SameItems(*StringSet::FromItems({"bc", "a"})));
  EXPECT_FALSE(set->SameItems(*StringSet::FromItems({"ab", "c"})));
  EXPECT_FALSE(set->SameItems(*StringSet::FromItems({"a"})));
}

TEST(StringSetTest, TakesAtMostThreeTimesItsText) {
  for (const int digits : {6, 12, 30}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
      const std::string number = std::to_string(100'000 + i);
      text += number + std::string(static_cast<size_t>(digits) - number.size(), 'x') + "\n";
    }
    EXPECT_LE(StringSet::FromLines(text)->MemoryBytes(), 3 * text.size()) << digits;
  }
}

}  // namespace
}  // namespace moult::lang
