// The seed of random tests: MOULT_SEED of the environment, or a new one each run. It is printed once, so that a failure
// can be replayed.
#pragma once

#include <cstdint>

namespace moult::test {

uint64_t Seed();

}  // namespace moult::test
