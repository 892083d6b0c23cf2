// `moult test`, as a user and a CI system run it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "tests/support/golden.h"
#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using moult::testing::ExpectGolden;
using moult::testing::GoldenPath;

const std::string kTested = MOULT_SOURCE_DIR "/tests/golden/tools/tested.moult";

// Without what differs between machines and runs.
std::string Normal(const std::string& text) {
  const std::string folder = MOULT_SOURCE_DIR "/tests/golden/tools/";
  std::string out = text;
  for (size_t at; (at = out.find(folder)) != std::string::npos;) out.erase(at, folder.size());
  return std::regex_replace(out, std::regex("time=\"[0-9.]+\""), "time=\"T\"");
}

Finished RunTests(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {MOULT_COMMAND, "test"});
  return RunProcess(arguments);
}

TEST(TestCommand, ShowsFailuresWithTheirRulesAndWhatIsNotCovered) {
  const Finished result = RunTests({kTested, "--coverage"});
  EXPECT_EQ(result.code, 1) << result.err;
  ExpectGolden(GoldenPath("tools/tested.txt"), Normal(result.out));
}

TEST(TestCommand, WritesJsonAndJunit) {
  const TempDir dir;
  const Finished result = RunTests({kTested, "--json", "--coverage", "--junit", dir.Path("junit.xml")});
  EXPECT_EQ(result.code, 1) << result.err;
  ExpectGolden(GoldenPath("tools/tested_json.txt"), Normal(result.out));
  ExpectGolden(GoldenPath("tools/tested_junit.txt"), Normal(ReadFile(dir.Path("junit.xml"))));
}

TEST(TestCommand, RunsWhatTheFilterPicks) {
  const Finished part = RunTests({kTested, "--filter", "young link"});
  EXPECT_EQ(part.code, 0) << part.out;
  EXPECT_EQ(part.out, "tested: 1 test\n1 passed, 0 failed\n");
  const Finished pattern = RunTests({kTested, "--filter", "tested: by age (6*"});
  EXPECT_EQ(pattern.code, 0) << pattern.out;
  EXPECT_THAT(pattern.out, HasSubstr("2 passed, 0 failed"));
  const Finished none = RunTests({kTested, "--filter", "nothing"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no test matches `nothing`"));
}

TEST(TestCommand, TakesFilesAndDirectoriesAndGoesOnAfterOneThatDoesNotCompile) {
  const TempDir dir;
  const std::string head = "input { n: int }\ndecide severest [allow < block] default allow\nrule r { when n > 3 then block }\n";
  const std::string good = dir.Write("good.moult", "policy good\n" + head + "test \"t\" { given { n: 4 } expect block }\n");
  const std::string bad = dir.Write("bad.txt", "policy bad\n" + head + "test \"t\" { given { m: 4 } expect block }\n");
  EXPECT_EQ(RunTests({good, dir.Path("")}).code, 0);
  const Finished both = RunTests({bad, good});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.out, HasSubstr("1 file could not be run"));
  EXPECT_THAT(both.err, HasSubstr("the input has no field `m`"));
  EXPECT_THAT(both.out, HasSubstr("1 passed, 0 failed"));
  EXPECT_EQ(RunTests({dir.Path("absent.moult")}).code, 2);
  EXPECT_EQ(RunTests({}).code, 2);
  EXPECT_EQ(RunTests({good, "--junit", dir.Path("absent/junit.xml")}).code, 2);
}

TEST(TestCommand, GivesEachTestItsListsAndAnswers) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { name: string, day: Day }
enum Day { monday, sunday }
decide severest [allow < review < block] default allow
list bad: set<string> from "bad.txt"
source age(name: string, day: Day) -> int
rule listed { when name in bad then block }
rule young { when age(name, day) < 7 then review }
test "from the file" { given { name: "eve", day: Day.monday } with age(_, _) = 9 expect block }
test "given" { given { name: "eve", day: Day.monday } with bad = {"ada"} with age(_, _) = 9 expect allow }
test "the file again" { given { name: "eve", day: Day.monday } with age(_, _) = 9 expect block }
test "the first that fits" {
  given { name: "ada", day: Day.sunday }
  with age("eve", _) = 1
  with age(_, Day.monday) = 2
  with age("ada", Day.sunday) = 30
  with age(_, _) = 3
  expect allow
}
)");
  dir.Write("bad.txt", "eve\n");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("4 passed"));
}

