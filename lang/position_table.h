// PositionTable: a hash table of where things stand in an array or a text, four bytes a slot.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace moult::lang {

// Open addressing, at most half full. A slot holds a position and, in the bits that positions leave free, a part of the
// hash: most probes for what is not there never look at what the positions name. Thread-safety: Find from any threads,
// Add from one alone.
class PositionTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // For at most `count` positions, each below `limit`. REQUIRES: both below 2^32 - 1.
  PositionTable(size_t count, uint64_t limit)
      : hash_mask_(static_cast<uint32_t>(~uint64_t{0} << std::bit_width(limit))), slots_(2 * count + 2) {}

  // The position with this hash for which `same(position)` is true, or kNone.
  template <class Same>
  uint32_t Find(uint64_t hash, Same same) const {
    const uint32_t tag = static_cast<uint32_t>(hash) & hash_mask_;
    for (size_t slot = Home(hash); slots_[slot] != kEmpty; slot = Next(slot)) {
      if ((slots_[slot] & hash_mask_) != tag) continue;
      const uint32_t position = (slots_[slot] & ~hash_mask_) - 1;
      if (same(position)) return position;
    }
    return kNone;
  }

  // REQUIRES: Find gave kNone for what stands there.
  void Add(uint64_t hash, uint32_t position) {
    size_t slot = Home(hash);
    while (slots_[slot] != kEmpty) slot = Next(slot);
    slots_[slot] = (static_cast<uint32_t>(hash) & hash_mask_) | (position + 1);
  }

  size_t MemoryBytes() const { return slots_.capacity() * sizeof(uint32_t); }

 private:
  static constexpr uint32_t kEmpty = 0;  // positions are held plus one

  // The upper half of the hash spreads over the slots, whatever their number; the lower tells apart what meets there.
  size_t Home(uint64_t hash) const { return (hash >> 32) * slots_.size() >> 32; }
  size_t Next(size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }

  uint32_t hash_mask_;
  std::vector<uint32_t> slots_;
};

}  // namespace moult::lang
