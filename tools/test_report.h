// What came of tests, for people, programs and CI systems.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/test_runner.h"

namespace moult::tools {

struct TestTotals {
  uint64_t passed = 0;
  uint64_t failed = 0;
};
TestTotals CountTests(const std::vector<PolicyResults>& policies);

// A line for each policy, the failures with their rules, and what is not covered.
std::string RenderTests(const std::vector<PolicyResults>& policies);
// One JSON object: {"passed": 3, "failed": 1, "policies": [{"policy", "file", "tests": [...], "coverage": {...}}]}.
std::string TestsJson(const std::vector<PolicyResults>& policies);
// JUnit's XML, as CI systems read it: a suite for each policy.
std::string TestsJunit(const std::vector<PolicyResults>& policies);

}  // namespace moult::tools
