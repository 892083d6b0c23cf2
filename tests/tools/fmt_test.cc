// `moult fmt` from end to end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/tools/process.h"
#include "tools/exit_code.h"

namespace moult::tools {
namespace {

using testing::HasSubstr;

constexpr const char* kLoose =
    "policy p\n\n\ninput{n:int}\ndecide severest[a<b]default a // why\nrule r{when n>1 then b}\n";
constexpr const char* kCanonical =
    "policy p\n\ninput {\n  n: int\n}\ndecide severest [a < b] default a  // why\nrule r {\n  when n > 1\n  then b\n}\n";

class FmtTest : public testing::Test {
 protected:
  Finished Fmt(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {MOULT_COMMAND, "fmt"});
    return RunProcess(arguments, input);
  }
  std::string Link(const std::string& name, const std::string& target) {
    std::filesystem::create_symlink(target, dir_.Path(name));
    return dir_.Path(name);
  }
  static mode_t Mode(const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
  TempDir dir_;
};

TEST_F(FmtTest, RewritesAFileAndNamesIt) {
  const std::string file = dir_.Write("p.moult", kLoose);
  const Finished fmt = Fmt({file});
  EXPECT_EQ(fmt.code, kExitOk) << fmt.err;
  EXPECT_EQ(fmt.out, file + "\n");
  EXPECT_EQ(ReadFile(file), kCanonical);
  EXPECT_EQ(Fmt({file}).out, "");
}

TEST_F(FmtTest, ChecksWithoutWriting) {
  const std::string loose = dir_.Write("loose.moult", kLoose);
  const std::string canonical = dir_.Write("canonical.moult", kCanonical);
  const Finished check = Fmt({"--check", loose, canonical});
  EXPECT_EQ(check.code, kExitDiffers);
  EXPECT_EQ(check.out, loose + "\n");
  EXPECT_EQ(ReadFile(loose), kLoose);
  EXPECT_EQ(Fmt({"--check", canonical}).code, kExitOk);
}

TEST_F(FmtTest, FormatsStandardInputToStandardOutput) {
  const std::string file = dir_.Write("p.moult", kLoose);
  const Finished fmt = Fmt({"--stdin"}, file);
  EXPECT_EQ(fmt.code, kExitOk) << fmt.err;
  EXPECT_EQ(fmt.out, kCanonical);
  EXPECT_EQ(ReadFile(file), kLoose);
  EXPECT_EQ(Fmt({"--stdin", "--check"}, file).code, kExitDiffers);
}

TEST_F(FmtTest, TakesThePoliciesBelowADirectory) {
  std::filesystem::create_directories(dir_.Path("set/lib/.hidden"));
  const std::string one = dir_.Write("set/one.moult", kLoose);
  const std::string two = dir_.Write("set/lib/two.moult", kLoose);
  const std::string hidden = dir_.Write("set/lib/.hidden/three.moult", kLoose);
  const std::string data = dir_.Write("set/data.txt", kLoose);
  EXPECT_EQ(Fmt({dir_.Path("set")}).out, two + "\n" + one + "\n");
  EXPECT_EQ(ReadFile(two), kCanonical);
  EXPECT_EQ(ReadFile(hidden), kLoose);
  EXPECT_EQ(ReadFile(data), kLoose);
}

TEST_F(FmtTest, LeavesAFileWithErrorsAloneAndFormatsTheOthers) {
  const std::string broken = dir_.Write("broken.moult", "policy p\nrule r { when }\n");
  const std::string loose = dir_.Write("loose.moult", kLoose);
  const Finished fmt = Fmt({broken, loose});
  EXPECT_EQ(fmt.code, kExitPolicy);
  EXPECT_THAT(fmt.err, HasSubstr(broken + ":2:15: error: expected an expression"));
  EXPECT_EQ(ReadFile(broken), "policy p\nrule r { when }\n");
  EXPECT_EQ(ReadFile(loose), kCanonical);
}

TEST_F(FmtTest, KeepsTheModeAndSymbolicLinks) {
  const std::string file = dir_.Write("real.moult", kLoose);
  ASSERT_EQ(chmod(file.c_str(), 0640), 0);
  const std::string link = Link("link.moult", "real.moult");
  EXPECT_EQ(Fmt({link}).code, kExitOk);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(ReadFile(file), kCanonical);
  EXPECT_EQ(Mode(file), 0640u);
  // The file beside it that was written first is gone.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.Path(".")), {}), 2);
}

TEST_F(FmtTest, LeavesAPolicyAloneWhoseFormWouldBeTooLarge) {
  std::string text = "policy p\nlet a=\"";
  text += std::string((size_t{4} << 20) - text.size() - 2, 'x') + "\"\n";  // blanks around the `=` are too much
  const std::string file = dir_.Write("p.moult", text);
  const Finished fmt = Fmt({file});
  EXPECT_EQ(fmt.code, kExitInputOutput);
  EXPECT_THAT(fmt.err, HasSubstr("E-source-too-large"));
  EXPECT_TRUE(ReadFile(file) == text);
}

TEST_F(FmtTest, SaysWhatCannotBeReadOrWritten) {
  const Finished missing = Fmt({dir_.Path("missing.moult")});
  EXPECT_EQ(missing.code, kExitInputOutput);
  EXPECT_THAT(missing.err, HasSubstr("cannot read " + dir_.Path("missing.moult")));
  if (geteuid() == 0) return;  // root may write everything
  const std::string file = dir_.Write("p.moult", kLoose);
  ASSERT_EQ(chmod(file.c_str(), 0444), 0);
  const Finished fmt = Fmt({file});
  EXPECT_EQ(fmt.code, kExitInputOutput);
  EXPECT_THAT(fmt.err, HasSubstr("cannot write " + file));
  EXPECT_EQ(ReadFile(file), kLoose);
}

TEST_F(FmtTest, WantsPathsOrStandardInput) {
  EXPECT_EQ(Fmt({}).code, kExitUsage);
  EXPECT_EQ(Fmt({"--stdin", dir_.Write("p.moult", kLoose)}).code, kExitUsage);
}

}  // namespace
}  // namespace moult::tools
