// Expressions: split at their loosest operators, which are where the lines of a long one break first.
#include <algorithm>

#include "lang/formatter.h"

namespace moult::lang {
namespace {

constexpr int kConditional = 1;

// By precedence, the loosest first, as in parse_expr.cc; 0 for what is no operator between two operands.
int LevelOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kQuestion: return kConditional;
    case TokenKind::kOr: return 2;
    case TokenKind::kAnd: return 3;
    case TokenKind::kLess: case TokenKind::kLessEqual: case TokenKind::kGreater: case TokenKind::kGreaterEqual:
    case TokenKind::kEqual: case TokenKind::kNotEqual: return 4;
    case TokenKind::kCoalesce: return 5;
    case TokenKind::kPlus: case TokenKind::kMinus: return 6;
    case TokenKind::kStar: case TokenKind::kSlash: case TokenKind::kPercent: return 7;
    default: return 0;
  }
}
constexpr int kRelation = 4;  // `in` is a word

}  // namespace

bool Formatter::IsOperator(size_t i) const {
  return LevelOf(At(i).kind) > 0 || IsWord(i, "in") || Is(i, TokenKind::kNot) || Is(i, TokenKind::kColon);
}

Formatter::Operators Formatter::Loosest(Range range) const {
  Operators loosest;
  bool after_operand = false;
  for (size_t i = range.begin; i < range.end; i = Past(i)) {
    const bool in = IsWord(i, "in") && !(i > range.begin && Is(i - 1, TokenKind::kDot));
    const int level = !after_operand ? 0 : in ? kRelation : LevelOf(At(i).kind);
    const bool sign = Is(i, TokenKind::kMinus) || Is(i, TokenKind::kNot);
    after_operand = level == 0 && !sign && !Is(i, TokenKind::kColon) && (after_operand || LevelOf(At(i).kind) == 0);
    if (level == 0 || (loosest.level != 0 && level > loosest.level)) continue;
    if (level != loosest.level) loosest = {level, {}};
    loosest.at.push_back(i);
  }
  return loosest;
}

// `indent`: lines after the first are indented. Not where the first begins its line by itself.
void Formatter::Expression(Range range, bool indent) {
  const Operators operators = Loosest(range);
  if (operators.level == 0) return Operand(range);
  if (operators.level == kConditional) return Conditional(range, operators, indent);
  doc_.OpenGroup();
  if (indent) doc_.Indent();
  Expression({range.begin, operators.at.front()});
  for (size_t k = 0; k < operators.at.size(); ++k) {
    const size_t end = k + 1 < operators.at.size() ? operators.at[k + 1] : range.end;
    doc_.Line();
    Put(operators.at[k]);
    doc_.Space();
    Expression({operators.at[k] + 1, end});
  }
  if (indent) doc_.Dedent();
  doc_.CloseGroup();
}

// a ? b
//   : c ? d
//   : e
void Formatter::Conditional(Range range, const Operators& operators, bool indent) {
  doc_.OpenGroup();
  if (indent) doc_.Indent();
  size_t begin = range.begin;
  for (size_t question : operators.at) {
    if (question < begin) continue;  // within the middle of one before
    size_t colon = question + 1;     // its own: one for each `?` between
    for (size_t open = 1; colon < range.end; colon = Past(colon)) {
      if (Is(colon, TokenKind::kQuestion)) ++open;
      if (Is(colon, TokenKind::kColon) && --open == 0) break;
    }
    doc_.OpenGroup();
    Expression({begin, question});
    doc_.Indent();
    doc_.Line();
    Put(question);
    doc_.Space();
    Expression({question + 1, colon});
    doc_.Dedent();
    doc_.CloseGroup();
    if (colon >= range.end) break;
    doc_.Line();
    Put(colon);
    doc_.Space();
    begin = colon + 1;
  }
  Expression({begin, range.end});
  if (indent) doc_.Dedent();
  doc_.CloseGroup();
}

// With its signs: `!x`, `-(a)`.
void Formatter::Operand(Range range) {
  while (range.begin < range.end && (Is(range.begin, TokenKind::kNot) || Is(range.begin, TokenKind::kMinus))) Put(range.begin++);
  Terms(range);
}

void Formatter::Terms(Range range) {
  for (size_t i = range.begin; i < range.end;) {
    i = Term({i, range.end});
    if (i < range.end) doc_.Space();
  }
}

