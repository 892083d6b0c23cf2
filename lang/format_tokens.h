// Tokens with what the parser has no use for: comments and blank lines.
#pragma once

#include <string_view>
#include <vector>

#include "lang/lexer.h"

namespace moult::lang {

struct Comment {
  std::string_view text;      // from `//`, without blanks at its end
  bool after_blank = false;   // a blank line stands before it
};

struct FormatToken {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  uint32_t begin = 0;                      // in the source
  bool first_on_line = false;              // no other token before it on its line
  bool after_blank = false;                // a blank line stands before it
  std::vector<Comment> above;              // comments on lines of their own
  std::vector<std::string_view> trailing;  // behind it on its line; a second one goes to a line of its own
  size_t match = 0;                        // of a bracket: the index of its counterpart
};

// Of brackets.
constexpr bool IsOpening(TokenKind kind) {
  return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}
constexpr bool IsClosing(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

// All tokens of `text`, the last of kind kEnd. Views are into `text`.
// REQUIRES: `text` parses without errors.
std::vector<FormatToken> FormatTokens(std::string_view text, Reporter& reporter);

}  // namespace moult::lang
