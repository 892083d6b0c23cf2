// Order statistics of samples.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace moult::bench {

// The smallest sample that at least `fraction` of the samples do not exceed. REQUIRES: sorted, not empty.
inline double Percentile(const std::vector<double>& sorted, double fraction) {
  const auto rank = static_cast<size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  return sorted[std::min(sorted.size(), std::max<size_t>(rank, 1)) - 1];
}

// Of an even number of samples the lower one: a value that was measured. NaN of none.
inline double Median(std::vector<double> samples) {
  if (samples.empty()) return std::nan("");
  std::sort(samples.begin(), samples.end());
  return Percentile(samples, 0.5);
}

}  // namespace moult::bench
