// Reasons: strings in which `{expression}` stands for a value, and `{{` and `}}` for braces.
#include <fmt/format.h>

#include "lang/literal.h"
#include "lang/parser.h"

namespace moult::lang {
namespace {

// The first brace at or after `begin` that no escape contains, or `end`.
uint32_t FindBrace(std::string_view text, uint32_t begin, uint32_t end, bool raw) {
  for (; begin < end && text[begin] != '{' && text[begin] != '}'; ++begin) {
    if (text[begin] == '\\' && !raw) ++begin;
  }
  return std::min(begin, end);
}

}  // namespace

// At a string.
ExprId Parser::ParseReason() { return ParseReasonText(Advance()); }

ExprId Parser::ParseReasonText(const Token& token) {
  const TextSpan body = BodyOf(text_, token.span);
  const StringShape shape = ShapeOf(TextOf(token.span));
  std::vector<ExprId> parts;
  std::string literal;
  uint32_t literal_begin = body.begin;
  const auto end_literal = [&](uint32_t end) {
    if (literal.empty()) return;
    parts.push_back(Add({.kind = ExprKind::kString, .text = std::move(literal), .span = {literal_begin, end}}));
    literal.clear();
  };
  for (uint32_t i = body.begin; i < body.end;) {
    const uint32_t brace = FindBrace(text_, i, body.end, shape.raw);
    literal += DecodeString(text_, {i, brace}, shape, reporter_);
    i = brace;
    if (i == body.end) break;
    if (i + 1 < body.end && text_[i + 1] == text_[i]) {
      literal += text_[i];
      i += 2;
    } else if (text_[i] == '{') {
      end_literal(i);
      ParseHole(i, body, parts, &i);
      literal_begin = i;
    } else {
      reporter_.Report(Code::kBadInterpolation, {i, i + 1}, "`}` without a `{` before it", "write `}}` for a brace");
      ++i;
    }
  }
  const bool plain = parts.empty();
  end_literal(body.end);
  if (plain) {
    if (parts.empty()) return Add({.kind = ExprKind::kString, .span = token.span});
    ast_.exprs[parts[0].index].span = token.span;
    return parts[0];
  }
  return Add({.kind = ExprKind::kTemplate, .children = std::move(parts), .span = token.span});
}

// The hole that opens at `open`: appends its expression, and sets `*next` to the byte after it.
void Parser::ParseHole(uint32_t open, TextSpan body, std::vector<ExprId>& parts, uint32_t* next) {
  std::vector<Token> tokens;
  if (!LexHole({open + 1, body.end}, tokens)) {
    // What closes the string was perhaps meant as a quote inside the hole, and then nothing after it makes sense.
    if (tokens.back().kind == TokenKind::kEnd) {
      FailAt(Code::kBadInterpolation, {open, open + 1}, "this `{` is not closed",
             "write `{{` for a brace; quote strings inside with the other kind of quotes");
    }
    *next = body.end;
    parts.push_back(AddError({open, body.end}));
    return;
  }
  *next = tokens.back().span.end;
  if (tokens.size() == 1) {
    reporter_.Report(Code::kBadInterpolation, {open, *next}, "there is no expression between these braces",
                     "write `{{}}` for braces");
    parts.push_back(AddError({open, *next}));
    return;
  }
  tokens.back().kind = TokenKind::kEnd;
  // The hole has a token stream, and so an error recovery, of its own.
  const bool outer_panic = panic_;
  const uint32_t outer_depth = brace_depth_;
  const size_t outer_position = position_;
  tokens_.swap(tokens);
  position_ = 0;
  in_hole_ = true;
  parts.push_back(ParseExpr());
  if (!panic_ && Peek().kind != TokenKind::kEnd) Fail("an operator or `}`");
  in_hole_ = false;
  panic_ = outer_panic;
  tokens_.swap(tokens);
  position_ = outer_position;
  brace_depth_ = outer_depth;
}

// Collects the tokens up to and including the `}` that closes the hole. False if there is none (the last is then kEnd) or there is
// something that is no token (kInvalid, reported).
bool Parser::LexHole(TextSpan range, std::vector<Token>& tokens) {
  Lexer lexer(text_, range, reporter_);
  for (uint32_t open = 0;;) {
    tokens.push_back(lexer.Next());
    const TokenKind kind = tokens.back().kind;
    if (kind == TokenKind::kEnd || kind == TokenKind::kInvalid) return false;
    if (kind == TokenKind::kLeftBrace) ++open;
    if (kind == TokenKind::kRightBrace && open-- == 0) return true;
  }
}

}  // namespace moult::lang