TEST(TestCommand, AnswersSourcesOfEveryScalarType) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { a: ip, net: cidr }
decide severest [allow < block] default allow
source seen(a: ip, d: duration, net: cidr) -> timestamp
source tag(b: bytes) -> bytes
rule r { when seen(a, duration("1m"), net) > timestamp("2026-01-01T00:00:00Z") && tag(b"x") == b"y" then block }
test "fits" {
  given { a: ip("10.0.0.1"), net: cidr("10.0.0.0/8") }
  with seen(_, duration("1h"), _) = timestamp("2025-01-01T00:00:00Z")
  with seen(ip("10.0.0.2"), _, _) fails
  with seen(_, duration("1m"), cidr("10.0.0.0/8")) = timestamp("2026-01-02T00:00:00Z")
  with tag(b"z") fails
  with tag(b"x") = b"y"
  expect block because r
}
)");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

TEST(TestCommand, HoldsEffectsAgainstWhatIsExpected) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { a: ip, n: int }
enum Level { low, high }
decide severest [allow < block] default allow
rule r { when n > 0 then block, emit watch(a, n, Level.high), emit note("x", 1 / (n - 1)) }
test "any" { given { a: ip("::1"), n: 2 } expect block expect emits watch because r expect emits note("x", _) }
test "exact" { given { a: ip("::1"), n: 2 } expect emits watch(ip("::1"), 1 + 1, Level.high) }
test "other" { given { a: ip("::1"), n: 2 } expect emits watch(ip("::1"), 3, _) }
test "none" { given { a: ip("::1"), n: 0 } expect emits watch(_, _, Level.low) }
test "errs" { given { a: ip("::1"), n: 1 } expect emits note("x", 1) }
test "erred" { given { a: ip("::1"), n: 1 } expect emits note }
)");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 passed, 3 failed"));
  EXPECT_THAT(result.out, HasSubstr("expected effect watch(\"::1\", 3, _), got watch(\"::1\", 2, \"high\")"));
  EXPECT_THAT(result.out, HasSubstr("expected effect watch(_, _, \"low\"), got none"));
  EXPECT_THAT(result.out, HasSubstr("expected effect note(\"x\", 1), got note(<error>)"));
}

TEST(TestCommand, DoesNotNeedTheFileOfAListThatEveryTestGives) {
  const TempDir dir;
  const std::string text =
      "policy p\ninput { n: string }\ndecide severest [allow < block] default allow\n"
      "list bad: set<string> from \"bad.txt\"\nrule r { when n in bad then block }\n"
      "test \"given\" { given { n: \"a\" } with bad = {\"a\"} expect block }\n";
  EXPECT_EQ(RunTests({dir.Write("p.moult", text)}).code, 0);
  const Finished missing = RunTests({dir.Write("q.moult", text + "test \"read\" { given { n: \"a\" } expect block }\n")});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("the data file of list `bad` is missing"));
  EXPECT_THAT(missing.out, Not(HasSubstr("given")));
}

