// Every small expression: all operators over all pairs of samples of every type, all trees of logic over operands that err, all macros over
// short lists, and every function over all samples of its parameters' types. Machine code and the interpreter have to agree on each.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "lang/function.h"
#include "moult/expression.h"

namespace moult::test {
namespace {

using lang::CallStyle;
using lang::FunctionInfo;
using lang::TypePattern;

const std::map<std::string, std::vector<std::string>> kSamples = {
    {"bool", {"true", "false"}},
    {"int", {"-9223372036854775808", "-1", "0", "1", "2", "64", "9223372036854775807"}},
    {"double", {"-0.0", "0.0", "1.5", "-2.5", "1e300", "(0.0 / 0.0)", "(-1.0 / 0.0)", "9007199254740993.0"}},
    // The last is no constant, which the checker would look into.
    {"string", {"''", "'a'", "'b,a'", "'\\u00e9\\U0001f600'", "'10.0.0.1'", "'10.0.0.0/8'", "'+02:00'", "'2026-01-02T03:04:05Z'", "'1h'",
                "[' 1 '][0]"}},
    {"bytes", {"b''", "b'a'", "b'\\xff\\x00'"}},
    {"timestamp", {"timestamp('0001-01-01T00:00:00Z')", "timestamp(0)", "timestamp('9999-12-31T23:59:59.999999999Z')"}},
    {"duration", {"duration('0s')", "duration('1ns')", "duration('-90m')", "duration('2562047h47m16.854775807s')"}},
    {"ip", {"ip('10.0.0.1')", "ip('::1')", "ip('ff02::1')"}},
    {"cidr", {"cidr('10.0.0.0/8')", "cidr('::/0')", "cidr('10.0.0.1/32')"}},
    {"list<bool>", {"[true]", "[false, true]"}},
    {"list<int>", {"[0]", "[2, 1, 2]", "[1].filter(x, false)"}},
    {"list<double>", {"[0.5]", "[2.0, 0.0 / 0.0, -0.0]"}},
    {"list<string>", {"['a']", "['b', '', 'a']"}},
    {"list<bytes>", {"[b'b', b'a']"}},
    {"list<timestamp>", {"[timestamp(2), timestamp(1)]"}},
    {"list<duration>", {"[duration('2s'), duration('1s')]"}},
    {"list<list<int>>", {"[[1], [2, 3]]"}},
    {"set<int>", {"{1}", "{2, 1}"}},
    {"map<string, int>", {"{'a': 1}", "{'a': 1, 'b': 2}"}},
};

class SmallExpressions : public ::testing::Test {
 protected:
  ~SmallExpressions() override { RecordProperty("expressions", done_); }

  // Both engines on the expression. Those that the checker refuses count as nothing: the engines never see them.
  void Compare(const std::string& expression) {
    const ExpressionResult code = EvaluateExpression(expression, ExpressionEngine::kMachineCode);
    ASSERT_NE(code.code, "E-internal") << expression << "\n" << code.message;
    if (code.stage == ExpressionResult::Stage::kCheck) return;
    ++done_;
    const ExpressionResult oracle = EvaluateExpression(expression, ExpressionEngine::kInterpreter);
    ASSERT_EQ(code.json, oracle.json) << expression;
  }

