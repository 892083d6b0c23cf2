// Random scalars from small pools, so that what a program compares with and what its input holds are often equal, and
// from the edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "lang/time.h"
#include "moult/net.h"

namespace moult::lang::test {

using Random = std::mt19937_64;

inline size_t Below(Random& random, size_t n) { return static_cast<size_t>(random() % n); }
inline bool Chance(Random& random, int percent) { return random() % 100 < static_cast<uint64_t>(percent); }

int64_t RandomInt(Random& random);
double RandomDouble(Random& random);
Timestamp RandomTimestamp(Random& random);
int64_t RandomDuration(Random& random);  // in nanoseconds
Ip RandomIp(Random& random);
Cidr RandomCidr(Random& random);
// Any bytes if `hostile`, else UTF-8. Words, URL and HTML escapes, separators, letters of all sizes.
std::string RandomText(Random& random, bool hostile);

}  // namespace moult::lang::test
