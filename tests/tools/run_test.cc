// `moult run` from end to end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <simdjson.h>

#include <filesystem>

#include "tests/tools/process.h"
#include "tools/exit_code.h"

namespace moult::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Says `high` above 10, and in any case which request it was.
constexpr const char* kEcho =
    "policy echo\n"
    "input { n: int }\n"
    "decide severest [low < high] default low\n"
    "rule big { when n > 10 then high }\n"
    "rule all { when true then low \"n is {n}\", tag \"t\" }\n";

std::string Numbers(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += fmt::format("{{\"n\": {}}}\n", i);
  return lines;
}

class Run : public testing::Test {
 protected:
  // `moult run echo.moult OPTIONS...` over `requests`.
  Finished Decide(std::string_view requests, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input",
                                     dir_.Write("in.jsonl", requests)});
    return RunProcess(options);
  }
  // With another policy, over one request.
  Finished DecideBy(const std::string& policy_path, std::vector<std::string> options = {}) {
    options.insert(options.begin(),
                   {MOULT_COMMAND, "run", policy_path, "--input", dir_.Write("in.jsonl", "{\"n\": 1}\n")});
    return RunProcess(options);
  }
  TempDir dir_;
};

TEST_F(Run, WritesOneDecisionALineAndASummary) {
  const Finished run = Decide("{\"n\": 1}\n{\"n\": 11}\n");
  EXPECT_EQ(run.code, kExitOk) << run.err;
  EXPECT_THAT(
      Lines(run.out),
      ElementsAre(
          R"({"verdict":"low","rules":[{"rule":"all","reason":"n is 1","tags":["t"]}],"errors":[],"version":1})",
          R"({"verdict":"high","rules":[{"rule":"big"},{"rule":"all","reason":"n is 11","tags":["t"]}],"errors":[],"version":1})"));
  EXPECT_THAT(run.err, HasSubstr("Summary"));
  EXPECT_THAT(run.err, HasSubstr("1 published"));
}

TEST_F(Run, WritesEffectsAndWhatShadowRulesWouldHaveDecided) {
  const std::string policy = dir_.Write("effects.moult",
                                        "policy effects\ninput { n: int }\ndecide severest [low < high] default low\n"
                                        "rule fires { when true then emit watch(\"a\\\"b\", n, 1.5, n > 0), emit count(), emit bad(1 / (n - 1)) }\n"
                                        "rule tried mode shadow { when true then high }\n");
  const Finished run = DecideBy(policy, {"--quiet"});
  EXPECT_EQ(run.code, kExitOk) << run.err;
  EXPECT_THAT(Lines(run.out), ElementsAre(HasSubstr(
      R"("shadow":[{"rule":"tried","would_decide":"high"}],"effects":[{"effect":"watch","rule":"fires","arguments":["a\"b",1,1.5,true]},)"
      R"({"effect":"count","rule":"fires","arguments":[]},{"effect":"bad","rule":"fires","error":"division by zero","at":")")));
  EXPECT_THAT(DecideBy(policy, {"--quiet", "--brief"}).out, HasSubstr(R"("shadow":["tried"],"effects":["watch","count","bad"],"errors":[])"));
}

TEST_F(Run, CheckPrintsTheCostOfEachRule) {
  const std::string policy = dir_.Write("cost.moult",
                                        "policy cost\ninput { n: int, text: string, name: string max 16 }\n"
                                        "decide severest [low < high] default low\nlet found = name.contains(\"x\")\n"
                                        "rule cheap { when n > 1 then high }\nrule open { when text.contains(\"x\") then high }\n"
                                        "rule dear { when found && n > 1 && n < 9 then high }\n");
  const Finished check = RunProcess({MOULT_COMMAND, "check", policy});
  EXPECT_EQ(check.code, kExitOk) << check.err;
  EXPECT_THAT(check.out, StartsWith("cost: 3 rules\n"
                                    "  rule open: no bound: `text` has no `max`\n"
                                    "  rule dear: at most 11 steps\n"
                                    "  rule cheap: at most 4 steps\n"
                                    "  let found, once: at most 5 steps\n"
                                    "  in total: no bound: `text` has no `max`\n"));
}

