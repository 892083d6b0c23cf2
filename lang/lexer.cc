#include "lang/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lang/literal.h"
#include "lang/utf8.h"

namespace moult::lang {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

constexpr std::string_view kSpellings[] = {
#define MOULT_TOKEN(name, spelling) spelling,
#include "lang/tokens.def"
#undef MOULT_TOKEN
};
// Of ASCII; a tab is none, and nor is the end of a line.
bool IsControl(std::string_view text, size_t i) {
  const char c = text[i];
  const bool line_end = c == '\n' || (c == '\r' && text.substr(i + 1, 1) == "\n");
  return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && c != '\t' && !line_end;
}

constexpr size_t kFirstPunctuation = static_cast<size_t>(TokenKind::kBytes) + 1;

constexpr std::string_view kTokenNames[] = {
    "the end of the file", "this", "a number", "a name", "a name in back quotes", "an integer", "an unsigned integer", "a number", "a string", "bytes",
#define MOULT_TOKEN(name, spelling) "`" spelling "`",
#include "lang/tokens.def"
#undef MOULT_TOKEN
};

const char* HintForCharacter(char32_t c) {
  switch (c) {
    case '&': return "write `&&`";
    case '|': return "write `||`";
    case '#': return "a comment starts with `//`";
    case ';': return "declarations and clauses end without `;`";
    case '\\': return "an escape belongs in a string";
    case 0x2018: case 0x2019: case 0x201C: case 0x201D: return "write plain quotes, `\"` or `'`";
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212: return "write `-`";
    case 0xA0: case 0x2002: case 0x2003: case 0x2007: case 0x2009: case 0x202F: case 0x3000: return "write a blank";
    default: return c >= 0x80 ? "names are made of ASCII letters, digits and `_`" : "";
  }
}

// What to write for an operator of other languages; null for anything else.
const char* HintForOperator(std::string_view text) {
  if (text == "=~" || text == "!~") return "write `s.matches(r\"pattern\")`";
  if (text == "<>") return "write `!=`";
  if (text == "/*") return "a comment starts with `//` and ends with its line";
  return nullptr;
}

// A dash or blank that ASCII does not have, and that is hard to tell from one that it has.
bool IsDashOrBlank(char32_t c) {
  constexpr std::string_view kHints[] = {"write `-`", "write a blank"};
  return c >= 0x80 && std::find(std::begin(kHints), std::end(kHints), HintForCharacter(c)) != std::end(kHints);
}

void ReportUnprintable(Code code, uint32_t value, TextSpan span, Reporter& reporter) {
  const std::string escape = value < 0x80 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{:04x}", value);
  reporter.Report(code, span, fmt::format("character U+{:04X} is not visible", value),
                  fmt::format("delete it; in a string write `{}`", escape));
}

}  // namespace

std::string_view TokenName(TokenKind kind) { return kTokenNames[static_cast<size_t>(kind)]; }

bool CheckText(std::string_view text, TextSpan range, Reporter& reporter) {
  text = text.substr(0, range.end);
  for (size_t i = range.begin; i < text.size();) {
    const unsigned char byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {  // nearly all of it
      ++i;
      continue;
    }
    const CodePoint c = DecodeUtf8(text, i);
    const TextSpan span{static_cast<uint32_t>(i), static_cast<uint32_t>(i + c.length)};
    if (!c.valid) {
      reporter.Report(Code::kNotUtf8, span, fmt::format("byte 0x{:02x} is not valid UTF-8", byte),
                      "save the file as UTF-8");
      return false;
    }
    const bool byte_order_mark = i == range.begin && c.value == 0xFEFF;
    if (IsUnprintable(c.value) && !byte_order_mark) ReportUnprintable(Code::kBadCharacter, c.value, span, reporter);
    i += c.length;
  }
  return true;
}

Token Lexer::Next() {
  Token token;
  const bool at_start = position_ == 0 || text_[position_ - 1] == '\n';  // of a file
  token.first_on_line = SkipSpace() || at_start;
  token.span.begin = position_;
  token.kind = position_ < text_.size() ? NextKind() : TokenKind::kEnd;
  token.span.end = position_;
  return token;
}

