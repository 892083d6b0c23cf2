// Which parts of the code an input reaches: what makes an input worth keeping.
//
// Filled by code that was compiled with `-fsanitize-coverage=trace-pc` (the preset `fuzz`); without, nothing is ever new and inputs are
// mutated blindly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace moult::fuzz {

inline constexpr size_t kCoverageSize = size_t{1} << 16;

// How often each edge between two pieces of code was taken, by a hash of the edge, in classes of counts. Thread-safety: none.
class Coverage {
 public:
  // Forgets what was counted since; call it before each run.
  static void Reset();
  // Adds what was counted since Reset. Returns how much of it was new: edges, and classes of how often.
  size_t Merge();
  // Edges seen at all.
  size_t edges() const { return edges_; }

 private:
  std::array<uint8_t, kCoverageSize> seen_{};
  size_t edges_ = 0;
};

}  // namespace moult::fuzz
