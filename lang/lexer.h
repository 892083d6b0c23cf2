// Lexer: text to tokens.
#pragma once

#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/report.h"

namespace moult::lang {

enum class TokenKind : uint8_t {
  kEnd,         // of the text
  kInvalid,     // not a token, or a string without end; has been reported. What follows cannot be trusted
  kBadLiteral,  // a malformed number; has been reported. What follows can be trusted
  kIdentifier,  // keywords too: they are words only where the grammar expects them
  kQuotedName,  // `a-b` in back quotes: what may stand after a dot and is no identifier
  kInt,
  kUint,        // `1u`, which the language does not have
  kDouble,
  kString,
  kBytes,
#define MOULT_TOKEN(name, spelling) k##name,
#include "lang/tokens.def"
#undef MOULT_TOKEN
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool first_on_line = false;  // no other token before it on its line
  TextSpan span;
};

// "`(`" for punctuation, "a name" and the like for the rest: for messages.
std::string_view TokenName(TokenKind kind);

// Whether bytes begin .. end of `text` are UTF-8 and free of characters that cannot be seen, but for the ASCII controls, which the lexer
// judges by where they stand. Reports what is not: of bytes that are not UTF-8 the first only, and then returns false; the text must not
// be lexed.
bool CheckText(std::string_view text, TextSpan range, Reporter& reporter);

// Makes tokens from bytes begin .. end of `text` on demand. Comments and white space are skipped. A raw control character is an error,
// but in a string, as CEL has it, a warning.
// REQUIRES: CheckText(text, range) returned true.
class Lexer {
 public:
  Lexer(std::string_view text, TextSpan range, Reporter& reporter)
      : text_(text.substr(0, range.end)), position_(range.begin), reporter_(reporter) {}

  // kEnd at and after the end.
  Token Next();

 private:
  bool SkipSpace();  // returns whether a newline was passed
  bool SkipSpaceCharacter(bool* newline);
  TokenKind NextKind();
  TokenKind Number();
  TokenKind DecimalNumber();
  TokenKind FinishNumber(TokenKind kind, uint32_t begin);
  TokenKind String(uint32_t begin);
  TokenKind QuotedName();
  // The first control character in begin .. end, if any.
  void ReportControl(Code code, uint32_t begin, uint32_t end);
  TokenKind UnterminatedString(uint32_t begin, uint32_t body, bool triple);
  TokenKind Punctuation();
  TokenKind BadOperator(uint32_t length, const char* hint);
  TokenKind BadCharacter();
  size_t StringPrefix() const;
  char At(size_t offset) const { return position_ + offset < text_.size() ? text_[position_ + offset] : '\0'; }
  void SkipWord();

  std::string_view text_;  // up to the end of the range
  uint32_t position_;
  Reporter& reporter_;
};

}  // namespace moult::lang