TEST_F(Run, BriefGivesNamesAlone) {
  EXPECT_THAT(Decide("{\"n\": 11}\n", {"--brief", "--quiet"}).out,
              R"({"verdict":"high","rules":["big","all"],"errors":[],"version":1})"
              "\n");
}

TEST_F(Run, GivesTheScoreWhenThePolicyDecidesByScore) {
  const std::string policy = dir_.Write("score.moult",
                                        "policy score\ninput { n: int }\ndecide score {>= 5: high} default low\n"
                                        "rule five { when n > 0 then score +5 }\n");
  EXPECT_THAT(DecideBy(policy).out, HasSubstr(R"({"verdict":"high","score":5,)"));
}

TEST_F(Run, TellsOfRulesThatErrWithTheirPlace) {
  const std::string policy = dir_.Write("err.moult",
                                        "policy err\ninput { n: int }\ndecide severest [low < high] default low\n"
                                        "rule bad { when n / 0 > 1 then high }\n");
  const Finished run = DecideBy(policy);
  EXPECT_EQ(run.code, kExitOk);
  EXPECT_THAT(run.out, HasSubstr(R"("rule":"bad","error":"division by zero","at":")"));
  EXPECT_THAT(run.out, HasSubstr("err.moult:4:"));
  EXPECT_THAT(run.err, HasSubstr("bad: division by zero"));
}

TEST_F(Run, KeepsTheOrderOfTheInputOnManyThreads) {
  constexpr int kRequests = 50'000;
  const std::string output = dir_.Path("out.jsonl");
  const Finished run = Decide(Numbers(kRequests), {"--threads", "16", "--output", output});
  ASSERT_EQ(run.code, kExitOk) << run.err;
  const std::vector<std::string> lines = Lines(ReadFile(output));
  ASSERT_EQ(lines.size(), kRequests);
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_THAT(lines[i], HasSubstr(fmt::format("\"n is {}\"", i)));
  }
}

TEST_F(Run, RepeatReadsTheInputAgain) {
  const Finished run = Decide(Numbers(3), {"--repeat", "4", "--brief"});
  EXPECT_EQ(run.code, kExitOk);
  EXPECT_EQ(Lines(run.out).size(), 12u);
}

TEST_F(Run, InterpreterAndMachineCodeSayTheSame) {
  EXPECT_EQ(Decide(Numbers(100)).out, Decide(Numbers(100), {"--interpret"}).out);
}

TEST_F(Run, TakesALastLineWithoutNewlineAndAByteOrderMark) {
  const Finished run = Decide("\xef\xbb\xbf{\"n\": 1}\r\n{\"n\": 2}", {"--brief"});
  EXPECT_EQ(run.code, kExitOk);
  EXPECT_EQ(Lines(run.out).size(), 2u) << run.out << run.err;
  EXPECT_THAT(run.out, Not(HasSubstr("error\":"))) << run.err;
}

TEST_F(Run, AnEmptyInputIsNoError) {
  const Finished run = Decide("");
  EXPECT_EQ(run.code, kExitOk);
  EXPECT_EQ(run.out, "");
}

struct BadLineCase {
  const char* name;
  std::string line;
  const char* says;
};

class RunBadLine : public Run, public testing::WithParamInterface<BadLineCase> {};

