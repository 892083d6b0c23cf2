// `moult test`, as a user and a CI system run it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace moult::tools
