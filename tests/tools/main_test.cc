// The command line of `moult`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using ::testing::HasSubstr;

TEST(CommandLine, NamesAnUnknownCommand) {
  const Finished near = RunProcess({MOULT_COMMAND, "chek", "x.moult"});
  EXPECT_EQ(near.code, 2);
  EXPECT_EQ(near.err, "moult: there is no command `chek`: did you mean `check`? [E-usage]\n");
  const Finished far = RunProcess({MOULT_COMMAND, "zzzzzz"});
  EXPECT_EQ(far.code, 2);
  EXPECT_THAT(far.err, HasSubstr("there is no command `zzzzzz`: there are run, check, "));
  EXPECT_THAT(RunProcess({MOULT_COMMAND}).err, HasSubstr("A subcommand is required"));
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "check"}).err, HasSubstr("PATHS is required"));
}

TEST(CommandLine, FailsWhenItsHelpCannotBeWritten) {
  for (const char* arguments : {"--help", "run --help", "--version"}) {
    EXPECT_EQ(RunProcess({"/bin/sh", "-c", std::string(MOULT_COMMAND) + " " + arguments + " > /dev/null"}).code, 0);
    const Finished full = RunProcess({"/bin/sh", "-c", std::string(MOULT_COMMAND) + " " + arguments + " > /dev/full"});
    EXPECT_EQ(full.code, 4);
    EXPECT_THAT(full.err, HasSubstr("cannot write <stdout>"));
  }
}

}  // namespace
}  // namespace moult::tools
