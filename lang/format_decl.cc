// Declarations: their blocks cut into fields and clauses.
#include <algorithm>

#include "lang/formatter.h"
#include "lang/parser.h"

namespace moult::lang {

void Formatter::Declaration(Range range) {
  const std::string_view word = At(range.begin).text;
  const size_t brace = Find(range, TokenKind::kLeftBrace);
  if (word == "decide") return Decide(range);
  if (word == "const" || word == "let" || word == "fn") return Definition(range);
  if (word == "input" || word == "record" || word == "enum") {
    Terms({range.begin, brace});
    doc_.Space();
    return Fields(brace, word == "enum", word == "input");
  }
  if (word == "test") return Test(range);
  if (word == "rule") {
    Terms({range.begin, brace});
    doc_.Space();
    return Clauses(brace, {"when", "unless", "then", "on_error"});
  }
  Flat(range);  // policy, list, source
}

// ---- names and types

bool Formatter::SpaceBetween(size_t left, size_t right) const {
  switch (At(right).kind) {
    case TokenKind::kComma: case TokenKind::kColon: case TokenKind::kDot: case TokenKind::kQuestion: case TokenKind::kLess:
    case TokenKind::kGreater: case TokenKind::kLeftParen: case TokenKind::kRightParen: return false;
    default: break;
  }
  switch (At(left).kind) {
    case TokenKind::kDot: case TokenKind::kLess: case TokenKind::kLeftParen: return false;
    default: return true;
  }
}

void Formatter::Flat(Range range) {
  for (size_t i = range.begin; i < range.end; ++i) {
    if (i > range.begin && SpaceBetween(i - 1, i)) doc_.Space();
    Put(i);
  }
}

size_t Formatter::FlatWidth(Range range) const {
  size_t width = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    width += WidthOf(At(i).text) + (i > range.begin && SpaceBetween(i - 1, i) ? 1 : 0);
  }
  return width;
}

// const, let and fn. After a type the lexer may have taken the `=` for a part of `>=`.
void Formatter::Definition(Range range) {
  size_t assign = range.begin;
  while (assign < range.end && !Is(assign, TokenKind::kAssign) && !Is(assign, TokenKind::kGreaterEqual)) assign = Past(assign);
  const size_t open = Find({range.begin, assign}, TokenKind::kLeftParen);
  Flat({range.begin, open});
  if (open < assign) {
    Parameters(open);
    doc_.Space();
    Flat({Past(open), assign});
  }
  if (assign == range.end) return;
  if (Is(assign, TokenKind::kGreaterEqual)) {
    Above(assign);
    doc_.Text(">");
    doc_.Space();
    doc_.Text("=");
    DropComma(assign);
  } else {
    doc_.Space();
    Put(assign);
  }
  Value({assign + 1, range.end});
}

// On one line, or a line each.
void Formatter::Parameters(size_t open) {
  const size_t close = At(open).match;
  doc_.OpenGroup();
  Put(open);
  doc_.Indent();
  doc_.SoftLine();
  bool after_separator = true;
  for (size_t i = open + 1; i < close; ++i) {
    const bool separates = Is(i, TokenKind::kComma) && i + 2 < close && Is(i + 2, TokenKind::kColon);  // not within a type
    if (separates) {
      PutComma(i);
      doc_.Line();
    } else if (Is(i, TokenKind::kComma) && i + 1 == close) {
      DropComma(i);
    } else {
      if (!after_separator && SpaceBetween(i - 1, i)) doc_.Space();
      Put(i);
    }
    after_separator = separates;
  }
  CloseBracket(close, false);
}

// decide severest [a < b] default a
// decide score {>= 5: b} default a
void Formatter::Decide(Range range) {
  for (size_t i = range.begin; i < range.end; i = Past(i)) {
    if (i > range.begin) doc_.Space();
    IsOpening(i) ? Bracket(i, Is(i, TokenKind::kLeftBracket) ? BracketStyle::kCall : BracketStyle::kLiteral) : Put(i);
  }
}

// ---- fields

// Between them stand commas or new lines.
std::vector<Formatter::Range> Formatter::FieldsOf(size_t open, bool of_names) const {
  std::vector<Range> fields;
  const size_t close = At(open).match;
  bool begins = true;
  int depth = 0;  // of `<`
  for (size_t i = open + 1; i < close; i = Past(i)) {
    if (Is(i, TokenKind::kLess)) ++depth;
    if (Is(i, TokenKind::kGreater)) --depth;
    if (depth > 0) continue;
    const bool comma = Is(i, TokenKind::kComma);
    const bool name = Is(i, TokenKind::kIdentifier) && (of_names || Is(i + 1, TokenKind::kColon));
    if (comma || ((begins || name) && !fields.empty() && fields.back().end == close)) fields.back().end = i;
    if (!comma && (begins || name)) fields.push_back({i, close});
    begins = comma;
  }
  return fields;
}

