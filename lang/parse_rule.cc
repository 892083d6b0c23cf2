// `decide` and rules.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lang/decide.h"
#include "lang/literal.h"
#include "lang/parser.h"

namespace moult::lang {

void Parser::ParseDecide() {
  const Token word = Advance();
  DecideDecl decide;
  decide.mode = ParseOneOf({"severest", "first_match", "forbid_overrides", "score"});
  const std::optional<DecideMode> mode = FindDecideMode(decide.mode.text);
  if (mode) {
    ParseVerdicts(*mode, decide);
  } else {
    decide.broken = true;
  }
  if (!decide.broken) {
    ExpectWord("default");
    decide.default_verdict = ParseName("a verdict");
  }
  decide.broken = decide.broken || panic_;
  decide.span = From(word.span.begin);
  if (decide.broken) SkipToDeclaration();
  ast_.decides.push_back(std::move(decide));
}

void Parser::ParseVerdicts(DecideMode mode, DecideDecl& decide) {
  switch (mode) {
    case DecideMode::kSeverest:
      return ParseVerdictList(TokenKind::kLess, "order the verdicts from the least to the most severe, `[allow < block]`",
                              decide);
    case DecideMode::kFirstMatch:
      return ParseVerdictList(TokenKind::kComma, "the order is that of the rules: separate the verdicts by commas", decide);
    case DecideMode::kScore:
      return ParseThresholds(decide);
    case DecideMode::kForbidOverrides:
      return;  // its verdicts are always the same
  }
}

// [allow < review < block] or [allow, review, block]
void Parser::ParseVerdictList(TokenKind separator, std::string_view hint, DecideDecl& decide) {
  const Token open = Peek();
  Expect(TokenKind::kLeftBracket);
  do {
    decide.verdicts.push_back(ParseName("a verdict"));
  } while (Accept(separator));
  if (At(TokenKind::kComma) || At(TokenKind::kGreater) || At(TokenKind::kLess)) {
    return Fail(fmt::format("{} or `]`", TokenName(separator)), std::string(hint));
  }
  ExpectClosing(TokenKind::kRightBracket, open);
}

// {>= 100: block, >= 40: challenge}
void Parser::ParseThresholds(DecideDecl& decide) {
  const Token open = Peek();
  Expect(TokenKind::kLeftBrace);
  while (!panic_ && !At(TokenKind::kRightBrace)) {
    ThresholdDecl threshold;
    const uint32_t begin = Peek().span.begin;
    Expect(TokenKind::kGreaterEqual);
    threshold.at_least = ParseSignedInt();
    Expect(TokenKind::kColon);
    threshold.verdict = ParseName("a verdict");
    threshold.span = From(begin);
    decide.thresholds.push_back(std::move(threshold));
    if (!Accept(TokenKind::kComma)) break;
  }
  ExpectClosing(TokenKind::kRightBrace, open);
}

int64_t Parser::ParseSignedInt() {
  const uint32_t begin = Peek().span.begin;
  const bool negative = At(TokenKind::kMinus);
  if (negative || At(TokenKind::kPlus)) Advance();
  const uint64_t magnitude = ParseCount();
  if (magnitude <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
  }
  if (negative) return std::numeric_limits<int64_t>::min();
  const TextSpan span = From(begin);
  reporter_.Report(Code::kNumberRange, span, fmt::format("{} is too large", Quoted(TextOf(span))));
  return 0;
}

void Parser::ParseRule() {
  const Token word = Advance();
  RuleDecl rule;
  rule.name = ParseMemberName("a rule's name");
  while (AtWord("mode") || AtWord("on_error")) ParseRuleOption(rule);
  ParseRuleBody(rule);
  rule.span = From(word.span.begin);
  if (!rule.name.text.empty()) ast_.rules.push_back(std::move(rule));
}

// mode live|shadow|off, on_error fire|skip
void Parser::ParseRuleOption(RuleDecl& rule) {
  const Token word = Advance();
  const bool is_mode = TextOf(word.span) == "mode";
  Name& option = is_mode ? rule.mode : rule.on_error;
  if (!option.text.empty()) {
    reporter_.Report(Code::kDuplicateClause, word.span, fmt::format("this rule has {} already", Quoted(TextOf(word.span))));
  }
  option = is_mode ? ParseOneOf({"live", "shadow", "off"}) : ParseOneOf({"fire", "skip"});
}

// Empty after an error.
Name Parser::ParseOneOf(const std::vector<std::string_view>& words) {
  std::string expected = fmt::format("`{}`", words[0]);
  for (size_t i = 1; i < words.size(); ++i) expected += fmt::format("{}`{}`", i + 1 < words.size() ? ", " : " or ", words[i]);
  Name name = ParseMemberName(expected);
  if (panic_ || std::find(words.begin(), words.end(), name.text) != words.end()) return name;
  const std::string_view nearest = Nearest(name.text, words);
  reporter_.Report(Code::kSyntax, name.span, fmt::format("expected {}, found {}", expected, Quoted(name.text)),
                   nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  return {};
}

void Parser::ParseRuleBody(RuleDecl& rule) {
  const Token open = Peek();
  if (!Expect(TokenKind::kLeftBrace)) return;
  const uint32_t depth = brace_depth_;
  bool whole = true;
  while (!At(TokenKind::kRightBrace) && Peek().kind != TokenKind::kEnd && !AtDeclaration()) {
    ParseClause(rule);
    if (!panic_) continue;
    whole = false;
    RecoverClause(depth, {"when", "unless", "then"});
  }
  if (ExpectClosing(TokenKind::kRightBrace, open) && whole) ReportMissingClauses(rule);
}

void Parser::ReportMissingClauses(const RuleDecl& rule) {
  if (!rule.when.valid()) {
    reporter_.Report(Code::kMissingClause, rule.name.span, fmt::format("rule {} has no `when`", Quoted(rule.name.text)),
                     "write `when true` for a rule that always fires");
  }
  if (rule.then_span.end == 0) {
    reporter_.Report(Code::kMissingClause, rule.name.span, fmt::format("rule {} has no `then`", Quoted(rule.name.text)),
                     "write `then VERDICT \"reason\"` or `then score +10`");
  }
}

void Parser::ParseClause(RuleDecl& rule) {
  const Token word = Peek();
  if (AcceptWord("when")) {
    ParseCondition(rule.when, word);
  } else if (AcceptWord("unless")) {
    ParseCondition(rule.unless, word);
  } else if (AcceptWord("then")) {
    if (rule.then_span.end != 0) {
      reporter_.Report(Code::kDuplicateClause, word.span, "this rule has a `then` already", "separate its items by commas");
    }
    rule.then_span = word.span;
    ParseThen(rule);
  } else if (AtWord("on_error")) {
    ParseRuleOption(rule);
  } else {
    const std::string_view text = TextOf(word.span);
    const std::string_view nearest = text == "if" ? "when" : Nearest(text, {"when", "unless", "then", "on_error"});
    Fail("`when`, `unless`, `then` or `}`", nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }
}

void Parser::ParseCondition(ExprId& condition, const Token& word) {
  if (condition.valid()) {
    const std::string_view text = TextOf(word.span);
    reporter_.Report(Code::kDuplicateClause, word.span, fmt::format("this rule has {} `{}` already", text == "when" ? "a" : "an", text),
                     "join the conditions with `&&` or `||`");
  }
  condition = ParseExpr();
  if (panic_ || At(TokenKind::kRightBrace) || AtWord("when") || AtWord("unless") || AtWord("then") || AtWord("on_error")) return;
  Fail("an operator, `unless`, `then` or `}`");
  condition = AddError(ast_[condition].span);  // what was read is not what was meant: `when n = 4`
}

void Parser::ParseThen(RuleDecl& rule) {
  do {
    ThenItem item = ParseThenItem();
    if (item.span.end != 0) rule.then.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  if (panic_ || At(TokenKind::kRightBrace) || AtWord("when") || AtWord("unless") || AtWord("then") || AtWord("on_error")) return;
  Fail("`,` or `}`", At(TokenKind::kPlus) ? "a reason takes values in braces, \"... {value} ...\"" : "");
}

// Nothing, with an empty span, if it cannot be read.
ThenItem Parser::ParseThenItem() {
  ThenItem item;
  const Token word = Peek();
  const TokenKind next = Peek(1).kind;
  const bool number = next == TokenKind::kPlus || next == TokenKind::kMinus || next == TokenKind::kInt;
  const bool text = next == TokenKind::kString;
  if (AtWord("score") && number) {
    Advance();
    item.kind = ThenItem::Kind::kScore;
    item.score = ParseSignedInt();
    if (At(TokenKind::kString)) item.reason = ParseReason();
  } else if (AtWord("tag") && text) {
    Advance();
    item.kind = ThenItem::Kind::kTag;
    item.name = ParseText("a tag in quotes");
  } else if (AtWord("reason") && text) {
    Advance();
    item.kind = ThenItem::Kind::kReason;
    item.reason = ParseReason();
  } else if (AtWord("emit") && next == TokenKind::kIdentifier) {
    ParseEmit(item);
    if (panic_) return {};
  } else {
    item.name = ParseName("a verdict, `score`, `tag`, `reason` or `emit`");
    if (panic_) return {};
    if (At(TokenKind::kString)) item.reason = ParseReason();
  }
  item.span = From(word.span.begin);
  return item;
}

// emit name(arguments)
void Parser::ParseEmit(ThenItem& item) {
  Advance();
  item.kind = ThenItem::Kind::kEmit;
  item.name = ParseMemberName("the name of an effect");
  const Token open = Peek();
  if (Expect(TokenKind::kLeftParen)) ParseElements(TokenKind::kRightParen, open, /*trailing_comma=*/false, item.arguments);
}

}  // namespace moult::lang
