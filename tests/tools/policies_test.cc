// The policies under examples/policies/ pass the tests that they bring, which reach every rule and every condition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "tests/tools/process.h"

namespace moult::tools {
namespace {

std::vector<std::string> PolicySets() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(MOULT_SOURCE_DIR "/examples/policies")) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  return names;
}

class ExamplePolicies : public testing::TestWithParam<std::string> {};

TEST_P(ExamplePolicies, PassTheirTestsWithFullCoverage) {
  const Finished test = RunProcess({MOULT_COMMAND, "test", "--coverage", MOULT_SOURCE_DIR "/examples/policies/" + GetParam()});
  EXPECT_EQ(test.code, 0) << test.out << test.err;
  const std::string told = test.out + test.err;
  static const std::regex coverage(R"((\d+) of (\d+) rules fired .*, (\d+) of (\d+) outcomes of conditions seen)");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(told, match, coverage)) << told;
  EXPECT_EQ(match[1], match[2]) << told;
  EXPECT_EQ(match[3], match[4]) << told;
  const int rules = std::stoi(match[2]);
  EXPECT_GE(rules, 20);
  EXPECT_LE(rules, 60);
}

INSTANTIATE_TEST_SUITE_P(Sets, ExamplePolicies, testing::ValuesIn(PolicySets()), [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace moult::tools