TEST_P(RunBadLine, IsReportedInItsPlaceAndTheRestGoesOn) {
  const Finished run = Decide("{\"n\": 1}\n" + GetParam().line + "\n{\"n\": 3}\n");
  EXPECT_EQ(run.code, kExitOk);
  const std::vector<std::string> lines = Lines(run.out);
  ASSERT_EQ(lines.size(), 3u) << run.out;
  EXPECT_THAT(lines[0], HasSubstr("n is 1"));
  EXPECT_THAT(lines[1], StartsWith("{\"error\":"));
  EXPECT_THAT(lines[1], HasSubstr("\"line\":2}"));
  EXPECT_THAT(lines[2], HasSubstr("n is 3"));
  EXPECT_THAT(run.err, HasSubstr("in.jsonl:2: error: "));
  EXPECT_THAT(run.err, HasSubstr(GetParam().says));
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(lines[1]).error(), simdjson::SUCCESS) << lines[1];
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, RunBadLine,
    testing::Values(BadLineCase{"NotJson", "hello", "at column 1"}, BadLineCase{"Truncated", "{\"n\": ", "at column 7"},
                    BadLineCase{"WrongType", "{\"n\": \"one\"}", "n: expected int"}, BadLineCase{"Missing", "{}", "n"},
                    BadLineCase{"Empty", "", "the line is empty"}, BadLineCase{"Blank", " \t ", "the line is empty"},
                    BadLineCase{"NotUtf8", "{\"n\": 1, \"x\": \"\xff\xfe\"}", "not UTF-8: byte 0xff"},
                    BadLineCase{"NestingBomb", std::string(1 << 20, '['), "E-input"},
                    BadLineCase{"ControlCharacters", "{\"n\": \x1b[2J}", "E-input"},
                    BadLineCase{"TooLong", "{\"n\": 1, \"x\": \"" + std::string(17 << 20, 'x') + "\"}",
                                "more than 16 MiB"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(Run, StrictExitsWithOneForBadLines) {
  EXPECT_EQ(Decide("{}\n", {"--strict"}).code, kExitBadLines);
  EXPECT_EQ(Decide("{\"n\": 1}\n", {"--strict"}).code, kExitOk);
}

TEST_F(Run, ManyBadLinesAreReportedOnlyInPart) {
  std::string bad;
  for (int i = 0; i < 1000; ++i) bad += "nonsense\n";
  const Finished run = Decide(bad);
  EXPECT_EQ(Lines(run.out).size(), 1000u);
  EXPECT_LT(Lines(run.err).size(), 60u);
  EXPECT_THAT(run.err, HasSubstr("1,000"));
}

TEST_F(Run, DecidesLinesOfAPipeWhenTheyCome) {
  Process run({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", "-"}, "|");
  run.Feed("{\"n\": 1}\n{\"n\": 2}\n{\"n\"");
  EXPECT_TRUE(run.WaitForOut("n is 2"));
  run.Feed(": 3}\n");
  EXPECT_TRUE(run.WaitForOut("n is 3"));
  run.CloseInput();
  EXPECT_EQ(run.Wait(), kExitOk);
}

TEST_F(Run, InterruptWritesWhatWasReadAndTheSummary) {
  Process run({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", "-"}, "|");
  run.Feed(Numbers(5));
  ASSERT_TRUE(run.WaitForOut("n is 4"));
  run.Signal(SIGINT);
  EXPECT_EQ(run.Wait(), kExitInterrupted);
  EXPECT_EQ(Lines(run.out()).size(), 5u);
  EXPECT_THAT(run.err(), HasSubstr("until interrupted"));
}

TEST_F(Run, InterruptInAFileLeavesWholeLinesInOrder) {
  const std::string output = dir_.Path("out.jsonl");
  Process run({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", dir_.Write("in.jsonl", Numbers(1000)),
               "--repeat", "1000000", "--threads", "4", "--output", output});
  ASSERT_TRUE(
      Eventually([&] { return std::filesystem::exists(output) && std::filesystem::file_size(output) > 200'000; }));
  run.Signal(SIGTERM);
  EXPECT_EQ(run.Wait(), 128 + SIGTERM);
  const std::vector<std::string> lines = Lines(ReadFile(output));
  for (size_t i = 0; i < lines.size(); ++i) ASSERT_THAT(lines[i], HasSubstr(fmt::format("\"n is {}\"", i % 1000)));
}

// What cannot go on ends with one message and its code.
TEST_F(Run, AMissingInputIsOneMessage) {
  const Finished run =
      RunProcess({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", dir_.Path("nowhere.jsonl")});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("nowhere.jsonl: No such file or directory"));
  EXPECT_EQ(Lines(run.err).size(), 1u);
}

TEST_F(Run, ADirectoryAsInputIsOneMessage) {
  const Finished run = RunProcess({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", dir_.Path("")});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("Is a directory"));
}

TEST_F(Run, AFullDiskIsOneMessage) {
  const Finished run = Decide(Numbers(100'000), {"--output", "/dev/full", "--quiet"});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("/dev/full: No space left on device"));
  EXPECT_EQ(Lines(run.err).size(), 1u);
}

TEST_F(Run, AnOutputThatCannotBeMadeIsOneMessage) {
  const Finished run = Decide("", {"--output", dir_.Path("no/such/dir/out.jsonl")});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("No such file or directory"));
}

TEST_F(Run, DoesNotOverwriteItsInput) {
  const Finished run = Decide("{\"n\": 1}\n", {"--output", dir_.Path("in.jsonl")});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("it is the input"));
  EXPECT_EQ(ReadFile(dir_.Path("in.jsonl")), "{\"n\": 1}\n");
}

TEST_F(Run, DoesNotOverwriteItsPolicyItsDataOrItsLog) {
  const std::string text =
      "policy p\ninput { name: string }\nlist friends: set<string> from \"friends.txt\"\n"
      "decide severest [low < high] default low\nrule friend { when name in friends then high }\n";
  const std::string policy = dir_.Write("set/p.moult", text), data = dir_.Write("set/friends.txt", "ada\n");
  const std::string input = dir_.Write("in.jsonl", "{\"name\": \"ada\"}\n"), log = dir_.Path("log.txt");
  std::filesystem::create_symlink(policy, dir_.Path("link"));
  const auto says = [&](const std::vector<std::string>& options, const char* message) {
    for (const std::string& path : {policy, dir_.Path("set")}) {
      std::vector<std::string> arguments = {MOULT_COMMAND, "run", path, "--input", input};
      arguments.insert(arguments.end(), options.begin(), options.end());
      const Finished run = RunProcess(arguments);
      EXPECT_EQ(run.code, kExitInputOutput) << run.err;
      EXPECT_THAT(run.err, HasSubstr(message));
      EXPECT_EQ(ReadFile(policy), text);
      EXPECT_EQ(ReadFile(data), "ada\n");
    }
  };
  for (const char* option : {"--output", "--log"}) {
    says({option, policy}, "p.moult: it is the policy");
    says({option, dir_.Path("link")}, "link: it is the policy");
    says({option, data}, "friends.txt: it is data of the policy");
    says({option, input}, "in.jsonl: it is the input");
  }
  says({"--log", log, "--output", log}, "log.txt: it is the log");
}

TEST_F(Run, AnEmptyNameIsAWrongCommandLine) {
  for (const char* option : {"--output", "--log", "--policy"}) {
    const Finished run = Decide("{\"n\": 1}\n", {option, ""});
    EXPECT_EQ(run.code, kExitUsage) << option;
    EXPECT_EQ(Lines(run.err)[0], std::string(option) + ": must not be empty");
    EXPECT_EQ(run.out, "");
  }
  for (const char* command : {"run", "check"}) {
    std::vector<std::string> arguments = {MOULT_COMMAND, command, ""};
    if (std::string_view(command) == "run") arguments.insert(arguments.end(), {"--input", "x"});
    const Finished run = RunProcess(arguments);
    EXPECT_EQ(run.code, kExitUsage) << command;
    EXPECT_EQ(Lines(run.err)[0], std::string_view(command) == "run" ? "POLICY: must not be empty" : "PATHS: must not be empty");
  }
}

// Under `script`, standard error is a terminal.
TEST_F(Run, ShowsABarOnATerminalThatCanDrawOne) {
  const std::string command =
      fmt::format("{} run {} --input {} --output {}", MOULT_COMMAND, dir_.Write("echo.moult", kEcho),
                  dir_.Write("in.jsonl", "{\"n\": 1}\n"), dir_.Path("out.jsonl"));
  const auto under = [&](const char* term) {
    return RunProcess({"/usr/bin/env", std::string("TERM=") + term, "script", "-qec", command, "/dev/null"});
  };
  const Finished able = under("xterm"), dumb = under("dumb");
  EXPECT_EQ(able.code, kExitOk) << able.out;
  EXPECT_THAT(able.out, HasSubstr("requests/s  1 version alive"));
  EXPECT_EQ(dumb.code, kExitOk) << dumb.out;
  EXPECT_THAT(dumb.out, HasSubstr("Summary"));
  EXPECT_THAT(dumb.out, Not(HasSubstr("version alive")));
  EXPECT_THAT(dumb.out, Not(HasSubstr("\x1b")));
}

TEST_F(Run, WarnsOfSourcesThatNobodyAnswers) {
  const std::string policy =
      dir_.Write("ask.moult",
                 "policy ask\ninput { n: int }\nsource known(n: int) -> bool\n"
                 "decide severest [low < high] default low\nrule r { when known(n) then high }\n");
  const Finished run = DecideBy(policy);
  EXPECT_EQ(run.code, kExitOk);
  EXPECT_THAT(run.err, HasSubstr("ask.moult:3:8: warning: no function of the host answers source `known`"));
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "check", policy}).err, "") << "a host may answer it";
}

TEST_F(Run, DumpsOnlyWhatAPublishTakes) {
  const std::string policy =
      dir_.Write("list.moult",
                 "policy p\ninput { name: string }\nlist l: set<string> from \"none.txt\"\n"
                 "decide severest [low < high] default low\nrule r { when name in l then high }\n");
  const Finished check = RunProcess({MOULT_COMMAND, "check", policy, "--dump-ir"});
  EXPECT_EQ(check.code, kExitPolicy);
  EXPECT_THAT(check.err, HasSubstr("list.moult:3:26: error: the data file of list `l` is missing"));
  EXPECT_EQ(check.out, "");
}

TEST_F(Run, CheckTellsOfOutputThatCannotBeWritten) {
  for (const char* option : {"", " --dump-ir"}) {
    const Finished check = RunProcess({"/bin/sh", "-c", std::string("exec \"$0\" check \"$1\" > /dev/full") + option,
                                       MOULT_COMMAND, dir_.Write("echo.moult", kEcho)});
    EXPECT_EQ(check.code, kExitInputOutput);
    EXPECT_THAT(check.err, HasSubstr("<stdout>: No space left on device"));
  }
}

TEST_F(Run, DoesNotAppendStandardOutputToItsInput) {
  const std::string input = dir_.Write("in.jsonl", "{\"n\": 1}\n");
  const Finished run = RunProcess({"/bin/sh", "-c", "exec \"$0\" run \"$1\" --input \"$2\" >> \"$2\"", MOULT_COMMAND,
                                   dir_.Write("echo.moult", kEcho), input});
  EXPECT_EQ(run.code, kExitInputOutput);
  EXPECT_THAT(run.err, HasSubstr("<stdout>: it is the input"));
  EXPECT_EQ(ReadFile(input), "{\"n\": 1}\n");
}

TEST_F(Run, ClosedStandardDescriptorsAreMessages) {
  const std::string policy = dir_.Write("echo.moult", kEcho), input = dir_.Write("in.jsonl", "{\"n\": 1}\n");
  const auto run = [&](const char* input_name, const char* redirection) {
    return RunProcess({"/bin/sh", "-c", std::string("exec \"$0\" run \"$1\" --input \"$2\" ") + redirection,
                       MOULT_COMMAND, policy, input_name});
  };
  const Finished no_input = run("-", "<&-");
  EXPECT_EQ(no_input.code, kExitInputOutput);
  EXPECT_THAT(no_input.err, HasSubstr("<stdin>: Bad file descriptor"));
  const Finished no_output = run(input.c_str(), ">&-");
  EXPECT_EQ(no_output.code, kExitInputOutput);
  EXPECT_THAT(no_output.err, HasSubstr("<stdout>: Bad file descriptor"));
  const Finished no_messages = run(input.c_str(), "2>&-");
  EXPECT_EQ(no_messages.code, kExitOk);
  EXPECT_EQ(Lines(no_messages.out).size(), 1u);
}

TEST_F(Run, RepeatNeedsAFile) {
  Process run({MOULT_COMMAND, "run", dir_.Write("echo.moult", kEcho), "--input", "-", "--repeat", "2"}, "|");
  EXPECT_EQ(run.Wait(), kExitUsage);
  EXPECT_THAT(run.err(), HasSubstr("--repeat"));
}

TEST_F(Run, APolicyThatDoesNotCompileLeavesTheOutputAlone) {
  const std::string output = dir_.Write("out.jsonl", "earlier\n");
  const Finished run = DecideBy(
      dir_.Write("bad.moult", "policy bad\ninput { n: int }\nrule r { when m > 1 then high }\n"), {"--output", output});
  EXPECT_EQ(run.code, kExitPolicy);
  EXPECT_THAT(run.err, HasSubstr("bad.moult:3:"));
  EXPECT_EQ(ReadFile(output), "earlier\n");
}

TEST_F(Run, BadPoliciesAreMessages) {
  EXPECT_THAT(DecideBy(dir_.Path("nowhere.moult")).err, HasSubstr("nowhere.moult"));
  EXPECT_THAT(DecideBy(dir_.Write("latin.moult", "policy p // caf\xe9\n")).err, HasSubstr("UTF-8"));
  std::filesystem::create_directory(dir_.Path("empty"));
  EXPECT_THAT(DecideBy(dir_.Path("empty")).err, HasSubstr("empty"));
  const std::string bomb = "policy p\ninput { n: int }\ndecide severest [a < b] default a\nrule r { when " +
                           std::string(100'000, '(') + "n" + std::string(100'000, ')') + " > 1 then b }\n";
  EXPECT_THAT(DecideBy(dir_.Write("bomb.moult", bomb)).err, HasSubstr("bomb.moult:4:"));
  for (const char* name : {"nowhere.moult", "latin.moult", "empty", "bomb.moult"})
    EXPECT_EQ(DecideBy(dir_.Path(name)).code, kExitPolicy) << name;
}

TEST_F(Run, AHugePolicyIsOneMessage) {
  const std::string huge = dir_.Write("huge.moult", "policy huge\n");
  std::filesystem::resize_file(huge, 100u << 20);
  const Finished run = DecideBy(huge);
  EXPECT_EQ(run.code, kExitPolicy);
  EXPECT_THAT(run.err, HasSubstr("huge.moult"));
  EXPECT_LE(Lines(run.err).size(), 3u);
}

TEST_F(Run, SeveralPoliciesNeedAChoice) {
  dir_.Write("set/a.moult",
             "policy a\ninput { n: int }\ndecide severest [x < y] default x\nrule r { when n > 0 then y }\n");
  dir_.Write("set/b.moult",
             "policy b\ninput { n: int }\ndecide severest [x < z] default x\nrule r { when n > 0 then z }\n");
  const Finished none = DecideBy(dir_.Path("set"));
  EXPECT_EQ(none.code, kExitUsage);
  EXPECT_THAT(none.err, HasSubstr("--policy (a, b)"));
  EXPECT_EQ(DecideBy(dir_.Path("set"), {"--policy", "c"}).code, kExitUsage);
  EXPECT_THAT(DecideBy(dir_.Path("set"), {"--policy", "b"}).out, HasSubstr("\"z\""));
}

TEST(Command, TellsUsageByItsExitCode) {
  EXPECT_EQ(RunProcess({MOULT_COMMAND}).code, kExitUsage);
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "run"}).code, kExitUsage);
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "run", "p", "--input", "x", "--threads", "0"}).code, kExitUsage);
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "--help"}).code, kExitOk);
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "run", "--help"}).out, HasSubstr("Exit codes"));
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "--version"}).out, StartsWith("moult "));
}

TEST_F(Run, CheckCompilesAndDumps) {
  const std::string good = dir_.Write("echo.moult", kEcho);
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "check", good}).out, HasSubstr("echo: 2 rules"));
  EXPECT_THAT(RunProcess({MOULT_COMMAND, "check", good, "--dump-ir"}).out, HasSubstr("field[n]"));
  EXPECT_EQ(RunProcess({MOULT_COMMAND, "check", dir_.Write("bad.moult", "policy")}).code, kExitPolicy);
}

}  // namespace
}  // namespace moult::tools
