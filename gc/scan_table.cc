#include "gc/scan_table.h"

#include <algorithm>

namespace moult::gc {
namespace {

constexpr int kKindShift = 62;
constexpr int kThreadShift = 31;
constexpr uint64_t kLow31 = 0x7fffffff;

uint64_t Pack(const Place& place) {
  const uint64_t detail = std::min<uint64_t>(place.detail, kLow31);
  return static_cast<uint64_t>(place.kind) << kKindShift |
         (static_cast<uint64_t>(place.thread) & kLow31) << kThreadShift | detail;
}

}  // namespace

void ScanTable::Freeze() {
  if (ranges_.size() > capacity_) {
    const size_t capacity = std::max(ranges_.size(), 2 * capacity_);
    sightings_ = std::make_unique<Sighting[]>(capacity);
    capacity_ = capacity;
  }
  for (size_t i = 0; i < ranges_.size(); ++i) {
    sightings_[i].where.store(0, std::memory_order_relaxed);
    sightings_[i].when.store(0, std::memory_order_relaxed);
  }
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  lowest_ = ranges_.empty() ? 0 : ranges_.front().begin;
  extent_ = ranges_.empty() ? 0 : ranges_.back().end - lowest_;
}

Place ScanTable::SeenAt(size_t index) const {
  const uint64_t packed = sightings_[index].where.load(std::memory_order_relaxed);
  return {static_cast<Place::Kind>(packed >> kKindShift), static_cast<int>(packed >> kThreadShift & kLow31),
          static_cast<uint32_t>(packed & kLow31)};
}

void ScanTable::Note(uintptr_t word, const Place& place, uint64_t now) noexcept {
  auto after = std::upper_bound(ranges_.begin(), ranges_.end(), word,
                                [](uintptr_t value, const Range& range) { return value < range.begin; });
  if (after == ranges_.begin()) return;
  const Range& range = *(after - 1);
  if (word >= range.end) return;
  Sighting& sighting = sightings_[static_cast<size_t>(&range - ranges_.data())];
  sighting.where.store(Pack(place), std::memory_order_relaxed);
  sighting.when.store(now, std::memory_order_relaxed);
}

}  // namespace moult::gc
