// Formatting random policies: the canonical form means the same, and is canonical.
//
//   MOULT_SEED=123 ./differential_tests   replay the policy that seed 123 made
#include <gtest/gtest.h>

#include "tests/differential/random_policy.h"
#include "tests/support/formatting.h"
#include "tests/support/seed.h"

namespace moult::testing {
namespace {

TEST(FormatRandom, KeepsMeaningAndCommentsOfRandomPolicies) {
  const uint64_t first = test::Seed();
  for (uint64_t seed = first; seed < first + 20 && !HasFailure(); ++seed) {
    SCOPED_TRACE(::testing::Message() << "replay with MOULT_SEED=" << seed);
    std::mt19937_64 random(seed);
    lang::test::ExpectFormats(PolicyWriter(seed).Write(), random);
  }
}

}  // namespace
}  // namespace moult::testing