bool Lexer::SkipSpace() {
  bool newline = false;
  while (position_ < text_.size()) {
    if (At(0) == '/' && At(1) == '/') {
      const size_t end = text_.find('\n', position_);
      const uint32_t begin = position_;
      position_ = static_cast<uint32_t>(std::min(end, text_.size()));
      ReportControl(Code::kBadCharacter, begin, position_);
    } else if (!SkipSpaceCharacter(&newline)) {
      break;
    }
  }
  return newline;
}

bool Lexer::SkipSpaceCharacter(bool* newline) {
  const char c = At(0);
  if (c > ' ' && c < 0x7F) return false;
  const CodePoint point = DecodeUtf8(text_, position_);
  if (point.value != ' ' && !IsUnprintable(point.value)) return false;  // what is not printable and not ASCII was reported by CheckText
  if (c != '\f' && c != '\r') ReportControl(Code::kBadCharacter, position_, position_ + 1);  // those two are white space in CEL
  *newline = *newline || c == '\n';
  position_ += point.length;
  return true;
}

TokenKind Lexer::NextKind() {
  const char c = At(0);
  if (IsDigit(c) || (c == '.' && IsDigit(At(1)))) return Number();
  const uint32_t begin = position_;
  position_ += StringPrefix();
  if (At(0) == '"' || At(0) == '\'') return String(begin);
  position_ = begin;
  if (c == '`') return QuotedName();
  if (!IsWordStart(c)) return Punctuation();
  SkipWord();
  return TokenKind::kIdentifier;
}

void Lexer::SkipWord() {
  while (IsWord(At(0))) ++position_;
}

// The length of `r`, `b`, `rb` or `br` in either case.
size_t Lexer::StringPrefix() const {
  const auto is = [this](size_t i, char lower) { return At(i) == lower || At(i) == lower - 'a' + 'A'; };
  if (!is(0, 'r') && !is(0, 'b')) return 0;
  return (is(0, 'r') && is(1, 'b')) || (is(0, 'b') && is(1, 'r')) ? 2 : 1;
}

TokenKind Lexer::Number() {
  const uint32_t begin = position_;
  if (At(0) == '0' && (At(1) == 'x' || At(1) == 'X')) {
    position_ += 2;
    const uint32_t digits = position_;
    while (IsHexDigit(At(0))) ++position_;
    return FinishNumber(position_ == digits ? TokenKind::kBadLiteral : TokenKind::kInt, begin);
  }
  return FinishNumber(DecimalNumber(), begin);
}

TokenKind Lexer::DecimalNumber() {
  TokenKind kind = TokenKind::kInt;
  while (IsDigit(At(0))) ++position_;
  if (At(0) == '.' && IsDigit(At(1))) {  // not the dot of `1.size()`
    kind = TokenKind::kDouble;
    ++position_;
    while (IsDigit(At(0))) ++position_;
  }
  if (At(0) == 'e' || At(0) == 'E') {
    const size_t sign = At(1) == '+' || At(1) == '-' ? 1 : 0;
    if (IsDigit(At(1 + sign))) {
      kind = TokenKind::kDouble;
      position_ += 1 + sign;
      while (IsDigit(At(0))) ++position_;
    }
  }
  return kind;
}

TokenKind Lexer::FinishNumber(TokenKind kind, uint32_t begin) {
  if (kind == TokenKind::kInt && (At(0) == 'u' || At(0) == 'U') && !IsWord(At(1))) {
    ++position_;
    return TokenKind::kUint;
  }
  if (kind != TokenKind::kBadLiteral && !IsWord(At(0))) return kind;
  SkipWord();
  reporter_.Report(Code::kBadNumber, {begin, position_},
                   fmt::format("{} is not a number", Quoted(text_.substr(begin, position_ - begin))));
  return TokenKind::kBadLiteral;
}

