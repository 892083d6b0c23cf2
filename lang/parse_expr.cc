// Expressions from `?:` down to `.`, by the precedence of CEL, with `??` between the relations and `+`:
//
//   ?:  ||  &&  < <= > >= == != in  ??  + -  * / %  ! -  . [] ()
//
// `??` and `?:` associate to the right, the others to the left; `??` binds looser than arithmetic, so that `a ?? 0 + 1` is
// `a ?? (0 + 1)`, and tighter than relations, so that `a ?? 0 > 5` is `(a ?? 0) > 5`.
#include <algorithm>

#include "lang/parser.h"

namespace moult::lang {

// INVARIANT(bounded-tree): no expression is higher than limits_.nesting.
ExprId Parser::Add(Expr expr) {
  uint32_t height = 1;
  for (ExprId child : expr.children) height = std::max(height, heights_[child.index] + 1);
  if (height > limits_.nesting && expr.kind != ExprKind::kError) {
    FailTooDeep(expr.name_span.end != 0 ? expr.name_span : expr.span);
    return AddError(expr.span);
  }
  ast_.exprs.push_back(std::move(expr));
  heights_.push_back(height);
  return {static_cast<uint32_t>(ast_.exprs.size() - 1)};
}

ExprId Parser::AddError(TextSpan span) { return Add({.kind = ExprKind::kError, .span = span}); }

ExprId Parser::Binary(const Token& op, ExprId left, ExprId right) {
  return Add({.kind = ExprKind::kBinary,
              .text = std::string(TextOf(op.span)),
              .children = {left, right},
              .span = {SpanOf(left).begin, SpanOf(right).end},
              .name_span = op.span});
}

ExprId Parser::ParseExpr() {
  const Deeper deeper(*this);
  if (deeper.too_deep()) FailTooDeep(Peek().span);
  if (panic_) return AddError(Peek().span);
  const ExprId condition = ParseLogic(TokenKind::kOr);
  if (panic_) return AddError(SpanOf(condition));  // of what cannot be read to its end no part is checked
  if (!At(TokenKind::kQuestion)) return condition;
  const Token question = Advance();
  const ExprId then = ParseExpr();
  Expect(TokenKind::kColon);
  const ExprId otherwise = ParseExpr();
  if (panic_) return AddError({SpanOf(condition).begin, SpanOf(otherwise).end});
  return Add({.kind = ExprKind::kConditional,
              .children = {condition, then, otherwise},
              .span = {SpanOf(condition).begin, SpanOf(otherwise).end},
              .name_span = question.span});
}

// `||` of `&&` of relations. Policies chain hundreds of conditions: these two operators are associative in value and in the error
// that they report, so their chains become trees of logarithmic height.
ExprId Parser::ParseLogic(TokenKind op) {
  std::vector<ExprId> operands;
  std::vector<Token> operators;
  for (;;) {
    operands.push_back(op == TokenKind::kOr ? ParseLogic(TokenKind::kAnd) : ParseRelation());
    if (!At(op)) break;
    operators.push_back(Advance());
  }
  return Balanced(operands, operators, 0, operands.size());
}

// Operator i stands between the operands i and i + 1. Three operands give (a b) c.
ExprId Parser::Balanced(const std::vector<ExprId>& operands, const std::vector<Token>& operators, size_t begin, size_t end) {
  if (end - begin == 1) return operands[begin];
  const size_t middle = begin + (end - begin + 1) / 2;
  const ExprId left = Balanced(operands, operators, begin, middle);
  const ExprId right = Balanced(operands, operators, middle, end);
  return Binary(operators[middle - 1], left, right);
}

ExprId Parser::ParseRelation() {
  ExprId left = ParseCoalesce();
  while (At(TokenKind::kLess) || At(TokenKind::kLessEqual) || At(TokenKind::kGreater) || At(TokenKind::kGreaterEqual) ||
         At(TokenKind::kEqual) || At(TokenKind::kNotEqual) || AtWord("in")) {
    const Token op = Advance();
    left = Binary(op, left, ParseCoalesce());
  }
  return left;
}

ExprId Parser::ParseCoalesce() {
  std::vector<ExprId> operands{ParseAdditive()};
  std::vector<Token> operators;
  while (At(TokenKind::kCoalesce)) {
    operators.push_back(Advance());
    operands.push_back(ParseAdditive());
  }
  ExprId right = operands.back();
  for (size_t i = operators.size(); i-- > 0;) right = Binary(operators[i], operands[i], right);
  return right;
}

ExprId Parser::ParseAdditive() {
  ExprId left = ParseMultiplicative();
  while (At(TokenKind::kPlus) || At(TokenKind::kMinus)) {
    const Token op = Advance();
    left = Binary(op, left, ParseMultiplicative());
  }
  return left;
}

ExprId Parser::ParseMultiplicative() {
  ExprId left = ParseUnary();
  while (At(TokenKind::kStar) || At(TokenKind::kSlash) || At(TokenKind::kPercent)) {
    const Token op = Advance();
    left = Binary(op, left, ParseUnary());
  }
  return left;
}

ExprId Parser::ParseUnary() {
  std::vector<Token> operators;
  while (At(TokenKind::kNot) || At(TokenKind::kMinus)) {
    const TokenKind next = Peek(1).kind;
    if (At(TokenKind::kMinus) && (next == TokenKind::kInt || next == TokenKind::kDouble)) break;  // a literal's sign
    operators.push_back(Advance());
  }
  ExprId operand = ParsePostfix();
  for (size_t i = operators.size(); i-- > 0 && !panic_;) {
    const TextSpan op = operators[i].span;
    operand = Add({.kind = ExprKind::kUnary,
                   .text = std::string(TextOf(op)),
                   .children = {operand},
                   .span = {op.begin, SpanOf(operand).end},
                   .name_span = op});
  }
  return operand;
}

ExprId Parser::ParsePostfix() {
  ExprId object = ParsePrimary();
  while (At(TokenKind::kDot) || At(TokenKind::kLeftBracket)) {
    if (At(TokenKind::kDot)) {
      object = ParseMember(object);
      continue;
    }
    const Token open = Advance();
    const ExprId index = ParseExpr();
    ExpectClosing(TokenKind::kRightBracket, open);
    object = Add({.kind = ExprKind::kIndex, .children = {object, index}, .span = From(SpanOf(object).begin), .name_span = open.span});
  }
  return object;
}

// .name, .`name` or .name(arguments)
ExprId Parser::ParseMember(ExprId object) {
  Advance();
  Expr member{.kind = ExprKind::kSelect, .children = {object}};
  const bool quoted = At(TokenKind::kQuotedName);
  Name name = quoted ? ParseQuotedName() : ParseMemberName("a name after `.`");
  member.text = std::move(name.text);
  member.name_span = name.span;
  if (!quoted && At(TokenKind::kLeftParen)) {
    member.kind = ExprKind::kMethod;
    const Token open = Advance();
    ParseElements(TokenKind::kRightParen, open, false, member.children);
  }
  member.span = From(SpanOf(object).begin);
  if (panic_) return AddError(member.span);
  return Add(std::move(member));
}

void Parser::ParseElements(TokenKind close, const Token& open, bool trailing_comma, std::vector<ExprId>& elements) {
  if (!At(close)) {
    do {
      elements.push_back(ParseExpr());
    } while (Accept(TokenKind::kComma) && !(trailing_comma && At(close)));
  }
  ExpectClosing(close, open, "`,` or ");
}

}  // namespace moult::lang