TEST(TestCommand, GivesListsOfEveryTypeAndForm) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { addr: ip, n: int, name: string }
enum Kind { tea, milk }
decide severest [allow < review < block] default allow
list nets: set<cidr> from "nets.txt"
list ids: set<int> from "ids.json"
list prices: map<string, double> from "prices.txt"
list kinds: map<string, Kind> from "kinds.json"
list names: set<string> from "names.json"
list plain: set<string> from "plain.txt"
rule network { when addr in nets && !(n in ids) then block }
rule dear { when (prices[name] ?? 0.0) > 1.5 && (kinds[name] ?? Kind.milk) == Kind.tea then review }
rule odd { when name in names || name in plain then block }
test "given" {
  given { addr: ip("10.1.2.3"), n: 7, name: "x" }
  with nets = {cidr("10.0.0.0/8"), cidr("::/0")}
  with ids = {8, -8}
  expect block because network
}
test "maps" for (price: double) in [(1.5) expect allow, (1.75) expect review because dear] {
  given { addr: ip("::1"), n: 0, name: "green" }
  with prices = {"green": price, "black": 0.5}
  with kinds = {"green": Kind.tea}
}
test "json holds any text" {
  given { addr: ip("::1"), n: 0, name: " # \n" }
  with names = {" # \n", ""}
  expect block because odd
}
test "the files" { given { addr: ip("192.0.2.1"), n: 1, name: "" } expect block because network }
)");
  dir.Write("nets.txt", "192.0.2.0/24\n");
  dir.Write("ids.json", "[]");
  dir.Write("prices.txt", "");
  dir.Write("kinds.json", "{}");
  dir.Write("names.json", "[]");
  dir.Write("plain.txt", "");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("5 passed"));
  const Finished refused = RunTests({dir.Write("q.moult", R"(policy q
input { name: string }
decide severest [allow < block] default allow
list plain: set<string> from "plain.txt"
rule odd { when name in plain then block }
test "no line" { given { name: "" } with plain = {" x"} expect allow }
)")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.out, HasSubstr("the list `plain` has an element that no line of its file could hold"));
}

constexpr const char* kHead = "input { n: int }\ndecide severest [allow < block] default allow\n";
constexpr const char* kRule = "rule r { when n > 3 then block }\n";
constexpr const char* kTest = "test \"t\" { given { n: 4 } expect block }\n";

std::string PolicyText(const std::string& name, const std::string& rest) { return "policy " + name + "\n" + kHead + rest; }

TEST(TestCommand, NeverWritesOverWhatItRead) {
  const TempDir dir;
  const std::string text =
      "policy p\nuse lib\ninput { n: string }\ndecide severest [allow < block] default allow\n"
      "list bad: set<string> from \"bad.txt\"\nrule r { when n in bad && lib.f(n) then block }\n";
  const std::map<std::string, std::string> files = {
      {"p.moult", text}, {"lib.moult", "module lib\nfn f(s: string) -> bool = s != \"\"\n"}, {"bad.txt", "eve\n"}};
  for (const auto& [name, content] : files) dir.Write(name, content);
  for (const auto& [name, content] : files) {
    const Finished refused = RunTests({dir.Path(""), "--junit", dir.Path(name)});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr(name == "bad.txt" ? "it is data of the policy" : "it is the policy"));
    EXPECT_EQ(ReadFile(dir.Path(name)), content);
  }
  const std::string broken = dir.Write("broken/b.moult", "policy");
  EXPECT_EQ(RunTests({broken, "--junit", broken}).code, 2);
  EXPECT_EQ(ReadFile(broken), "policy");
}

