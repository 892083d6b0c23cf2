#include "lang/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace moult::lang {
namespace {

TEST(ArenaTest, AllocationsAreAlignedApartAndWritable) {
  Arena arena;
  std::vector<std::pair<char*, size_t>> blocks;
  for (size_t size : {0u, 1u, 15u, 16u, 17u, 4096u, 5000u, 1u, 3u << 20, 7u}) {
    auto* data = static_cast<char*>(arena.Allocate(size));
    ASSERT_NE(data, nullptr) << size;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % 16, 0u) << size;
    std::memset(data, static_cast<int>(blocks.size() + 1), size);
    blocks.emplace_back(data, size);
  }
  for (size_t k = 0; k < blocks.size(); ++k) {
    for (size_t i = 0; i < blocks[k].second; ++i) ASSERT_EQ(blocks[k].first[i], static_cast<char>(k + 1)) << k;
  }
}

TEST(ArenaTest, TheLimitCountsRoundedSizesWhateverTheChunks) {
  Arena arena(100'000);
  size_t allocations = 0;
  while (arena.Allocate(100) != nullptr) ++allocations;
  EXPECT_EQ(allocations, 100'000u / 112);
  EXPECT_EQ(arena.used(), allocations * 112);
  EXPECT_NE(arena.Allocate(1), nullptr) << "what is left can still be had";
}

TEST(ArenaTest, RefusesAbsurdSizes) {
  Arena arena(SIZE_MAX);
  for (size_t size : {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX - 64, SIZE_MAX / 2})
    EXPECT_EQ(arena.Allocate(size), nullptr) << size;
  EXPECT_NE(arena.Allocate(16), nullptr);
  EXPECT_EQ(Arena(8).Allocate(1), nullptr) << "an allocation takes 16 bytes at least";
}

TEST(ArenaTest, ACopyOfNothingIsNotNull) {
  Arena arena(64);
  EXPECT_NE(arena.Copy("").data(), nullptr);
  EXPECT_EQ(arena.Copy("text"), "text");
  EXPECT_EQ(arena.Copy(std::string(100, 'x')).data(), nullptr);
}

TEST(ArenaTest, AWarmArenaIsOneChunk) {
  Arena arena;
  const auto fill = [&] {
    arena.Reset();
    std::vector<char*> blocks;
    for (int i = 0; i < 1000; ++i) blocks.push_back(static_cast<char*>(arena.Allocate(100)));
    return blocks;
  };
  fill();
  const std::vector<char*> second = fill();
  for (size_t k = 1; k < second.size(); ++k) ASSERT_EQ(second[k] - second[k - 1], 112) << "contiguous";
  EXPECT_EQ(fill(), second) << "the same memory again";
}

}  // namespace
}  // namespace moult::lang