// A word, literal or bracket, and the calls, members and indices that follow.
size_t Formatter::Term(Range range) {
  size_t i = range.begin;
  const bool sign = Is(i, TokenKind::kPlus) || Is(i, TokenKind::kMinus);
  if (sign && i + 1 < range.end) Put(i++);
  if (IsOpening(i)) {
    Bracket(i, Is(i, TokenKind::kLeftParen) ? BracketStyle::kCall : BracketStyle::kLiteral);
  } else {
    Put(i);
  }
  const bool operand = LevelOf(At(i).kind) == 0 && !Is(i, TokenKind::kAssign);
  i = Past(i);
  while (operand && i < range.end) {
    if (Is(i, TokenKind::kDot) && i + 1 < range.end) {
      Put(i);
      Put(i + 1);
      i += 2;
    } else if (Is(i, TokenKind::kLeftParen) || Is(i, TokenKind::kLeftBracket)) {
      Bracket(i, BracketStyle::kCall);
      i = Past(i);
    } else {
      break;
    }
  }
  return i;
}

void Formatter::Bracket(size_t open, BracketStyle style) {
  const std::vector<Range> elements = SplitAtCommas({open + 1, At(open).match});
  const auto is_short_or_last = [&](const Range& element) { return element.size() == 1 || element.end == elements.back().end; };
  const bool hugs = elements.empty() ||
                    (style == BracketStyle::kCall && std::all_of(elements.begin(), elements.end(), is_short_or_last) &&
                     (elements.size() == 1 || elements.back().size() > 1));
  hugs ? Hugged(open, elements) : Elements(open, style);
}

// f(x, that breaks
//     && within)
void Formatter::Hugged(size_t open, const std::vector<Range>& elements) {
  Put(open);
  for (const Range& element : elements) {
    Entry(element);
    if (!Is(element.end, TokenKind::kComma)) continue;
    PutComma(element.end);
    doc_.Space();
  }
  Put(At(open).match);
}

// How many tokens of it the canonical form has: not the commas behind a last element.
size_t Formatter::StayingIn(Range range) const {
  size_t count = 0;
  for (size_t i = range.begin; i < range.end; ++i) count += !(Is(i, TokenKind::kComma) && i + 1 < range.end && IsClosing(i + 1));
  return count;
}

// All on one line or a line each; short ones as many on a line as fit.
void Formatter::Elements(size_t open, BracketStyle style) {
  const size_t close = At(open).match;
  const std::vector<Range> elements = SplitAtCommas({open + 1, close});
  const bool padded = style == BracketStyle::kBlock && !elements.empty();
  const bool fill = std::all_of(elements.begin(), elements.end(), [this](const Range& element) {
    return StayingIn(element) <= 3 && Find(element, TokenKind::kColon) == element.end;
  });
  doc_.OpenGroup();
  Put(open);
  doc_.Indent();
  padded ? doc_.Line() : doc_.SoftLine();
  for (const Range& element : elements) {
    const bool last = element.end == elements.back().end;
    Entry(element);
    if (!last) {
      PutComma(element.end);
      fill ? doc_.FillLine() : doc_.Line();
      continue;
    }
    if (style != BracketStyle::kCall && !fill) doc_.IfBroken(",");
    if (Is(element.end, TokenKind::kComma)) DropComma(element.end);
  }
  CloseBracket(close, padded);
}

// `key: value`, or an expression. The colon of a conditional is none of an entry.
void Formatter::Entry(Range range) {
  size_t colon = range.begin;
  for (size_t questions = 0; colon < range.end; colon = Past(colon)) {
    if (Is(colon, TokenKind::kQuestion)) ++questions;
    if (Is(colon, TokenKind::kColon) && questions-- == 0) break;
  }
  if (colon == range.end) return Expression(range);
  Expression({range.begin, colon});
  Put(colon);
  doc_.Space();
  Expression({colon + 1, range.end});
}

// What is behind an `=`.
void Formatter::Value(Range range) {
  if (range.empty()) return;
  const size_t last = range.end - 1;
  const bool commented = !At(range.begin).above.empty() || !At(range.begin - 1).trailing.empty();
  const bool literal = IsOpening(range.begin) && !Is(range.begin, TokenKind::kLeftParen) && At(range.begin).match == last;
  if (literal && !commented) {  // it has brackets of its own to break at
    doc_.Space();
    return Expression(range);
  }
  doc_.OpenValue(IsClosing(last) && !commented && Loosest(range).level == 0);
  Expression(range, false);
  doc_.CloseValue();
}

}  // namespace moult::lang