  int done_ = 0;
};

std::vector<std::string> AllSamples() {
  std::vector<std::string> all;
  for (const auto& [type, samples] : kSamples) all.insert(all.end(), samples.begin(), samples.end());
  return all;
}

TEST_F(SmallExpressions, OperatorsAgreeOnEveryPair) {
  const std::vector<std::string> samples = AllSamples();
  for (const std::string& a : samples) {
    Compare("-(" + a + ")");
    Compare("!(" + a + ")");
    Compare("size(" + a + ")");
    for (const std::string& b : samples) {
      for (const char* op : {"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"}) Compare("(" + a + ") " + op + " (" + b + ")");
      Compare("(" + a + ")[" + b + "]");
    }
  }
  EXPECT_GT(done_, 1500);
}

TEST_F(SmallExpressions, LogicAgreesWhateverErrs) {
  const std::vector<std::string> atoms = {"true", "false", "1 / 0 == 0", "[1][1] == 1"};
  std::vector<std::string> trees = atoms;
  for (const std::string& a : atoms) {
    trees.push_back("!(" + a + ")");
    for (const std::string& b : atoms) {
      for (const char* op : {"&&", "||"}) trees.push_back("(" + a + ") " + op + " (" + b + ")");
      for (const std::string& c : atoms) trees.push_back("(" + a + ") ? (" + b + ") : (" + c + ")");
    }
  }
  for (const std::string& a : trees) {
    Compare(a);
    for (const std::string& b : trees) {
      Compare("(" + a + ") && (" + b + ")");
      Compare("(" + a + ") || !(" + b + ")");
    }
    for (const std::string& b : atoms) Compare("(" + a + ") ? 1 : ((" + b + ") ? 2 : 3)");
  }
  EXPECT_GT(done_, 10000);
}

TEST_F(SmallExpressions, MacrosAgreeOnShortLists) {
  const std::vector<std::string> collections = {"[0]", "[0, 1]", "[2, 0, 1]", "[1, 1]", "[1].filter(x, false)", "{1, 2}", "{1: 2, 2: 0}"};
  const std::vector<std::string> conditions = {"true", "false", "x == 1", "1 / x == 1", "x < 2 || 1 / (x - 2) > 0", "1 / (x - 1) > 0 && x != 0"};
  for (const std::string& xs : collections) {
    for (const std::string& condition : conditions) {
      for (const char* macro : {"all", "exists", "existsOne", "filter"}) Compare(xs + "." + macro + "(x, " + condition + ")");
      Compare(xs + ".map(x, " + condition + ", 2 / x)");
      Compare(xs + ".sortBy(x, " + condition + ")");
      for (const char* macro : {"all", "exists", "existsOne"}) Compare(xs + "." + macro + "(x, y, " + condition + " || y > 1)");
      for (const char* macro : {"transformList", "transformMap"}) Compare(xs + "." + macro + "(x, y, " + condition + ", y / x)");
      Compare(xs + ".transformMapEntry(x, y, {y: " + condition + "})");
      Compare(xs + ".all(z, " + xs + ".exists(x, " + condition + "))");
    }
  }
  EXPECT_GT(done_, 300);
}

// What stands for the pattern; T and K are ints, V a string.
std::string TypeText(const TypePattern& pattern) {
  if (pattern.kind == TypePattern::Kind::kVariable) return pattern.variable == 2 ? "string" : "int";
  std::string text = lang::PatternText(pattern);
  if (pattern.kind == TypePattern::Kind::kType) return text;
  const std::string name = text.substr(0, text.find('<'));
  std::string arguments;
  for (const TypePattern& argument : pattern.arguments) arguments += (arguments.empty() ? "" : ", ") + TypeText(argument);
  return name + "<" + arguments + ">";
}

std::string CallText(const FunctionInfo& function, const std::vector<std::string>& arguments) {
  const bool method = function.style != CallStyle::kFunction;
  std::string text = method ? "(" + arguments[0] + ")." : std::string();
  text += std::string(function.name) + "(";
  for (size_t k = method ? 1 : 0; k < arguments.size(); ++k) text += (k > (method ? 1u : 0u) ? ", " : "") + arguments[k];
  return text + ")";
}

TEST_F(SmallExpressions, FunctionsAgreeOnAllSamples) {
  for (uint32_t f = 0; f < lang::kFunctionCount; ++f) {
    const FunctionInfo& function = lang::InfoOf(static_cast<lang::Function>(f));
    if (function.name.starts_with('%')) continue;  // no policy can name it
    std::vector<std::vector<std::string>> calls = {{}};
    for (const TypePattern& parameter : function.parameters) {
      const auto samples = kSamples.find(TypeText(parameter));
      ASSERT_NE(samples, kSamples.end()) << "no samples of " << TypeText(parameter) << ", for " << function.name;
      std::vector<std::vector<std::string>> longer;
      for (const std::vector<std::string>& call : calls) {
        for (const std::string& sample : samples->second) {
          longer.push_back(call);
          longer.back().push_back(sample);
        }
      }
      calls = std::move(longer);
    }
    const int before = done_;
    for (const std::vector<std::string>& call : calls) Compare(CallText(function, call));
    EXPECT_GT(done_, before) << function.name << function.signature << ": no call of it compiles";
  }
}

}  // namespace
}  // namespace moult::test
