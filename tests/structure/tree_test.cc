// The tree keeps its rules.

#include <gtest/gtest.h>

#include "tests/structure/rules.h"

namespace moult::structure {
namespace {

const Files& Tree() {
  static const Files files = ReadTree(MOULT_SOURCE_DIR);
  return files;
}

std::string Lines(const Complaints& complaints) {
  std::string text;
  for (const std::string& complaint : complaints) text += complaint + "\n";
  return text;
}

TEST(Tree, WasRead) {
  // Else the tests below would pass on nothing.
  EXPECT_GT(Tree().size(), 50u);
}
TEST(Tree, IncludesOnlyWhatItsLayersAllow) { EXPECT_EQ(Lines(CheckIncludes(Tree())), ""); }
TEST(Tree, HasFilesThatCanBeRead) { EXPECT_EQ(Lines(CheckShape(Tree())), ""); }
TEST(Tree, NamesNoPathOfOneMachine) { EXPECT_EQ(Lines(CheckPaths(Tree())), ""); }
TEST(Tree, RegistersEveryTestFolder) { EXPECT_EQ(Lines(CheckTestFolders(Tree())), ""); }
TEST(Tree, RefersOnlyToFilesThatExist) { EXPECT_EQ(Lines(CheckReferences(Tree())), ""); }
TEST(Tree, CitesTheInvariantsThatItNames) { EXPECT_EQ(Lines(CheckInvariants(Tree())), ""); }

}  // namespace
}  // namespace moult::structure
