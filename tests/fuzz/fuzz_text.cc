// Bytes as a policy's text: lexer, parser, formatter.
#include <string>

#include "lang/ast_print.h"
#include "lang/format_tokens.h"
#include "lang/lexer.h"
#include "lang/parse.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/support/formatting.h"

namespace moult::fuzz {

// Tokens lie in order within the text, are not empty, and end.
int FuzzLex(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  lang::Reporter reporter("fuzz.moult", text, 20);
  const lang::TextSpan all{0, static_cast<uint32_t>(size)};
  if (lang::CheckText(text, all, reporter)) {
    lang::Lexer lexer(text, all, reporter);
    uint32_t end = 0;
    for (lang::Token token = lexer.Next(); token.kind != lang::TokenKind::kEnd; token = lexer.Next()) {
      Require(token.span.begin >= end && token.span.end > token.span.begin && token.span.end <= size, "a token out of order", text);
      end = token.span.end;
    }
    Require(lexer.Next().kind == lang::TokenKind::kEnd, "a token after the end", text);
  }
  RequireGoodDiagnostics(reporter.Take(), text);
  return 0;
}

// Whatever the text is there is a tree, which can be printed, and every diagnostic names a place of the text. The header is read as
// the parser reads it.
int FuzzParse(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  lang::Reporter reporter("fuzz.moult", text, 20);
  const lang::Ast ast = lang::Parse(text, {}, reporter);
  lang::Print(ast);
  for (const lang::TextSpan& span : ast.declarations) Require(span.begin <= span.end && span.end <= size, "a declaration outside the text", text);
  const lang::FileHeader header = lang::ReadHeader(text);
  if (!reporter.has_errors()) {
    Require(header.is_module == ast.is_module && header.name.text == ast.policy.text, "the header is another than the parser's", text);
  }
  RequireGoodDiagnostics(reporter.Take(), text);
  return 0;
}

// parse(fmt(x)) is parse(x), with its comments, and fmt(fmt(x)) is fmt(x).
int FuzzFormat(const uint8_t* data, size_t size) {
  const std::string text(AsText(data, size));
  RequireGoodForm(text);
  return 0;
}

}  // namespace moult::fuzz