TEST(TestCommand, TestsWhatCompilesAndReportsWhatDoesNot) {
  const TempDir dir;
  dir.Write("a.moult", PolicyText("a", std::string(kRule) + kTest));
  dir.Write("b.moult", PolicyText("b", "rule r { when m > 3 then block }\n"));
  dir.Write("c.moult", PolicyText("c", "list l: set<string> from \"absent.txt\"\nrule r { when string(n) in l then block }\n" + std::string(kTest)));
  dir.Write("d.moult", PolicyText("a", std::string(kRule) + kTest));
  dir.Write("e.moult", PolicyText("e", std::string(kRule) + kTest));
  const Finished result = RunTests({dir.Path(""), "--json", "--junit", dir.Path("junit.xml")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("b.moult:4:15: error: there is no `m`"));
  EXPECT_THAT(result.out, HasSubstr(R"({"passed":2,"failed":0,"errors":[{"file":)"));
  EXPECT_THAT(result.out, HasSubstr(R"(b.moult","line":4,"column":15,"code":"E-unknown-name","message":"there is no `m`"})"));
  EXPECT_THAT(result.out, HasSubstr(R"("code":"E-missing-file")"));
  EXPECT_THAT(result.out, HasSubstr(R"("code":"E-duplicate-policy","message":"policy `a` is already defined in )"));
  const std::string junit = ReadFile(dir.Path("junit.xml"));
  EXPECT_THAT(junit, HasSubstr("<testsuites tests=\"5\" failures=\"0\" errors=\"3\">"));
  EXPECT_THAT(junit, HasSubstr("<testsuite name=\"b\" tests=\"1\" failures=\"0\" errors=\"1\""));
  EXPECT_THAT(junit, HasSubstr("<error message=\"there is no `m`\" type=\"E-unknown-name\">"));
}

TEST(TestCommand, ReportsAPathThatCannotBeRead) {
  const TempDir dir;
  const Finished result = RunTests({dir.Path("absent"), "--json"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.out, HasSubstr(R"("code":"E-read")"));
}

TEST(TestCommand, CoversNothingOfAPolicyWithoutTests) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", PolicyText("p", std::string(kRule) + "rule resting mode off { when n == 1 then block }\n"));
  const Finished text = RunTests({policy, "--coverage"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("coverage: 0 of 1 rule fired (0.0 %), 0 of 2 outcomes of conditions seen (0.0 %)\n"));
  EXPECT_THAT(text.out, HasSubstr("p.moult:4:6: rule `r` never fired"));
  EXPECT_THAT(text.out, HasSubstr("p.moult:4:15: `n > 3` was never evaluated"));
  EXPECT_THAT(RunTests({policy, "--coverage", "--json"}).out, HasSubstr(R"("coverage":{"rules":1,"rules_fired":0,"outcomes":2,"outcomes_seen":0)"));
}

TEST(TestCommand, HoldsARowToAllItsExpectations) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { n: int, country: string? }
decide severest [allow < block] default allow
rule r { when n > 3 then block "n is {n}" }
rule s { when country ?? "none" == "none" then tag "nowhere" }
test "t" for (n: int, country: string?) in [
  (4, _) expect block because r, s expect reason "n is 4" expect tags "nowhere",
  (4, "de") expect block because r not because s expect reason "n is 5",
  (3, "de")
    expect allow
    expect not because s,
] { given { n: n, country: country } }
)");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("p: 3 tests, 1 failed\n"));
  EXPECT_THAT(result.out, HasSubstr("p.moult:8)\n    expected reason \"n is 5\", got \"n is 4\"\n"));
}

TEST(TestCommand, NamesTheCallThatNoWithAnswers) {
  const TempDir dir;
  const std::string policy = dir.Write("p.moult", R"(policy p
input { s: string, day: Day }
enum Day { monday, sunday }
decide severest [allow < block] default allow
source seen(s: string, day: Day) -> int
rule r { when seen(s, day) > 3 then block }
test "other" { given { s: "a", day: Day.sunday } with seen("b", _) = 1 expect allow }
test "fails" { given { s: "a", day: Day.sunday } with seen(_, _) fails expect allow }
)");
  const Finished result = RunTests({policy});
  EXPECT_EQ(result.code, 1);
  const std::string line = "    no `with` of this test answers `seen(\"a\", Day.sunday)`\n";
  const size_t at = result.out.find(line);
  ASSERT_NE(at, std::string::npos) << result.out;
  EXPECT_EQ(result.out.find(line, at + 1), std::string::npos) << "that it fails was asked for";
}

}  // namespace
}  // namespace moult::tools
