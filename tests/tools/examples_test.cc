// The examples do what their comments say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using testing::HasSubstr;

TEST(Examples, HelloSwapsAPolicy) {
  const Finished hello = RunProcess({MOULT_EXAMPLE_HELLO});
  EXPECT_EQ(hello.code, 0) << hello.err;
  EXPECT_THAT(hello.out, HasSubstr("limit 10: allow\n"));
  EXPECT_THAT(hello.out, HasSubstr("limit 5: block (too_many: 7 failures of ada)\n"));
  EXPECT_THAT(hello.out, testing::ContainsRegex("([0-9]+) versions superseded, [1-9][0-9]* freed\n"));
}

TEST(Examples, TheDemonstrationRunsToItsEnd) {
  const Finished demo = RunProcess({MOULT_SOURCE_DIR "/examples/demo/run.sh", MOULT_COMMAND});
  EXPECT_EQ(demo.code, 0) << demo.err;
  for (const char* line : {"published   version 3:", "reclaimed   version 1:", "reclaimed   version 2:", "refused ",
                           "3 published, 2 superseded, 2 reclaimed; 1 alive"}) {
    EXPECT_THAT(demo.err, HasSubstr(line));
  }
}

TEST(Examples, AreInTheirCanonicalForm) {
  const Finished check = RunProcess({MOULT_COMMAND, "fmt", "--check", MOULT_SOURCE_DIR "/examples"});
  EXPECT_EQ(check.code, 0) << check.out << check.err;
}

// "all attacks  1703  1953  87.2%": the percentage of that row.
double Percentage(const std::string& report, const std::string& row) {
  std::smatch match;
  if (!std::regex_search(report, match, std::regex(row + R"(\s+\d+\s+\d+\s+([\d.]+)%)"))) return -1;
  return std::stod(match[1]);
}

class Waf : public testing::TestWithParam<std::string> {};

TEST_P(Waf, FindsMostAttacksAndFlagsFewOthers) {
  const std::string requests = MOULT_SOURCE_DIR "/../shared/data/http_open.jsonl";
  if (!std::filesystem::exists(requests)) GTEST_SKIP() << "no labelled requests at " << requests;
  std::vector<std::string> arguments = {MOULT_EXAMPLE_WAF_REPORT, MOULT_SOURCE_DIR "/examples/waf.moult", requests};
  if (GetParam() != "all") arguments.push_back(GetParam());
  const Finished report = RunProcess(arguments);
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_GE(Percentage(report.out, "all attacks"), 75.0) << report.out;
  EXPECT_GE(Percentage(report.out, "unlabelled"), 0.0);
  EXPECT_LE(Percentage(report.out, "unlabelled"), 10.0) << report.out;
}

INSTANTIATE_TEST_SUITE_P(Halves, Waf, testing::Values("all", "even", "odd"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace moult::tools
