// `moult run --watch`: versions published while requests are decided.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/tools/process.h"
#include "tools/exit_code.h"

namespace moult::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Policy(int limit) {
  return fmt::format(
      "policy p\ninput {{ n: int, name: string }}\ndecide severest [low < high] default low\n"
      "list friends: set<string> from \"friends.txt\"\n"
      "rule big {{ when n > {} then high }}\nrule friend {{ when name in friends then low \"a friend\" }}\n",
      limit);
}

constexpr const char* kRequest = "{\"n\": 5, \"name\": \"eve\"}\n";

// A run that waits for requests by pipe, so that each step sees its own decision.
class Watch : public testing::Test {
 protected:
  void SetUp() override {
    dir_.Write("policies/p.moult", Policy(10));
    dir_.Write("policies/friends.txt", "ada\nbob\n");
    run_ = std::make_unique<Process>(
        std::vector<std::string>{MOULT_COMMAND, "run", dir_.Path("policies"), "--input", "-", "--watch"}, "|");
    ASSERT_TRUE(run_->WaitForErr("published   version 1: p (2 rules) compiled")) << run_->err();
  }
  // The decision of one more request.
  std::string Ask() {
    run_->Feed(kRequest);
    ++asked_;
    EXPECT_TRUE(Eventually([&] { return Lines(run_->out()).size() == asked_ && run_->out().back() == '\n'; }))
        << run_->out();
    return Lines(run_->out()).back();
  }
  void End() {
    run_->CloseInput();
    EXPECT_EQ(run_->Wait(), kExitOk);
  }

  TempDir dir_;
  std::unique_ptr<Process> run_;
  size_t asked_ = 0;
};

TEST_F(Watch, PublishesAChangedModuleInAFolder) {
  dir_.Write("policies/lib/limits.moult", "module lib.limits\nconst BIG = 9\n");
  dir_.RenameOver("policies/p.moult",
                  "policy p\nuse lib.limits\ninput { n: int, name: string }\ndecide severest [low < high] default low\n"
                  "rule big { when n > limits.BIG then high }\n");
  EXPECT_TRUE(run_->WaitForErr("p.moult changed")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"low\""));
  dir_.RenameOver("policies/lib/limits.moult", "module lib.limits\nconst BIG = 1\n");
  EXPECT_TRUE(run_->WaitForErr("limits.moult changed")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"high\""));
  End();
}

TEST_F(Watch, PublishesAFileThatIsRenamedOverTheOldOneAndFreesTheOldCode) {
  EXPECT_THAT(Ask(), HasSubstr("\"low\",\"rules\":[],\"errors\":[],\"version\":1"));
  dir_.RenameOver("policies/p.moult", Policy(1));
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  EXPECT_TRUE(run_->WaitForErr("p.moult changed"));
  EXPECT_THAT(Ask(), HasSubstr("\"high\",\"rules\":[{\"rule\":\"big\"}],\"errors\":[],\"version\":2"));
  EXPECT_TRUE(run_->WaitForErr("superseded  version 1"));
  EXPECT_TRUE(run_->WaitForErr("reclaimed   version 1:")) << run_->err();
  End();
  const std::string err = run_->err();
  EXPECT_LT(err.find("published   version 2"), err.find("superseded  version 1"));
  EXPECT_LT(err.find("superseded  version 1"), err.find("reclaimed   version 1"));
  EXPECT_THAT(err, HasSubstr("2 published, 1 superseded, 1 reclaimed"));
}

TEST_F(Watch, PublishesAFileThatIsWrittenInPlace) {
  dir_.Write("policies/p.moult", Policy(2));
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"version\":2"));
  End();
}

TEST_F(Watch, KeepsServingWhenTheNewTextDoesNotCompile) {
  dir_.RenameOver("policies/p.moult", "policy p\ninput { n: int, name: string }\nrule r { when m > 1 then high }\n");
  EXPECT_TRUE(run_->WaitForErr("version 1 keeps serving")) << run_->err();
  EXPECT_THAT(run_->err(), HasSubstr("p.moult:3:"));
  EXPECT_THAT(Ask(), HasSubstr("\"version\":1"));
  dir_.RenameOver("policies/p.moult", Policy(3));
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"version\":2"));
  End();
}

