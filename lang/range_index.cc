#include "lang/range_index.h"

#include <algorithm>

namespace moult::lang {
namespace {

constexpr uint32_t kAddressBits = 128;

// IPv4 first, since its addresses lie amidst those of IPv6; then a range before those that it contains.
bool Before(const Cidr& a, const Cidr& b) {
  if (a.ip().is_v4() != b.ip().is_v4()) return a.ip().is_v4();
  return a.ip() != b.ip() ? a.ip() < b.ip() : a.bits() < b.bits();
}

std::vector<Cidr> WithoutContained(std::span<const Cidr> ranges) {
  std::vector<Cidr> sorted;
  sorted.reserve(ranges.size());
  for (const Cidr& range : ranges) sorted.push_back(range.Masked());
  std::sort(sorted.begin(), sorted.end(), Before);
  size_t kept = 0;
  for (const Cidr& range : sorted) {
    if (kept == 0 || !sorted[kept - 1].Contains(range)) sorted[kept++] = range;
  }
  sorted.resize(kept);
  return sorted;
}

// The index of the last element that is not above `address`; 0 if there is none. REQUIRES: sorted, not empty. The loop
// runs as often for any address of one array: the compiler makes its condition a conditional move.
template <class Address>
size_t LastNotAbove(const std::vector<Address>& sorted, const Address& address) {
  const Address* base = sorted.data();
  for (size_t size = sorted.size(); size > 1;) {
    const size_t half = size / 2;
    base = base[half] <= address ? base + half : base;
    size -= half;
  }
  return static_cast<size_t>(base - sorted.data());
}

}  // namespace

RangeIndex::RangeIndex(std::span<const Cidr> ranges) {
  const std::vector<Cidr> kept = WithoutContained(ranges);
  const auto v4 =
      static_cast<size_t>(std::ranges::count_if(kept, [](const Cidr& range) { return range.ip().is_v4(); }));
  v4_.first.reserve(v4);
  v4_.open_bits.reserve(v4);
  v6_.first.reserve(kept.size() - v4);
  v6_.open_bits.reserve(kept.size() - v4);
  for (const Cidr& range : kept) {
    const Ip first = range.ip();
    const auto open = static_cast<uint8_t>(kAddressBits - range.bits());
    if (first.is_v4()) {
      v4_.first.push_back(static_cast<uint32_t>(first.low()));
      v4_.open_bits.push_back(open);
    } else {
      v6_.first.push_back({first.high(), first.low()});
      v6_.open_bits.push_back(open);
    }
  }
}

bool RangeIndex::Contains(const Ip& ip) const noexcept {
  if (ip.is_v4()) {
    if (v4_.first.empty()) return false;
    const auto address = static_cast<uint32_t>(ip.low());
    const size_t k = LastNotAbove(v4_.first, address);
    return uint64_t{address ^ v4_.first[k]} >> v4_.open_bits[k] == 0;
  }
  if (v6_.first.empty()) return false;
  const Wide address{ip.high(), ip.low()};
  const size_t k = LastNotAbove(v6_.first, address);
  const uint32_t open = v6_.open_bits[k];
  const uint64_t high = address.high ^ v6_.first[k].high;
  const uint64_t low = address.low ^ v6_.first[k].low;
  if (open >= 64) return open == kAddressBits || high >> (open - 64) == 0;
  return high == 0 && low >> open == 0;
}

size_t RangeIndex::MemoryBytes() const {
  return v4_.first.capacity() * sizeof(uint32_t) + v6_.first.capacity() * sizeof(Wide) + v4_.open_bits.capacity() +
         v6_.open_bits.capacity();
}

}  // namespace moult::lang
