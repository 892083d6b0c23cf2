#include "tests/fuzz/coverage.h"

#include <algorithm>
#include <bit>

namespace moult::fuzz {
namespace {

uint8_t g_counts[kCoverageSize];
uintptr_t g_previous = 0;

// 1, 2, 3, 4-7, 8-15, 16-31, 32-63 and more as one bit each: a loop that runs once more is news only while it is short.
uint8_t ClassOf(uint8_t count) {
  if (count <= 3) return static_cast<uint8_t>(1u << (count - 1));
  return static_cast<uint8_t>(1u << std::min(static_cast<int>(std::bit_width(count)), 7));
}

}  // namespace

// Called by g++ at the head of every basic block; the name is the compiler's.
extern "C" void __sanitizer_cov_trace_pc() {
  const auto here = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  uint8_t& count = g_counts[((here * 0x9E3779B1u) ^ g_previous) % kCoverageSize];
  if (count != 255) ++count;
  g_previous = (here * 0x9E3779B1u) >> 1;
}

void Coverage::Reset() {
  std::ranges::fill(g_counts, uint8_t{0});
  g_previous = 0;
}

size_t Coverage::Merge() {
  size_t fresh = 0;
  for (size_t k = 0; k < kCoverageSize; ++k) {
    if (g_counts[k] == 0) continue;
    const uint8_t bits = ClassOf(g_counts[k]);
    if ((seen_[k] & bits) != 0) continue;
    if (seen_[k] == 0) ++edges_;
    seen_[k] |= bits;
    ++fresh;
  }
  return fresh;
}

}  // namespace moult::fuzz