// On one line, or a line each: then types stand below each other, and so do the comments behind them.
void Formatter::Fields(size_t open, bool of_names, bool always_broken) {
  const size_t close = At(open).match;
  const std::vector<Range> fields = FieldsOf(open, of_names);
  const std::vector<Columns> columns = ColumnsOf(fields);
  doc_.OpenGroup();
  Put(open);
  doc_.Indent();
  for (size_t k = 0; k < fields.size(); ++k) {
    always_broken ? doc_.HardLine() : doc_.Line();
    BeginItem(fields[k].begin, k == 0);
    Field(fields[k], columns[k]);
    // `rule` and a name on the next line would begin a declaration.
    const bool keeps_comma = IsDeclarationKeyword(At(fields[k].end - 1).text);
    if (k + 1 < fields.size()) keeps_comma ? doc_.Separator(",") : doc_.IfFlat(",");
    if (Is(fields[k].end, TokenKind::kComma)) DropComma(fields[k].end, columns[k].before_comment);
  }
  CloseBracket(close, !fields.empty());
}

void Formatter::Field(Range field, const Columns& columns) {
  const size_t last = field.end - 1;
  const size_t colon = Find(field, TokenKind::kColon);
  for (size_t i = field.begin; i < field.end; ++i) {
    if (i > field.begin && SpaceBetween(i - 1, i)) doc_.Space();
    if (i == colon + 1) doc_.Pad(columns.before_type);
    Put(i, i == last ? columns.before_comment : 0);
  }
}

// Runs of fields without a blank line or a comment between are aligned; of their comments those on lines that follow each other.
std::vector<Formatter::Columns> Formatter::ColumnsOf(const std::vector<Range>& fields) const {
  std::vector<Columns> columns(fields.size());
  const auto name_width = [&](size_t k) { return FlatWidth({fields[k].begin, Find(fields[k], TokenKind::kColon)}); };
  const auto width = [&](size_t k) { return FlatWidth(fields[k]) + columns[k].before_type; };
  const auto has_comment = [&](size_t k) {
    return !At(fields[k].end - 1).trailing.empty() || (Is(fields[k].end, TokenKind::kComma) && !At(fields[k].end).trailing.empty());
  };
  for (size_t begin = 0, end; begin < fields.size(); begin = end) {
    end = begin + 1;
    while (end < fields.size() && At(fields[end].begin).above.empty() && !At(fields[end].begin).after_blank) ++end;
    size_t names = 0;
    for (size_t k = begin; k < end; ++k) names = std::max(names, name_width(k));
    for (size_t k = begin; k < end; ++k) columns[k].before_type = names - name_width(k);
    for (size_t first = begin, last; first < end; first = std::max(last, first + 1)) {
      size_t widest = 0;
      for (last = first; last < end && has_comment(last); ++last) widest = std::max(widest, width(last));
      for (size_t k = first; k < last; ++k) columns[k].before_comment = widest - width(k);
    }
  }
  return columns;
}

// ---- clauses

// A line each. Words begin one unless they follow a dot.
// Whether what comes behind token i is a name or a value: a keyword there is one of that name.
bool Formatter::WantsName(size_t i) const {
  const bool names = IsWord(i, "because") || IsWord(i, "shadow") || IsWord(i, "errors");
  if (names && !At(i + 1).first_on_line) return true;
  return Is(i, TokenKind::kDot) || Is(i, TokenKind::kComma) || Is(i, TokenKind::kAssign) || IsOperator(i);
}

void Formatter::Clauses(size_t open, const std::vector<std::string_view>& words) {
  const size_t close = At(open).match;
  const auto begins = [&](size_t i) {
    return Is(i, TokenKind::kIdentifier) && !WantsName(i - 1) && std::find(words.begin(), words.end(), At(i).text) != words.end();
  };
  doc_.OpenGroup();
  Put(open);
  doc_.Indent();
  for (size_t i = open + 1; i < close;) {
    const size_t begin = i;
    i = std::min(Past(Past(i)), close);  // a keyword and, whatever it is called, what it is about
    while (i < close && !begins(i)) i = Past(i);
    doc_.HardLine();
    BeginItem(begin, begin == open + 1);
    Clause({begin, i});
  }
  CloseBracket(close, false);
}

// What follows the word that begins it.
void Formatter::Clause(Range range) {
  const std::string_view word = At(range.begin).text;
  Put(range.begin++);
  if (range.empty()) return;
  doc_.Space();
  if (word == "then") return Items(range);
  if (word == "when" || word == "unless") return Expression(range);
  if (word == "expect") return Expectation(range);
  if (word == "given") return Elements(range.begin, BracketStyle::kBlock);
  const size_t assign = Find(range, TokenKind::kAssign);
  Terms({range.begin, assign});
  if (assign == range.end) return;
  doc_.Space();
  Put(assign);
  Value({assign + 1, range.end});
}

// Those of a `then`.
void Formatter::Items(Range range) {
  doc_.OpenGroup();
  doc_.Indent();
  for (const Range& item : SplitAtCommas(range)) {
    Terms(item);
    if (item.end == range.end) continue;
    PutComma(item.end);
    doc_.Line();
  }
  doc_.Dedent();
  doc_.CloseGroup();
}

}  // namespace moult::lang
