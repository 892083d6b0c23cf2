// Literals, names and calls.
#include <fmt/format.h>

#include <limits>

#include "lang/literal.h"
#include "lang/parser.h"

namespace moult::lang {

ExprId Parser::ParsePrimary() {
  const Token token = Peek();
  if (panic_) return AddError(token.span);
  switch (token.kind) {
    case TokenKind::kIdentifier: return ParseWord();
    case TokenKind::kMinus: case TokenKind::kInt: case TokenKind::kDouble: return ParseNumber();
    case TokenKind::kString: return ParseString();
    case TokenKind::kLeftParen: return ParseParenthesised();
    case TokenKind::kLeftBracket: return ParseListLiteral();
    case TokenKind::kLeftBrace: return ParseBraceLiteral();
    case TokenKind::kBadLiteral:
      Advance();
      return AddError(token.span);
    case TokenKind::kUint:
      Advance();
      reporter_.Report(Code::kDynamic, token.span, "unsigned integers are not in the language", "leave the `u` out: `int` has 64 bits");
      return AddError(token.span);
    case TokenKind::kBytes: return ParseBytes();
    default:
      Fail("an expression");
      return AddError(token.span);
  }
}

// A name, a call, or what a word stands for.
ExprId Parser::ParseWord() {
  const std::string_view word = TextOf(Peek().span);
  if (AtOpening() || word == "when" || word == "unless" || word == "then" || word == "in") {
    Fail("an expression");
    return AddError(Peek().span);
  }
  const Token token = Advance();
  if (word == "true" || word == "false") {
    return Add({.kind = ExprKind::kBool, .integer = word == "true", .span = token.span});
  }
  if (word == "null") {
    reporter_.Report(Code::kDynamic, token.span, "`null` is not in the language",
                     "what may be missing has a type `T?`: ask with `has(x)`, or give a default with `x ?? default`");
    return AddError(token.span);
  }
  const bool reserved = IsReservedWord(word);
  if (reserved) reporter_.Report(Code::kReservedWord, token.span, fmt::format("{} is a reserved word", Quoted(word)));
  Expr expr{.kind = reserved ? ExprKind::kError : ExprKind::kName, .text = std::string(word), .name_span = token.span};
  if (At(TokenKind::kLeftParen)) {
    if (!reserved) expr.kind = ExprKind::kCall;
    const Token open = Advance();
    ParseElements(TokenKind::kRightParen, open, false, expr.children);
  }
  expr.span = From(token.span.begin);
  return reserved || panic_ ? AddError(expr.span) : Add(std::move(expr));
}

// With its sign: the least int has no positive counterpart.
ExprId Parser::ParseNumber() {
  const uint32_t begin = Peek().span.begin;
  const bool negative = Accept(TokenKind::kMinus);
  const Token token = Advance();
  const TextSpan span{begin, token.span.end};
  const std::string_view digits = TextOf(token.span);
  if (token.kind == TokenKind::kDouble) {
    if (const std::optional<double> value = ParseDouble(digits)) {
      return Add({.kind = ExprKind::kDouble, .real = negative ? -*value : *value, .span = span});
    }
  } else if (const std::optional<uint64_t> magnitude = ParseMagnitude(digits)) {
    const uint64_t limit = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
    const uint64_t bits = negative ? 0 - *magnitude : *magnitude;
    if (*magnitude <= limit) return Add({.kind = ExprKind::kInt, .integer = static_cast<int64_t>(bits), .span = span});
  }
  const bool is_double = token.kind == TokenKind::kDouble;
  reporter_.Report(Code::kNumberRange, span, fmt::format("{} is out of the range of `{}`", Quoted(TextOf(span)), is_double ? "double" : "int"),
                   is_double ? "" : "an int is from -9223372036854775808 to 9223372036854775807");
  return AddError(span);
}

ExprId Parser::ParseString() {
  Name text = ParseText("a string");
  return Add({.kind = ExprKind::kString, .text = std::move(text.text), .span = text.span});
}

ExprId Parser::ParseBytes() {
  const Token token = Advance();
  return Add({.kind = ExprKind::kBytes, .text = DecodeLiteral(text_, token.span, reporter_), .span = token.span});
}

// The node's span takes the parentheses in, so that spans nest as the tree does.
ExprId Parser::ParseParenthesised() {
  const Token open = Advance();
  const ExprId inner = ParseExpr();
  ExpectClosing(TokenKind::kRightParen, open);
  ast_.exprs[inner.index].span = From(open.span.begin);
  return inner;
}

ExprId Parser::ParseListLiteral() {
  const Token open = Advance();
  Expr list{.kind = ExprKind::kList};
  ParseElements(TokenKind::kRightBracket, open, true, list.children);
  list.span = From(open.span.begin);
  return Add(std::move(list));
}

// {a, b} is a set, {a: b} a map, {} a map.
ExprId Parser::ParseBraceLiteral() {
  const Token open = Advance();
  Expr literal{.kind = ExprKind::kMap};
  while (!panic_ && !At(TokenKind::kRightBrace)) {
    ParseEntry(literal);
    if (!Accept(TokenKind::kComma)) break;
  }
  const bool next_entry = At(TokenKind::kIdentifier) && Peek().first_on_line && Peek(1).kind == TokenKind::kColon;
  if (next_entry) Fail("`,` or `}`", "separate the entries of a literal by commas");
  ExpectClosing(TokenKind::kRightBrace, open, "`,` or ");
  literal.span = From(open.span.begin);
  return Add(std::move(literal));
}

// The first entry says whether the literal is a set.
void Parser::ParseEntry(Expr& literal) {
  const bool first = literal.children.empty();
  literal.children.push_back(ParseExpr());
  if (first && !At(TokenKind::kColon)) literal.kind = ExprKind::kSet;
  if (literal.kind == ExprKind::kSet) {
    if (At(TokenKind::kColon)) Fail("`,` or `}`", "a set has elements, a map has a value for every key");
    return;
  }
  Expect(TokenKind::kColon);
  literal.children.push_back(ParseExpr());  // kError after a failure: keys and values stay pairs
}

}  // namespace moult::lang