// At the opening quote; the prefix began at `begin`.
TokenKind Lexer::String(uint32_t begin) {
  const StringShape shape = ShapeOf(text_.substr(begin));
  const char quote = At(0);
  const bool triple = shape.quotes == 3;
  position_ += shape.quotes;
  const uint32_t body = position_;
  for (;; ++position_) {
    if (position_ >= text_.size() || (!triple && (At(0) == '\n' || At(0) == '\r'))) return UnterminatedString(begin, body, triple);
    if (At(0) == quote && (!triple || (At(1) == quote && At(2) == quote))) break;
    if (At(0) == '\\' && !shape.raw && position_ + 1 < text_.size() && (triple || At(1) != '\n')) ++position_;
  }
  ReportControl(Code::kControlCharacter, body, position_);
  position_ += shape.quotes;
  return shape.bytes ? TokenKind::kBytes : TokenKind::kString;
}

// One that ends its line is skipped to the end of the line, a triple-quoted one to the end of the text.
TokenKind Lexer::UnterminatedString(uint32_t begin, uint32_t body, bool triple) {
  reporter_.Report(Code::kUnterminatedString, {begin, body}, "this string has no end",
                   triple ? "close it with three quotes" : "close it on its line; a string over several lines has three quotes");
  return TokenKind::kInvalid;
}

void Lexer::ReportControl(Code code, uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; ++i) {
    if (IsControl(text_, i)) return ReportUnprintable(code, static_cast<unsigned char>(text_[i]), {i, i + 1}, reporter_);
  }
}

// Letters, digits and `_.-/ `, as CEL has it.
TokenKind Lexer::QuotedName() {
  const uint32_t begin = position_++;
  while (IsWord(At(0)) || (At(0) != '\0' && std::string_view("_.-/ ").find(At(0)) != std::string_view::npos)) ++position_;
  if (At(0) == '`' && position_ > begin + 1) {
    ++position_;
    return TokenKind::kQuotedName;
  }
  reporter_.Report(Code::kBadCharacter, {begin, begin + 1}, "this back quote begins no name",
                   "a name in back quotes is made of letters, digits, blanks and `_.-/`, and ends with a back quote");
  return TokenKind::kInvalid;
}

TokenKind Lexer::Punctuation() {
  const std::string_view rest = text_.substr(position_, 2);
  if (const char* hint = HintForOperator(rest); hint != nullptr) return BadOperator(2, hint);
  size_t best = std::size(kSpellings);
  for (size_t i = 0; i < std::size(kSpellings); ++i) {
    const bool longer = best == std::size(kSpellings) || kSpellings[i].size() > kSpellings[best].size();
    if (longer && rest.substr(0, kSpellings[i].size()) == kSpellings[i]) best = i;
  }
  if (best == std::size(kSpellings)) return BadCharacter();
  position_ += static_cast<uint32_t>(kSpellings[best].size());
  return static_cast<TokenKind>(kFirstPunctuation + best);
}

// One of other languages.
TokenKind Lexer::BadOperator(uint32_t length, const char* hint) {
  const TextSpan span{position_, position_ + length};
  position_ += length;
  reporter_.Report(Code::kBadCharacter, span, fmt::format("there is no {}", Quoted(text_.substr(span.begin, length))), hint);
  return TokenKind::kInvalid;
}

// One report for a run of letters of another alphabet.
TokenKind Lexer::BadCharacter() {
  const uint32_t begin = position_;
  const CodePoint first = DecodeUtf8(text_, position_);
  position_ += first.length;
  if (IsDashOrBlank(first.value)) {
    reporter_.Report(Code::kBadCharacter, {begin, position_},
                     fmt::format("unexpected {}, U+{:04X}", Quoted(text_.substr(begin, position_ - begin)),
                                 static_cast<uint32_t>(first.value)),
                     HintForCharacter(first.value));
    return TokenKind::kInvalid;
  }
  while (first.value >= 0x80 && position_ < text_.size() && (At(0) & 0x80 || IsWord(At(0)))) {
    position_ += DecodeUtf8(text_, position_).length;
  }
  reporter_.Report(Code::kBadCharacter, {begin, position_},
                   fmt::format("unexpected {}", Quoted(text_.substr(begin, position_ - begin))),
                   HintForCharacter(first.value));
  return TokenKind::kInvalid;
}

}  // namespace moult::lang
