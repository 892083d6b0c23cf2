// Formatting: tests/golden/format/NAME.moult has the canonical form NAME.txt; properties over every policy of the tree.
#include "lang/format.h"

#include <gtest/gtest.h>

#include "lang/parse.h"
#include "tests/support/formatting.h"
#include "tests/support/golden.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

using moult::testing::ExpectGolden;
using moult::testing::GoldenFiles;
using moult::testing::GoldenPath;
using moult::testing::ReadFile;

std::string FormatOf(const std::string& text) {
  Reporter reporter("policy.moult", text, 20);
  const std::string formatted = Format(text, {}, reporter);
  EXPECT_FALSE(reporter.has_errors()) << Render(reporter.Take());
  return formatted;
}

bool Parses(const std::string& text) {
  Reporter reporter("policy.moult", text, 20);
  Parse(text, {}, reporter);
  return !reporter.has_errors();
}

TEST(Format, EveryCaseHasItsForm) {
  const auto files = GoldenFiles("format", ".moult");
  ASSERT_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    SCOPED_TRACE(file.filename().string());
    const std::string formatted = FormatOf(ReadFile(file));
    ExpectGolden(file.replace_extension(".txt"), formatted);
  }
}

TEST(Format, HoldsOverEveryPolicyOfTheTree) {
  std::mt19937_64 random(moult::test::Seed());
  size_t policies = 0;
  for (const char* folder : {"examples", "tests/golden"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(MOULT_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".moult") continue;
      const std::string text = ReadFile(entry.path());
      if (!Parses(text)) continue;
      SCOPED_TRACE(entry.path().string());
      test::ExpectFormats(text, random);
      if (HasFailure()) return;
      ++policies;
    }
  }
  EXPECT_GT(policies, 30u);
}

TEST(Format, LeavesATextWithErrorsAlone) {
  const std::string text = "policy p\nrule r { when }\n";
  Reporter reporter("policy.moult", text, 20);
  EXPECT_EQ(Format(text, {}, reporter), "");
  EXPECT_TRUE(reporter.has_errors());
}

TEST(Format, KeepsLinesWithinTheWidthWhereTheyCanBreak) {
  for (const std::filesystem::path& file : GoldenFiles("format", ".txt")) {
    for (size_t begin = 0, number = 1, end; begin < ReadFile(file).size(); begin = end + 1, ++number) {
      end = ReadFile(file).find('\n', begin);
      const std::string line = ReadFile(file).substr(begin, end - begin);
      EXPECT_TRUE(line.size() <= kFormatWidth || line.find("//") != std::string::npos) << file << ":" << number;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << file << ":" << number;
    }
  }
}

}  // namespace
}  // namespace moult::lang
