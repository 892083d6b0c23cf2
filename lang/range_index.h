// RangeIndex: which of many address ranges contain an address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "moult/net.h"

namespace moult::lang {

// The ranges that lie in no other, sorted: they are disjoint, so the last one that does not begin behind an address is
// the only one that can contain it. Immutable, safe to ask from any threads.
class RangeIndex {
 public:
  // Cost: sorts.
  explicit RangeIndex(std::span<const Cidr> ranges);

  // Whether a range contains `ip`, which is of its family then. Cost: logarithmic, without branches that depend on the
  // address.
  bool Contains(const Ip& ip) const noexcept;
  size_t MemoryBytes() const;

 private:
  // Of one family. A range is its first address and how many bits of an address it leaves open.
  template <class Address>
  struct Family {
    std::vector<Address> first;
    std::vector<uint8_t> open_bits;
  };
  struct Wide {
    uint64_t high;
    uint64_t low;
    friend auto operator<=>(const Wide&, const Wide&) = default;
  };

  Family<uint32_t> v4_;
  Family<Wide> v6_;
};

}  // namespace moult::lang
