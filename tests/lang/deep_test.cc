// Values of any depth: what is equal, what is copied, and what is bad.
#include "lang/deep.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lang/bind.h"
#include "moult/binding.h"
#include "tests/support/random_values.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

class DeepTest : public testing::Test {
 protected:
  // A span of C++ values as a collection of `type`.
  template <class T>
  Place Of(TypeId type, const std::vector<T>& items) {
    layouts_.push_back(LayoutOf<std::vector<T>>());
    const uint32_t image = pool_.Add(type, *layouts_.back());
    return {pool_.image(image), &items};
  }
  template <class T>
  bool Equal(TypeId type, const std::vector<T>& a, const std::vector<T>& b) {
    Of(type, a);  // images move while the pool grows
    const Place x = Of(type, a);
    return EqualWhole(x, {x.image, &b}, &arena_);
  }

  TypeTable types_;
  std::vector<LayoutRef> layouts_;
  LayoutPool pool_{types_};
  Arena arena_;
};

TEST_F(DeepTest, ListsAreEqualInOrderSetsInAny) {
  EXPECT_TRUE(Equal<int64_t>(types_.ListOf(kIntType), {1, 2}, {1, 2}));
  EXPECT_FALSE(Equal<int64_t>(types_.ListOf(kIntType), {1, 2}, {2, 1}));
  EXPECT_FALSE(Equal<int64_t>(types_.ListOf(kIntType), {1, 2}, {1}));
  EXPECT_TRUE(Equal<int64_t>(types_.SetOf(kIntType), {1, 2}, {2, 1}));
  EXPECT_TRUE(Equal<int64_t>(types_.SetOf(kIntType), {1, 2, 2}, {2, 1, 1})) << "a host's set may repeat itself";
  EXPECT_FALSE(Equal<int64_t>(types_.SetOf(kIntType), {1, 2}, {1, 3}));
}

TEST_F(DeepTest, MapsAreEqualInAnyOrder) {
  using Entries = std::vector<std::pair<std::string, int64_t>>;
  const TypeId type = types_.MapOf(kStringType, kIntType);
  EXPECT_TRUE(Equal(type, Entries{{"a", 1}, {"b", 2}}, Entries{{"b", 2}, {"a", 1}}));
  EXPECT_FALSE(Equal(type, Entries{{"a", 1}, {"b", 2}}, Entries{{"a", 1}, {"b", 3}}));
  EXPECT_FALSE(Equal(type, Entries{{"a", 1}}, Entries{{"a", 1}, {"b", 2}}));
}

TEST_F(DeepTest, NothingEqualsANaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(Equal<double>(types_.ListOf(kDoubleType), {nan}, {nan}));
  EXPECT_TRUE(Equal<double>(types_.ListOf(kDoubleType), {0.0}, {-0.0}));
}

TEST_F(DeepTest, AnIntEqualsADoubleOfItsValue) {
  const std::vector<int64_t> ints = {1, (int64_t{1} << 53) + 1};
  const std::vector<double> reals = {1.0, 9007199254740992.0};
  const uint32_t a = pool_.Add(types_.ListOf(kIntType), *LayoutOf<std::vector<int64_t>>());
  const uint32_t b = pool_.Add(types_.ListOf(kDoubleType), *LayoutOf<std::vector<double>>());
  EXPECT_FALSE(EqualWhole({pool_.image(a), &ints}, {pool_.image(b), &reals}, nullptr)) << "exactly";
  const std::vector<int64_t> few = {1};
  const std::vector<double> real = {1.0};
  EXPECT_TRUE(EqualWhole({pool_.image(a), &few}, {pool_.image(b), &real}, nullptr));
}

TEST_F(DeepTest, WhatIsBadEqualsNothingAndIsNotCopied) {
  const TypeId type = types_.ListOf(kIntType);
  const std::vector<uint64_t> numbers = {1, UINT64_MAX};
  const LayoutRef native = NativeLayout(types_, type);
  const uint32_t host = pool_.Add(type, *LayoutOf<std::vector<uint64_t>>());
  const uint32_t own = pool_.Add(type, *native);
  const Place value{pool_.image(host), &numbers};
  EXPECT_EQ(CheckWhole(value), ErrorKind::kIntOutOfRange);
  EXPECT_FALSE(EqualWhole(value, value, &arena_));
  NativeSpan copy;
  EXPECT_EQ(CopyWhole(value, pool_.image(own), &copy, arena_), ErrorKind::kIntOutOfRange);
  const std::vector<uint64_t> fine = {1, 2};
  EXPECT_EQ(CopyWhole({pool_.image(host), &fine}, pool_.image(own), &copy, arena_), ErrorKind::kNone);
  EXPECT_EQ(copy.count, 2u);
  EXPECT_TRUE(EqualWhole({pool_.image(host), &fine}, {pool_.image(own), &copy}, &arena_));
}

TEST_F(DeepTest, CopyingEndsAtTheLimitOfTheArena) {
  const TypeId type = types_.ListOf(kIntType);
  const std::vector<int32_t> numbers(64);
  const uint32_t host = pool_.Add(type, *LayoutOf<std::vector<int32_t>>());
  const LayoutRef native = NativeLayout(types_, type);
  const uint32_t own = pool_.Add(type, *native);
  NativeSpan copy;
  Arena enough(512), small(511);
  EXPECT_EQ(CopyWhole({pool_.image(host), &numbers}, pool_.image(own), &copy, enough), ErrorKind::kNone);
  EXPECT_EQ(CopyWhole({pool_.image(host), &numbers}, pool_.image(own), &copy, small), ErrorKind::kArenaExhausted);
}

// The table by hashes finds what comparing one by one does, with memory for it and without.
TEST_F(DeepTest, DistinctElementsAreThoseOfAStdSet) {
  test::Random random(moult::test::Seed());
  const uint32_t image = pool_.AddWord(kIntType);
  for (int k = 0; k < 200; ++k) {
    std::vector<int64_t> items(test::Below(random, 40));
    for (int64_t& item : items) item = static_cast<int64_t>(test::Below(random, 25)) - 5;
    std::vector<int64_t> expected;
    std::set<int64_t> seen;
    for (const int64_t item : items) {
      if (seen.insert(item).second) expected.push_back(item);
    }
    for (Arena* scratch : {&arena_, static_cast<Arena*>(nullptr)}) {
      std::vector<int64_t> distinct = items;
      distinct.resize(KeepDistinct(pool_.image(image), distinct.data(), distinct.size(), scratch));
      EXPECT_EQ(distinct, expected);
      EXPECT_EQ(HaveEqual(Elements(pool_.image(image), items.data(), items.size()), scratch), expected != items);
    }
  }
}

TEST_F(DeepTest, EqualImagesStandOnce) {
  const LayoutRef a = LayoutOf<std::vector<std::string>>();
  const LayoutRef b = LayoutOf<std::vector<std::string>>();
  EXPECT_EQ(pool_.Add(types_.ListOf(kStringType), *a), pool_.Add(types_.ListOf(kStringType), *b));
  EXPECT_NE(pool_.Add(types_.ListOf(kStringType), *a), pool_.Add(types_.SetOf(kStringType), *b));
}

}  // namespace
}  // namespace moult::lang
