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
  uint64_t broken = 0;  // files whose tests could not be run, or not all of them
};
TestTotals CountTests(const std::vector<PolicyResults>& policies);

// A line for each policy, the failures with their rules, and what is not covered.
std::string RenderTests(const std::vector<PolicyResults>& policies);
// One JSON object: {"passed": 3, "failed": 1, "errors": [{"file", "line", "column", "code", "message"}], "policies": [{"policy", "file",
// "tests": [...], "coverage": {...}}]}. An error without a place has no line and column.
std::string TestsJson(const std::vector<PolicyResults>& policies);
// JUnit's XML, as CI systems read it: a suite for each policy. What could not be run is a test case with an <error>.
std::string TestsJunit(const std::vector<PolicyResults>& policies);

}  // namespace moult::tools
