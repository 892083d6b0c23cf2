// Tests in the policy's file.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "lang/formatter.h"

namespace moult::lang {

// test "name" for (parameters) in [
//   (values) expect ... expect ...,
// ] {
void Formatter::Test(Range range) {
  size_t i = range.begin;
  while (i < range.end && !IsOpening(i)) {
    if (i > range.begin) doc_.Space();
    Put(i++);
  }
  if (Is(i, TokenKind::kLeftParen)) {
    doc_.Space();
    Parameters(i);
    i = Past(i);
    for (; i < range.end && !IsOpening(i); ++i) {
      doc_.Space();
      Put(i);
    }
    doc_.Space();
    Rows(i);
    i = Past(i);
  }
  doc_.Space();
  Clauses(i, {"given", "with", "expect"});
}

// A line each. A comma before anything but a row or the end is one within a row.
void Formatter::Rows(size_t open) {
  const size_t close = At(open).match;
  doc_.OpenGroup();
  Put(open);
  doc_.Indent();
  size_t begin = open + 1;
  for (size_t i = begin; i < close; i = Past(i)) {
    const bool comma = Is(i, TokenKind::kComma) && (Is(i + 1, TokenKind::kLeftParen) || i + 1 == close);
    const size_t end = comma ? i : Past(i);
    if (!comma && end != close) continue;
    doc_.HardLine();
    BeginItem(begin, begin == open + 1);
    doc_.OpenGroup();
    Bracket(begin, BracketStyle::kCall);
    doc_.Indent();
    for (size_t from = Past(begin); from < end;) {
      size_t to = from + 1;
      while (to < end && !BeginsExpectation(to)) to = Past(to);
      doc_.Line();
      Clause({from, to});
      from = to;
    }
    doc_.Dedent();
    doc_.CloseGroup();
    doc_.Separator(",");
    if (comma) DropComma(i);
    begin = i + 1;
  }
  CloseBracket(close, false);
}

// Whether the word is no name: after these words, and after a comma, one is expected.
bool Formatter::BeginsExpectation(size_t i) const {
  if (!IsWord(i, "expect") || Is(i - 1, TokenKind::kComma)) return false;
  constexpr std::string_view kBeforeNames[] = {"expect", "because", "shadow", "errors", "emits"};
  return std::none_of(std::begin(kBeforeNames), std::end(kBeforeNames), [&](std::string_view word) { return IsWord(i - 1, word); });
}

// block because a, b
//   not because c
void Formatter::Expectation(Range range) {
  doc_.OpenGroup();
  doc_.Indent();
  for (size_t i = range.begin; i < range.end; ++i) {
    if (Is(i, TokenKind::kComma)) {
      PutComma(i);
      doc_.Line();
      continue;
    }
    if (Is(i, TokenKind::kLeftParen)) {  // emits name(...)
      Bracket(i, BracketStyle::kCall);
      i = Past(i) - 1;
      continue;
    }
    const bool sign = i > range.begin && (Is(i - 1, TokenKind::kMinus) || Is(i - 1, TokenKind::kPlus));
    const bool after_comma = i > range.begin && Is(i - 1, TokenKind::kComma);
    const bool because = IsWord(i, "not") || (IsWord(i, "because") && !IsWord(i - 1, "not"));
    if (i > range.begin && !sign && !after_comma) because ? doc_.Line() : doc_.Space();
    Put(i);
  }
  doc_.Dedent();
  doc_.CloseGroup();
}

}  // namespace moult::lang
