// `moult expr`, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/process.h"

namespace moult::tools {
namespace {

using ::testing::HasSubstr;

Finished Expr(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {MOULT_COMMAND, "expr"});
  return RunProcess(arguments, input);
}

struct Case {
  const char* expression;
  const char* text;
  const char* json;
};
constexpr Case kCases[] = {
    {"7 / 2", "3\n", R"({"int": "3"})"},
    {"1.0 / 0.0", "inf\n", R"({"double": "inf"})"},
    {"[\"a\", \"b\"].filter(x, x != \"a\")", "[\"b\"]\n", R"({"list": [{"string": "b"}]})"},
    {"{1: b\"\\xff\"}", "{1: b\"\\xff\"}\n", R"({"map": [[{"int": "1"}, {"bytes": "ff"}]]})"},
    {"{true}", "{true}\n", R"({"set": [{"bool": true}]})"},
    {"duration(\"-1.5s\")", "duration(\"-1.5s\")\n", R"({"duration": ["-1", "-500000000"]})"},
    {"timestamp(1)", "timestamp(\"1970-01-01T00:00:01Z\")\n", R"({"timestamp": ["1", "0"]})"},
    {"[ip(\"::1\")]", "[ip(\"::1\")]\n", R"({"list": [{"ip": "::1"}]})"},
    {"cidr(\"10.0.0.0/8\")", "cidr(\"10.0.0.0/8\")\n", R"({"cidr": "10.0.0.0/8"})"},
};

TEST(ExprCommand, PrintsTheValueByEitherEngine) {
  for (const Case& c : kCases) {
    for (const bool interpret : {false, true}) {
      std::vector<std::string> arguments = {c.expression};
      if (interpret) arguments.insert(arguments.begin(), "--interpret");
      const Finished text = Expr(arguments);
      EXPECT_EQ(text.code, 0) << text.err;
      EXPECT_EQ(text.out, c.text);
      arguments.insert(arguments.begin(), "--json");
      EXPECT_EQ(Expr(arguments).out, c.json + std::string("\n"));
    }
  }
}

TEST(ExprCommand, SaysWhyThereIsNoValue) {
  const Finished fails = Expr({"2 + 1 / 0"});
  EXPECT_EQ(fails.code, 3);
  EXPECT_THAT(fails.err, HasSubstr("expression:1:5: error: division by zero [E-run]\n 1 | 2 + 1 / 0\n   |     ^"));
  EXPECT_EQ(Expr({"--interpret", "2 + 1 / 0"}).err, fails.err);
  const Finished refused = Expr({"1 + \"a\""});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("[E-type]"));
  EXPECT_EQ(Expr({"--json", "1u"}).out,
            "{\"error\": \"unsigned integers are not in the language\", \"stage\": \"check\", \"code\": \"E-dynamic\"}\n");
}

TEST(ExprCommand, AnswersEachLineOfABatchInOrder) {
  const TempDir dir;
  const std::string cases = dir.Write("cases.jsonl", "{\"expr\": \"1 + 1\"}\nnot JSON\n{\"name\": \"x\", \"expr\": \"[].size()\"}\n{}\n");
  const Finished batch = Expr({"--batch"}, cases);
  EXPECT_EQ(batch.code, 0) << batch.err;
  const std::vector<std::string> lines = Lines(batch.out);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], R"({"int": "2"})");
  EXPECT_EQ(lines[1], R"({"error":"malformed JSON at column 1: expected an object, found `not`","code":"E-input","line":2})");
  EXPECT_EQ(lines[2], R"({"int": "0"})");
  EXPECT_EQ(lines[3], R"({"error":"expected an object with a string `expr`","code":"E-input","line":4})");
}

}  // namespace
}  // namespace moult::tools
