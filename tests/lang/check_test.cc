// The checker. Diagnostics: tests/golden/check/NAME.moult gives NAME.txt. Lowering: tests/golden/ir/NAME.moult gives
// NAME.txt.
#include "lang/check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lang/compile.h"
#include "tests/support/golden.h"

namespace moult::lang {
namespace {

using testing::ExpectGolden;
using testing::GoldenFiles;
using testing::ReadFile;

Result<Compiled> CompileText(const std::string& text) {
  return Compile({"test.moult", text}, testing::LimitsOf(text));
}

// A policy with one input `n` of type int, and `body`.
Result<Compiled> CompileBody(const std::string& body) {
  return CompileText("policy p\ninput { n: int }\ndecide severest [allow < block] default allow\n" + body);
}

std::string Codes(const Result<Compiled>& result) {
  if (result.ok()) return "compiled";
  std::string codes;
  for (const Diagnostic& diagnostic : result.error()) codes += (codes.empty() ? "" : " ") + diagnostic.code;
  return codes;
}

TEST(CheckGolden, EveryCaseGivesItsDiagnostics) {
  const auto files = GoldenFiles("check", ".moult");
  ASSERT_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    SCOPED_TRACE(file.filename().string());
    const std::string text = ReadFile(file);
    const Result<Compiled> result = Compile({file.filename().string(), text}, testing::LimitsOf(text));
    const std::string actual = Render(result.ok() ? result->warnings : result.error());
    EXPECT_FALSE(actual.empty()) << "nothing to show";
    ExpectGolden(file.replace_extension(".txt"), actual);
  }
}

TEST(IrGolden, EveryCaseGivesItsProgram) {
  const auto files = GoldenFiles("ir", ".moult");
  ASSERT_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    SCOPED_TRACE(file.filename().string());
    const Result<Compiled> result = Compile({file.filename().string(), ReadFile(file)});
    ASSERT_TRUE(result.ok()) << Render(result.error());
    EXPECT_TRUE(result->warnings.empty()) << Render(result->warnings);
    ExpectGolden(file.replace_extension(".txt"), Print(result->program));
  }
}

// n functions or lets, each using the one before.
std::string FunctionChain(int n) {
  std::string text = "fn f0(x: int) -> int = x + 1\n";
  for (int k = 1; k < n; ++k) text += fmt::format("fn f{}(x: int) -> int = f{}(x) + 1\n", k, k - 1);
  return text + fmt::format("rule r {{ when f{}(n) > 1 then block }}\n", n - 1);
}

std::string LetChain(int n, bool last_first) {
  std::string text;
  for (int k = 0; k < n; ++k) {
    std::string let = k == 0 ? "let l0 = n\n" : fmt::format("let l{} = l{} + 1\n", k, k - 1);
    text = last_first ? let + text : text + let;
  }
  return text + fmt::format("rule r {{ when l{} > 1 then block }}\n", n - 1);
}

TEST(CheckLimits, FunctionsInPlaceUpToTheDepth) {
  EXPECT_EQ(Codes(CompileBody(FunctionChain(100))), "compiled");
  EXPECT_EQ(Codes(CompileBody(FunctionChain(5000))), "E-too-deep");
}

TEST(CheckLimits, LetsInAnyOrderUpToTheDepth) {
  // Each let is two nodes deep, `+` and the reference; the rule adds two.
  const int most = (kMaxDepth - 4) / 2 + 1;
  for (bool last_first : {false, true}) {
    EXPECT_EQ(Codes(CompileBody(LetChain(most, last_first))), "compiled") << last_first;
    EXPECT_EQ(Codes(CompileBody(LetChain(most + 1, last_first))), "E-too-deep") << last_first;
  }
  EXPECT_NE(Codes(CompileBody(LetChain(20000, false))), "compiled");
  EXPECT_NE(Codes(CompileBody(LetChain(20000, true))), "compiled");
}

TEST(CheckLimits, FunctionsThatMultiplyEndAtTheNodeLimit) {
  std::string text = "fn f0(x: int) -> int = x + x\n";
  for (int k = 1; k < 40; ++k) text += fmt::format("fn f{}(x: int) -> int = f{}(f{}(x))\n", k, k - 1, k - 1);
  text += "rule r { when f39(n) > 1 then block }\n";
  CompileLimits limits;
  limits.nodes = 10'000;
  const std::string policy = "policy p\ninput { n: int }\ndecide severest [allow < block] default allow\n" + text;
  const std::string codes = Codes(Compile({"p.moult", policy}, limits));
  EXPECT_TRUE(codes == "E-too-large" || codes == "E-too-deep") << codes;
}

TEST(CheckLimits, NodesAtTheLimitAndBeyond) {
  const std::string policy =
      "policy p\ninput { n: int }\ndecide severest [allow < block] default allow\nrule r { when n > 1 then block }\n";
  CompileLimits limits;
  limits.nodes = 4;  // input, field, 1, >
  EXPECT_EQ(Codes(Compile({"p.moult", policy}, limits)), "compiled");
  limits.nodes = 3;
  EXPECT_EQ(Codes(Compile({"p.moult", policy}, limits)), "E-too-large");
}

TEST(CheckLimits, RecordsWithinRecords) {
  auto nested = [](int n) {
    std::string text = "policy p\ninput { top: R0 }\ndecide severest [allow < block] default allow\n";
    for (int k = 0; k < n; ++k) text += fmt::format("record R{} {{ r: R{} }}\n", k, k + 1);
    return text + fmt::format("record R{} {{ n: int }}\nrule r {{ when true then block }}\n", n);
  };
  EXPECT_EQ(Codes(CompileText(nested(60))), "compiled");
  EXPECT_EQ(Codes(CompileText(nested(70))), "E-too-deep");
  EXPECT_EQ(Codes(CompileText(nested(20000))), "E-too-deep");
}

