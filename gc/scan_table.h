// ScanTable: what a scan looks for, and what it found.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "gc/events.h"

namespace moult::gc {

struct VersionInfo;

// Filled and sorted by the heap thread before a cycle asks any thread, then frozen until all have answered: handlers read the
// ranges without synchronisation and write the sightings with relaxed atomics, both ordered by ThreadRecord::asked (before) and
// Handshake's count of answers (after).
class ScanTable {
 public:
  struct Range {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    VersionInfo* version = nullptr;  // null: a block
  };

  void Clear() { ranges_.clear(); }
  void Add(const Range& range) { ranges_.push_back(range); }
  // Throws std::bad_alloc.
  void Freeze();

  // Handler: whether `word` may point into a range. One compare, no for most words.
  bool Covers(uintptr_t word) const noexcept { return word - lowest_ < extent_; }
  // Handler: notes that `word` was seen, if it points into a range.
  void Note(uintptr_t word, const Place& place, uint64_t now) noexcept;

  // The heap thread's, after all have answered.
  const std::vector<Range>& ranges() const { return ranges_; }
  bool Seen(size_t index) const { return sightings_[index].where.load(std::memory_order_relaxed) != 0; }
  Place SeenAt(size_t index) const;
  uint64_t SeenWhen(size_t index) const { return sightings_[index].when.load(std::memory_order_relaxed); }

 private:
  // The two words may come from two threads that saw the same object: either is a true sighting.
  struct Sighting {
    std::atomic<uint64_t> where{0};
    std::atomic<uint64_t> when{0};
  };

  std::vector<Range> ranges_;
  std::unique_ptr<Sighting[]> sightings_;
  size_t capacity_ = 0;
  uintptr_t lowest_ = 0;
  uintptr_t extent_ = 0;
};

}  // namespace moult::gc
