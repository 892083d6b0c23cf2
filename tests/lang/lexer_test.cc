#include "lang/lexer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lang/literal.h"

namespace moult::lang {
namespace {

struct Lexed {
  std::vector<Token> tokens;  // without the last, kEnd
  Diagnostics diagnostics;
};

Lexed Lex(std::string_view text) {
  Reporter reporter("test.moult", text, 100);
  Lexed lexed;
  if (CheckText(text, {0, static_cast<uint32_t>(text.size())}, reporter)) {
    Lexer lexer(text, {0, static_cast<uint32_t>(text.size())}, reporter);
    for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) lexed.tokens.push_back(token);
  }
  lexed.diagnostics = reporter.Take();
  return lexed;
}

TEST(Lexer, EveryPunctuationIsItsOwnToken) {
#define MOULT_TOKEN(name, spelling)                                        \
  {                                                                        \
    const Lexed lexed = Lex(spelling " a");                                \
    ASSERT_EQ(lexed.tokens.size(), 2u) << spelling;                        \
    EXPECT_EQ(lexed.tokens[0].kind, TokenKind::k##name) << spelling;       \
    EXPECT_EQ(lexed.tokens[0].span.end, std::string(spelling).size());     \
    EXPECT_NE(TokenName(TokenKind::k##name).find(spelling), std::string::npos); \
  }
#include "lang/tokens.def"
#undef MOULT_TOKEN
}

struct KindCase {
  const char* text;
  std::vector<TokenKind> kinds;
};

TEST(Lexer, TakesTheLongestToken) {
  using enum TokenKind;
  const KindCase cases[] = {
      {"a??b", {kIdentifier, kCoalesce, kIdentifier}},
      {"a???b", {kIdentifier, kCoalesce, kQuestion, kIdentifier}},
      {"list<list<int>>", {kIdentifier, kLess, kIdentifier, kLess, kIdentifier, kGreater, kGreater}},
      {"a->b", {kIdentifier, kArrow, kIdentifier}},
      {"a--1", {kIdentifier, kMinus, kMinus, kInt}},
      {"!==", {kNotEqual, kAssign}},
      {"1.5.x", {kDouble, kDot, kIdentifier}},
      {"1.size()", {kInt, kDot, kIdentifier, kLeftParen, kRightParen}},
      {".5", {kDouble}},
      {"1e5 1E+5 2.5e-3", {kDouble, kDouble, kDouble}},
      {"0x1F 0XaB", {kInt, kInt}},
      {"7u 0x7U", {kUint, kUint}},
      {"1e 0x", {kBadLiteral, kBadLiteral}},
      {"r'' R\"\" b'' br'' Rb\"\"", {kString, kString, kBytes, kBytes, kBytes}},
      {"r b rb _x x1", {kIdentifier, kIdentifier, kIdentifier, kIdentifier, kIdentifier}},
      {"'' ''''''", {kString, kString}},
      {"'''a'b''c'''", {kString}},
      {"'a\\'b' r'a\\' c", {kString, kString, kIdentifier}},
      {"a // b\n c", {kIdentifier, kIdentifier}},
      {"a / b", {kIdentifier, kSlash, kIdentifier}},
      {"", {}},
      {" \t\r\n// only a comment", {}},
  };
  for (const KindCase& c : cases) {
    std::vector<TokenKind> kinds;
    for (const Token& token : Lex(c.text).tokens) kinds.push_back(token.kind);
    EXPECT_EQ(kinds, c.kinds) << c.text;
  }
}

TEST(Lexer, KnowsTheFirstTokenOfALine) {
  const Lexed lexed = Lex("a b\n\n// c\n  d 'e\n f");
  std::vector<bool> first;
  for (const Token& token : lexed.tokens) first.push_back(token.first_on_line);
  EXPECT_EQ(first, (std::vector<bool>{true, false, true, false, true}));
}

TEST(Lexer, RefusesTextThatIsNotUtf8AtItsFirstBadByte) {
  const struct {
    const char* name;
    std::string text;
    uint32_t column;
  } cases[] = {
      {"lone continuation", "a \x80", 3},        {"cut sequence at the end", "ab\xe2\x82", 3},
      {"overlong", "\xc0\xaf", 1},               {"surrogate", "é\xed\xa0\x80", 2},
      {"above U+10FFFF", "x\xf4\x90\x80\x80", 2}, {"Latin-1", "caf\xe9 a", 4},
  };
  for (const auto& c : cases) {
    const Lexed lexed = Lex(c.text);
    ASSERT_EQ(lexed.diagnostics.size(), 1u) << c.name;
    EXPECT_EQ(lexed.diagnostics[0].code, "E-not-utf8") << c.name;
    EXPECT_EQ(lexed.diagnostics[0].column, c.column) << c.name;
  }
}

TEST(Literals, DoublesOverflowToAnErrorAndUnderflowToZero) {
  EXPECT_EQ(ParseDouble("1.5"), 1.5);
  EXPECT_EQ(ParseDouble("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_EQ(ParseDouble("5e-324"), 5e-324);
  EXPECT_EQ(ParseDouble("1e-400"), 0.0);
  EXPECT_EQ(ParseDouble("0." + std::string(500, '0') + "1"), 0.0);
  EXPECT_EQ(ParseDouble("0e999999999999999999999"), 0.0);
  EXPECT_FALSE(ParseDouble("1e309"));
  EXPECT_FALSE(ParseDouble("1" + std::string(400, '0') + ".5"));
  EXPECT_FALSE(ParseDouble("0.1e99999999999999999999999"));
}

TEST(Literals, MagnitudesReachTheLeastInt) {
  EXPECT_EQ(ParseMagnitude("0"), 0u);
  EXPECT_EQ(ParseMagnitude("0xff"), 255u);
  EXPECT_EQ(ParseMagnitude("9223372036854775808"), uint64_t{1} << 63);
  EXPECT_FALSE(ParseMagnitude("9223372036854775809"));
  EXPECT_FALSE(ParseMagnitude("0xffffffffffffffff"));
  EXPECT_FALSE(ParseMagnitude("18446744073709551616"));
}

}  // namespace
}  // namespace moult::lang
