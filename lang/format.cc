#include "lang/format.h"

#include "lang/formatter.h"
#include "lang/parse.h"

namespace moult::lang {

std::vector<size_t> Formatter::FindAll(Range range, TokenKind kind) const {
  std::vector<size_t> found;
  for (size_t i = range.begin; i < range.end; i = Past(i)) {
    if (Is(i, kind)) found.push_back(i);
  }
  return found;
}

size_t Formatter::Find(Range range, TokenKind kind) const {
  const std::vector<size_t> found = FindAll(range, kind);
  return found.empty() ? range.end : found.front();
}

// What stands between the commas; nothing after a last comma.
std::vector<Formatter::Range> Formatter::SplitAtCommas(Range range) const {
  std::vector<Range> parts;
  size_t begin = range.begin;
  for (size_t comma : FindAll(range, TokenKind::kComma)) {
    parts.push_back({begin, comma});
    begin = comma + 1;
  }
  if (begin < range.end) parts.push_back({begin, range.end});
  return parts;
}

void Formatter::Above(size_t i) {
  if (i == begun_) return;
  for (const Comment& comment : At(i).above) doc_.CommentAbove(comment.text);
}

void Formatter::Put(size_t i, size_t pad) {
  Above(i);
  doc_.Text(At(i).text);
  for (std::string_view comment : At(i).trailing) doc_.CommentBehind(comment, pad);
}

void Formatter::PutComma(size_t i) {
  doc_.Separator(At(i).text);
  DropComma(i);
}

void Formatter::DropComma(size_t i, size_t pad) {
  for (std::string_view comment : At(i).trailing) doc_.CommentBehind(comment, pad);
}

void Formatter::BeginItem(size_t i, bool first) {
  begun_ = i;
  for (const Comment& comment : At(i).above) {
    if (comment.after_blank && !first) doc_.BlankLine();
    doc_.CommentAbove(comment.text);
    first = false;
  }
  if (At(i).after_blank && !first) doc_.BlankLine();
}

void Formatter::CloseBracket(size_t close, bool blank) {
  for (const Comment& comment : At(close).above) {  // as a member
    doc_.HardLine();
    if (comment.after_blank && !IsOpening(close - 1)) doc_.BlankLine();
    doc_.CommentAbove(comment.text);
  }
  doc_.Dedent();
  blank ? doc_.Line() : doc_.SoftLine();
  begun_ = close;
  Put(close);
  doc_.CloseGroup();
}

void Formatter::File(const std::vector<TextSpan>& declarations) {
  size_t i = 0;
  for (const TextSpan& span : declarations) {
    Range range{i, i};
    while (range.end + 1 < tokens_.size() && At(range.end).begin < span.end) ++range.end;
    i = range.end;
    if (range.empty()) continue;
    doc_.HardLine();
    BeginItem(range.begin, range.begin == 0);
    Declaration(range);
  }
  doc_.HardLine();
  BeginItem(i, i == 0);  // the end of the file: comments
}

std::string Format(std::string_view text, const CompileLimits& limits, Reporter& reporter) {
  const Ast ast = Parse(text, limits, reporter);
  if (reporter.has_errors()) return {};
  const std::vector<FormatToken> tokens = FormatTokens(text, reporter);
  FormatDoc doc;
  Formatter(tokens, doc).File(ast.declarations);
  return doc.Render(kFormatWidth);
}

}  // namespace moult::lang
