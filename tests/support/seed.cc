#include "tests/support/seed.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace moult::test {

uint64_t Seed() {
  static const uint64_t seed = [] {
    const char* given = std::getenv("MOULT_SEED");
    const uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    fmt::print(stderr, "random tests: replay with MOULT_SEED={}\n", value);
    return value;
  }();
  return seed;
}

}  // namespace moult::test
