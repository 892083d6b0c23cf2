// Types.
#include "lang/parser.h"

namespace moult::lang {

TypeExprId Parser::ParseType() {
  const Deeper deeper(*this);
  if (deeper.too_deep()) FailTooDeep(Peek().span, "put the inner types into records of their own");
  TypeExpr type;
  type.name = ParseNameOfModule("a type");
  if (Accept(TokenKind::kLess)) {
    do {
      const TypeExprId argument = ParseType();
      if (argument.valid()) type.arguments.push_back(argument);
    } while (Accept(TokenKind::kComma));
    if (!AcceptGreater()) Fail("`>`");
  }
  if (Accept(TokenKind::kQuestion)) type.optional = true;
  if (At(TokenKind::kQuestion) || At(TokenKind::kCoalesce)) {
    FailAt(Code::kSyntax, Peek().span, "a type is optional once", "write one `?`");
  }
  if (panic_) return {};
  type.span = From(type.name.span.begin);
  ast_.types.push_back(std::move(type));
  return {static_cast<uint32_t>(ast_.types.size() - 1)};
}

// The first character of `>=` too, as in `-> list<int>= []`: the rest is then the next token.
bool Parser::AcceptGreater() {
  if (Accept(TokenKind::kGreater)) return true;
  if (!At(TokenKind::kGreaterEqual)) return false;
  Token& token = tokens_[position_];
  token = {TokenKind::kAssign, false, {token.span.begin + 1, token.span.end}};
  return true;
}

}  // namespace moult::lang