TEST(CheckLimits, RecordsWithinCollectionsAreRecordsWithinRecords) {
  for (const char* type : {"list<R>", "set<R>", "map<string, R>", "map<int, list<set<R>>>"}) {
    EXPECT_EQ(Codes(CompileBody(fmt::format("record R {{ r: {} }}\nrule r {{ when true then block }}\n", type))),
              "E-recursive-record")
        << type;
  }
}

TEST(CheckLimits, TypesNestedDeeperThanAValueMayBe) {
  auto nested = [](int records, int lists) {
    std::string open, close;
    for (int k = 0; k < lists; ++k) open += "list<", close += ">";
    std::string text = "record R0 { n: int }\n";
    for (int k = 1; k <= records; ++k) text += fmt::format("record R{} {{ r: {}R{}{} }}\n", k, open, k - 1, close);
    return text + "rule r { when true then block }\n";
  };
  EXPECT_EQ(Codes(CompileBody(nested(40, 10))), "compiled");
  EXPECT_EQ(Codes(CompileBody(nested(60, 10))), "E-too-deep");
}

TEST(CheckLimits, ExpressionsMakeNoTypeThatIsNestedTooDeep) {
  auto nested = [](int lists) {
    std::string text = "record R0 { n: int }\n";
    for (int k = 1; k <= 48; ++k) {
      text += fmt::format("record R{} {{ r: list<list<list<list<list<list<list<list<R{}>>>>>>>> }}\n", k, k - 1);
    }
    const std::string made = std::string(lists, '[') + "r" + std::string(lists, ']');
    return "policy p\ninput { r: R48 }\ndecide severest [allow < block] default allow\n" + text +
           fmt::format("rule r {{ when {} == {} then block }}\n", made, made);
  };
  EXPECT_EQ(Codes(CompileText(nested(10))), "compiled");
  EXPECT_EQ(Codes(CompileText(nested(150))), "E-too-deep");
}

TEST(Check, ALongChainOfLogicIsNotDeep) {
  for (const char* op : {"&&", "||"}) {
    std::string condition = "n == 0";
    for (int k = 1; k < 20000; ++k) condition += fmt::format(" {} n == {}", op, k);
    EXPECT_EQ(Codes(CompileBody("rule r { when " + condition + " then block }")), "compiled") << op;
  }
}

TEST(Check, AThousandUnknownNamesAreCountedNotSpelledOut) {
  std::string text;
  for (int k = 0; k < 1000; ++k) text += fmt::format("rule r{} {{ when unknown{} then block }}\n", k, k);
  const Result<Compiled> result = CompileBody(text);
  ASSERT_FALSE(result.ok());
  EXPECT_LE(result.error().size(), CompileLimits().diagnostics + 1);
}

TEST(Check, AnErrorInAFunctionIsReportedOnceHoweverOftenItIsCalled) {
  EXPECT_EQ(Codes(CompileBody("fn f(x: int) -> bool = x > missing\n"
                              "rule a { when f(1) then block }\nrule b { when f(2) || f(n) then block }\n")),
            "E-unknown-name");
}

TEST(Check, UnusedFunctionsAreChecked) {
  EXPECT_EQ(Codes(CompileBody("fn f(x: int) -> bool = x\nrule a { when true then block }\n")), "E-type");
}

TEST(Check, UnusedThingsAreFine) {
  EXPECT_EQ(
      Codes(CompileBody("fn f(x: int) -> int = x\nlet l = n\nconst C = 1\nenum E { a }\nrecord R { n: int }\n"
                        "source s(n: int) -> int\nlist l2: set<string> from \"f\"\nrule a { when true then block }\n")),
      "compiled");
}

TEST(Check, MovingARuleDownTheFileChangesSpansAlone) {
  const Result<Compiled> a = CompileBody("rule r { when n + 1 > 1 then block }\n");
  const Result<Compiled> b = CompileBody("\n// a comment\n\nrule r { when n + 1 > 1 then block }\n");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(Print(a->program), Print(b->program));
  ASSERT_EQ(a->program.sites.size(), b->program.sites.size());
  for (size_t k = 0; k < a->program.nodes.size(); ++k) EXPECT_EQ(a->program.nodes[k].site, b->program.nodes[k].site);
  EXPECT_NE(a->program.sites.back().begin, b->program.sites.back().begin);
}

TEST(Check, ErrorsOnDefaultsFireInTheSafeDirection) {
  const Result<Compiled> severest = CompileText(
      "policy p\ninput { n: int }\ndecide severest [allow < review < block] default review\n"
      "rule below { when n > 1 then allow }\nrule equal { when n > 1 then review }\nrule above { when n > 1 then block "
      "}\n"
      "rule none { when n > 1 then tag \"x\" }\n");
  ASSERT_TRUE(severest.ok()) << Render(severest.error());
  std::vector<bool> fires;
  for (const Rule& rule : severest->program.rules) fires.push_back(rule.fires_on_error);
  EXPECT_EQ(fires, (std::vector<bool>{false, true, true, false}));
  const Result<Compiled> score = CompileText(
      "policy p\ninput { n: int }\ndecide score {>= 1: block} default allow\n"
      "rule adds { when n > 1 then score +1 }\nrule takes { when n > 1 then score -1 }\n");
  ASSERT_TRUE(score.ok()) << Render(score.error());
  EXPECT_TRUE(score->program.rules[0].fires_on_error);
  EXPECT_FALSE(score->program.rules[1].fires_on_error);
}

}  // namespace
}  // namespace moult::lang