TEST_F(Watch, PublishesAListThatChanged) {
  EXPECT_THAT(Ask(), Not(HasSubstr("a friend")));
  dir_.RenameOver("policies/friends.txt", "ada\neve\n");
  EXPECT_TRUE(run_->WaitForErr("friends.txt changed")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("a friend"));
  End();
}

TEST_F(Watch, IgnoresOtherFilesAndTextsThatDidNotChange) {
  dir_.Write("policies/.p.moult.swp", "editor");
  dir_.Write("policies/4913", "");
  dir_.RenameOver("policies/p.moult", Policy(10));
  // A change that is published proves that the watch has seen what came before it.
  dir_.RenameOver("policies/p.moult", Policy(4));
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"high\""));
  End();
  EXPECT_THAT(run_->err(), HasSubstr("2 published"));
}

TEST_F(Watch, SurvivesAPolicyThatGoesAwayAndComesBack) {
  std::filesystem::rename(dir_.Path("policies/p.moult"), dir_.Path("away"));
  EXPECT_TRUE(run_->WaitForErr("version 1 keeps serving")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("\"version\":1"));
  dir_.Write("away", Policy(1));
  std::filesystem::rename(dir_.Path("away"), dir_.Path("policies/p.moult"));
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  End();
}

TEST_F(Watch, TellsWhenARefusedChangeIsUndone) {
  dir_.RenameOver("policies/p.moult", "policy p\n");
  EXPECT_TRUE(run_->WaitForErr("version 1 keeps serving")) << run_->err();
  dir_.RenameOver("policies/p.moult", Policy(10));
  EXPECT_TRUE(run_->WaitForErr("the files are those of version 1 again")) << run_->err();
  dir_.RenameOver("policies/friends.txt", "ada\neve\n");
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  EXPECT_THAT(run_->err(), HasSubstr("; friends.txt changed"));
  End();
}

TEST_F(Watch, NoticesADataDirectoryThatIsMadeAgain) {
  std::string policy = Policy(10);
  policy.insert(policy.find("friends.txt"), "a/lists/");  // nothing watches a
  dir_.Write("policies/a/lists/friends.txt", "ada\n");
  dir_.RenameOver("policies/p.moult", policy);
  EXPECT_TRUE(run_->WaitForErr("published   version 2:")) << run_->err();
  std::filesystem::remove_all(dir_.Path("policies/a/lists"));
  EXPECT_TRUE(run_->WaitForErr("version 2 keeps serving")) << run_->err();
  dir_.Write("made/friends.txt", "eve\n");
  std::filesystem::rename(dir_.Path("made"), dir_.Path("policies/a/lists"));
  EXPECT_TRUE(run_->WaitForErr("published   version 3:")) << run_->err();
  EXPECT_THAT(Ask(), HasSubstr("a friend"));
  End();
}

TEST_F(Watch, EachDecisionIsByOneVersionWhileManyArePublished) {
  run_->Signal(SIGTERM);
  EXPECT_EQ(run_->Wait(), 128 + SIGTERM);
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += kRequest;
  const std::string output = dir_.Path("out.jsonl");
  Process run({MOULT_COMMAND, "run", dir_.Path("policies"), "--input", dir_.Write("in.jsonl", requests), "--repeat",
               "1000000", "--threads", "3", "--brief", "--output", output, "--watch"});
  for (int version = 2; version <= 9; ++version) {
    ASSERT_TRUE(run.WaitForErr(fmt::format("published   version {}:", version - 1))) << run.err();
    dir_.RenameOver("policies/p.moult", Policy(version % 2 == 0 ? 1 : 10));  // even versions say high
  }
  ASSERT_TRUE(run.WaitForErr("published   version 9:")) << run.err();
  run.Signal(SIGINT);
  EXPECT_EQ(run.Wait(), kExitInterrupted);
  for (const std::string& line : Lines(ReadFile(output))) {
    const int version = std::stoi(line.substr(line.rfind(':') + 1));
    ASSERT_THAT(line, HasSubstr(version % 2 == 0 ? "\"high\"" : "\"low\""));
  }
  EXPECT_THAT(run.err(), HasSubstr("9 published, 8 superseded, 8 reclaimed; 1 alive"));
}

}  // namespace
}  // namespace moult::tools
