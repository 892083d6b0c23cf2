#include "lang/format_tokens.h"

#include <algorithm>
#include <iterator>

namespace moult::lang {
namespace {

std::string_view WithoutBlanksAtEnd(std::string_view line) {
  const size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Hands the comments of the white space `gap` out: on the line of `previous` to it, the others to `next`.
void ReadGap(std::string_view gap, FormatToken* previous, FormatToken& next) {
  size_t lines = 0;  // ends of lines since the token or comment before
  for (size_t i = 0; i < gap.size(); ++i) {
    if (gap[i] == '\n') ++lines;
    if (gap[i] != '/') continue;
    const std::string_view rest = gap.substr(i, gap.find('\n', i) - i);
    if (previous != nullptr && lines == 0 && next.above.empty()) {
      previous->trailing.push_back(WithoutBlanksAtEnd(rest));
    } else {
      next.above.push_back({WithoutBlanksAtEnd(rest), lines > 1});
    }
    i += rest.size() - 1;
    lines = 0;
  }
  next.after_blank = lines > 1;
}

void MatchBrackets(std::vector<FormatToken>& tokens) {
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsOpening(tokens[i].kind)) open.push_back(i);
    if (!IsClosing(tokens[i].kind) || open.empty()) continue;
    tokens[i].match = open.back();
    tokens[open.back()].match = i;
    open.pop_back();
  }
}

// A comma is written where its list wants one: comments above it belong to what follows, and so does one behind it where the token
// before has one.
void MoveCommentsOfCommas(std::vector<FormatToken>& tokens) {
  for (size_t i = 1; i + 1 < tokens.size(); ++i) {
    FormatToken& comma = tokens[i];
    if (comma.kind != TokenKind::kComma) continue;
    if (!comma.above.empty() || !tokens[i - 1].trailing.empty()) {
      for (std::string_view text : comma.trailing) comma.above.push_back({text});
      comma.trailing.clear();
    }
    std::vector<Comment>& next = tokens[i + 1].above;
    next.insert(next.begin(), comma.above.begin(), comma.above.end());
    comma.above.clear();
  }
}

}  // namespace

std::vector<FormatToken> FormatTokens(std::string_view text, Reporter& reporter) {
  std::vector<FormatToken> tokens;
  Lexer lexer(text, {0, static_cast<uint32_t>(text.size())}, reporter);
  size_t end = 0;
  do {
    const Token token = lexer.Next();
    FormatToken next{.kind = token.kind,
                     .text = text.substr(token.span.begin, token.span.end - token.span.begin),
                     .begin = token.span.begin,
                     .first_on_line = token.first_on_line};
    ReadGap(text.substr(end, token.span.begin - end), tokens.empty() ? nullptr : &tokens.back(), next);
    end = token.span.end;
    tokens.push_back(std::move(next));
  } while (tokens.back().kind != TokenKind::kEnd);
  MoveCommentsOfCommas(tokens);
  MatchBrackets(tokens);
  return tokens;
}

}  // namespace moult::lang
