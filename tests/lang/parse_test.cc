#include "lang/parse.h"

#include <gtest/gtest.h>

#include <random>

#include "lang/ast_print.h"
#include "tests/support/golden.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

struct Parsed {
  Ast ast;
  Diagnostics diagnostics;
};

Parsed ParseText(const std::string& text, const CompileLimits& limits = {}) {
  Reporter reporter("test.moult", text, limits.diagnostics);
  Parsed parsed{Parse(text, limits, reporter), {}};
  parsed.diagnostics = reporter.Take();
  return parsed;
}

Parsed ParseLet(const std::string& expression, const CompileLimits& limits = {}) {
  return ParseText("policy p\nlet x = " + expression + "\n", limits);
}

std::string Repeat(std::string_view part, size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

uint32_t Height(const Ast& ast, ExprId id) {
  uint32_t height = 0;
  for (ExprId child : ast[id].children) height = std::max(height, Height(ast, child));
  return height + 1;
}

// -- spans

struct SpanCase {
  const char* expression;
  const char* node;       // as printed
  const char* span;       // the text that it covers
  const char* name_span;  // and its operator or name
};
constexpr SpanCase kSpans[] = {
    {"a + b * c", "(+ a (* b c))", "a + b * c", "+"},
    {"a + b * c", "(* b c)", "b * c", "*"},
    {"(a + b) * c", "(* (+ a b) c)", "(a + b) * c", "*"},
    {"(a + b) * c", "(+ a b)", "(a + b)", "+"},
    {"user.name.size()", "(method size (. user name))", "user.name.size()", "size"},
    {"user.name.size()", "(. user name)", "user.name", "name"},
    {"f(a, [1, 2]) > 0", "(call f a (list 1 2))", "f(a, [1, 2])", "f"},
    {"f(a, [1, 2]) > 0", "(list 1 2)", "[1, 2]", ""},
    {"m [ 'k' ]", "([] m \"k\")", "m [ 'k' ]", "["},
    {"- 5 + x", "-5", "- 5", ""},
    {"! a", "(! a)", "! a", "!"},
    {"a ? b : c", "(?: a b c)", "a ? b : c", "?"},
    {"{'é': 1}['é']", "(map (\"é\" 1))", "{'é': 1}", ""},
    {"a && b && c && d", "(&& (&& a b) (&& c d))", "a && b && c && d", "&&"},
    {"a ?? b ?? c", "(?? b c)", "b ?? c", "??"},
};

TEST(ParseSpans, CoverWhatTheyName) {
  for (const SpanCase& c : kSpans) {
    SCOPED_TRACE(std::string(c.expression) + "   " + c.node);
    const std::string text = std::string("policy p\nlet x = ") + c.expression + "\n";
    const Parsed parsed = ParseText(text);
    ASSERT_TRUE(parsed.diagnostics.empty()) << Render(parsed.diagnostics);
    bool found = false;
    for (uint32_t i = 0; i < parsed.ast.exprs.size(); ++i) {
      if (Print(parsed.ast, ExprId{i}) != c.node) continue;
      const Expr& e = parsed.ast.exprs[i];
      found = true;
      EXPECT_EQ(text.substr(e.span.begin, e.span.end - e.span.begin), c.span);
      EXPECT_EQ(text.substr(e.name_span.begin, e.name_span.end - e.name_span.begin), c.name_span);
    }
    EXPECT_TRUE(found);
  }
}

// -- precedence: every pair of neighbouring levels, by what `a OP b OP c` groups

TEST(ParsePrecedence, EachLevelBindsTighterThanTheOneBefore) {
  const std::vector<std::vector<std::string>> levels = {
      {"||"}, {"&&"}, {"<", "<=", ">", ">=", "==", "!=", "in"}, {"??"}, {"+", "-"}, {"*", "/", "%"}};
  for (size_t loose = 0; loose < levels.size(); ++loose) {
    for (size_t tight = loose + 1; tight < levels.size(); ++tight) {
      for (const std::string& l : levels[loose]) {
        for (const std::string& t : levels[tight]) {
          const Parsed left = ParseLet("a " + t + " b " + l + " c");
          EXPECT_EQ(Print(left.ast, left.ast.lets[0].value), "(" + l + " (" + t + " a b) c)");
          const Parsed right = ParseLet("a " + l + " b " + t + " c");
          EXPECT_EQ(Print(right.ast, right.ast.lets[0].value), "(" + l + " a (" + t + " b c))");
        }
      }
    }
  }
}

// -- hostile input

struct Bomb {
  const char* name;
  std::string expression;
};
std::vector<Bomb> Bombs(size_t n) {
  return {{"parentheses", Repeat("(", n)},
          {"brackets", Repeat("[", n)},
          {"braces", Repeat("{", n)},
          {"map values", Repeat("{1:", n)},
          {"calls", Repeat("f(", n)},
          {"indices", Repeat("a[", n)},
          {"nots", Repeat("!", n) + "a"},
          {"minuses", Repeat("- ", n) + "a"},
          {"conditionals", Repeat("a ? ", n)},
          {"else chain", Repeat("a ? b : ", n) + "c"},
          {"sum", Repeat("a + ", n) + "a"},
          {"relations", Repeat("a < ", n) + "a"},
          {"coalesce", Repeat("a ?? ", n) + "a"},
          {"members", "a" + Repeat(".b", n)},
          {"methods", "a" + Repeat(".b()", n)},
          {"indexed", "a" + Repeat("[0]", n)}};
}

TEST(ParseLimits, NestingBombsGiveOneErrorAndLowTrees) {
  const CompileLimits limits;
  for (const Bomb& bomb : Bombs(100'000)) {
    SCOPED_TRACE(bomb.name);
    const Parsed parsed = ParseLet(bomb.expression, limits);
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << Render(parsed.diagnostics).substr(0, 2000);
    EXPECT_EQ(parsed.diagnostics[0].code, "E-nesting");
    ASSERT_EQ(parsed.ast.lets.size(), 1u);
    EXPECT_LE(Height(parsed.ast, parsed.ast.lets[0].value), limits.nesting);
  }
}

TEST(ParseLimits, NestedTypesAreLimitedToo) {
  const Parsed parsed = ParseText("policy p\ninput { a: " + Repeat("list<", 100'000) + "}\n");
  ASSERT_EQ(parsed.diagnostics.size(), 1u) << Render(parsed.diagnostics).substr(0, 2000);
  EXPECT_EQ(parsed.diagnostics[0].code, "E-nesting");
}

TEST(ParseLimits, LongConditionsAreNoNesting) {
  for (const char* op : {"&&", "||"}) {
    const Parsed parsed = ParseLet(Repeat(std::string("a ") + op + " ", 100'000) + "a");
    ASSERT_TRUE(parsed.diagnostics.empty()) << Render(parsed.diagnostics);
    EXPECT_LE(Height(parsed.ast, parsed.ast.lets[0].value), 18u);
  }
  EXPECT_TRUE(ParseLet("[" + Repeat("1, ", 100'000) + "]").diagnostics.empty());
}

TEST(ParseLimits, AnEnormousTextIsRefusedUnread) {
  const Parsed parsed = ParseText(Repeat("rule r { when ", 100'000'000 / 14));
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].code, "E-source-too-large");
  EXPECT_TRUE(parsed.ast.exprs.empty());
}

// Looking up the line of every error would be quadratic.
TEST(ParseLimits, AnErrorAtEveryByteIsNotQuadratic) {
  const CompileLimits limits;
  for (const char* part : {"@ ", "} ", "\"\n", "1x ", "\x01", "rule { ", "let x = (\n", "rule r {\n", "then ", "'\\q' ", "let a = 1u "}) {
    SCOPED_TRACE(part);
    std::string text = "policy p\n" + Repeat(part, 1'000'000 / std::string_view(part).size());
    const Parsed parsed = ParseText(text, limits);
    EXPECT_GE(parsed.diagnostics.size(), 1u);
    EXPECT_LE(parsed.diagnostics.size(), limits.diagnostics + 1u);
  }
}

// -- random text: the parser ends, and what it gives is well formed

void CheckWellFormed(const std::string& text) {
  const CompileLimits limits{.nesting = 50};
  const Parsed parsed = ParseText(text, limits);
  const Ast& ast = parsed.ast;
  for (uint32_t i = 0; i < ast.exprs.size(); ++i) {
    const Expr& e = ast.exprs[i];
    ASSERT_LE(e.span.begin, e.span.end);
    ASSERT_LE(e.span.end, text.size());
    ASSERT_LE(e.name_span.end, text.size());
    for (ExprId child : e.children) ASSERT_LT(child.index, i);
  }
  for (const Diagnostic& d : parsed.diagnostics) {
    EXPECT_FALSE(d.message.empty());
    for (char c : Render(d)) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << "a raw control character";
  }
  EXPECT_FALSE(ast.incomplete && parsed.diagnostics.empty()) << "something was lost, and nobody was told";
  Print(ast);
}

std::vector<std::string> Corpus() {
  std::vector<std::string> corpus;
  for (const auto& file : testing::GoldenFiles("parse", ".moult")) corpus.push_back(testing::ReadFile(file));
  return corpus;
}

TEST(ParseFuzz, MutatedPoliciesGiveWellFormedTrees) {
  std::mt19937_64 random(test::Seed());
  const std::vector<std::string> corpus = Corpus();
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
    std::string text = corpus[below(corpus.size())];
    for (size_t edits = 1 + below(6); edits > 0 && !text.empty(); --edits) {
      const size_t at = below(text.size());
      switch (below(4)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, 1 + below(20)); break;
        case 2: text.insert(at, text.substr(below(text.size()), 1 + below(20))); break;
        case 3: text.resize(at); break;
      }
    }
    SCOPED_TRACE(text);
    CheckWellFormed(text);
  }
}

TEST(ParseFuzz, RandomTokensGiveWellFormedTrees) {
  std::mt19937_64 random(test::Seed());
  constexpr const char* kTokens[] = {
      "policy", "input", "record", "enum", "const", "fn", "let", "list", "source", "decide", "severest", "score", "rule", "mode",
      "when", "unless", "then", "default", "from", "test", "use", "emit", "tag", "reason", "on_error", "max", "in", "true", "null",
      "a", "b", "1", "2.5", "1u", "\"s\"", "\"{a}\"", "'{'", "b''", "\"", "'''", "(", ")", "[", "]", "{", "}", "<", ">", "?", "??",
      ":", ",", ".", "=", "==", "->", "&&", "||", "!", "-", "+", "*", ">=", "\n", "//", "@"};
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
    std::string text = "policy p\n";
    for (size_t length = below(80); length > 0; --length) text += std::string(kTokens[below(std::size(kTokens))]) + " ";
    SCOPED_TRACE(text);
    CheckWellFormed(text);
  }
}

}  // namespace
}  // namespace moult::lang
