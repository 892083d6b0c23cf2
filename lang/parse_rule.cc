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
    const std::string_view nearest = At(TokenKind::kIdentifier) ? Nearest(TextOf(Peek().span), {"default"}) : std::string_view();
    if (!AcceptWord("default")) Fail("`default`", nearest.empty() ? "" : "did you mean `default`?");
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
  if (At(TokenKind::kString)) Fail("a rule's name", "a rule's name stands without quotes: `rule too_many`");
  rule.name = ParseMemberName("a rule's name");
  while (AtWord("mode") || AtWord("on_error")) ParseRuleOption(rule);
  ParseRuleBody(rule);
  rule.span = From(word.span.begin);
  Keep(std::move(rule), ast_.rules, ast_.lost_rule);
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
  const std::string_view option = TextOf(open.span);
  if (option == "shadow" || option == "off" || option == "live") Fail("`{`", fmt::format("write `mode {}`", option));
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
    if (AtWord("then")) reporter_.Report(Code::kSyntax, Advance().span, "`then` stands twice", "leave one out");
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

namespace {

bool IsOutcome(const ThenItem& item) { return item.kind == ThenItem::Kind::kVerdict || item.kind == ThenItem::Kind::kScore; }

}  // namespace

void Parser::ParseThen(RuleDecl& rule) {
  do {
    ThenItem item = ParseThenItem(std::any_of(rule.then.begin(), rule.then.end(), IsOutcome));
    if (item.span.end != 0) rule.then.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  if (panic_ || At(TokenKind::kRightBrace) || AtWord("when") || AtWord("unless") || AtWord("then") || AtWord("on_error")) return;
  Fail("`,` or `}`", At(TokenKind::kPlus) ? "a reason takes values in braces, \"... {value} ...\"" : "");
}

// Whether nothing follows this word that could be a part of the item that it begins: then it may be a verdict of that name.
bool Parser::IsWholeItem() const {
  const Token& next = Peek(1);
  return next.kind == TokenKind::kComma || next.kind == TokenKind::kRightBrace || next.kind == TokenKind::kEnd ||
         next.kind == TokenKind::kString || AtWord("when", 1) || AtWord("unless", 1) || AtWord("then", 1) || AtWord("on_error", 1);
}

// Nothing, with an empty span, if it cannot be read. `has_outcome`: of the rule, by an item before.
ThenItem Parser::ParseThenItem(bool has_outcome) {
  ThenItem item;
  const Token word = Peek();
  const bool text = Peek(1).kind == TokenKind::kString;
  if (AtWord("score") && !IsWholeItem()) {
    Advance();
    if (!At(TokenKind::kPlus) && !At(TokenKind::kMinus) && !At(TokenKind::kInt)) {
      Fail("a whole number written out", "a score is not computed: write `score +10`, and a rule for each score");
    }
    item.kind = ThenItem::Kind::kScore;
    item.score = ParseSignedInt();
    if (At(TokenKind::kString)) item.reason = ParseReason();
  } else if (AtWord("tag") && (text || has_outcome || !IsWholeItem())) {
    Advance();
    item.kind = ThenItem::Kind::kTag;
    item.name = ParseText("a tag in quotes");
  } else if (AtWord("reason") && (text || has_outcome || !IsWholeItem())) {
    Advance();
    item.kind = ThenItem::Kind::kReason;
    text ? static_cast<void>(item.reason = ParseReason()) : Fail("a reason in quotes");
  } else if (AtWord("emit") && (has_outcome || !IsWholeItem())) {
    ParseEmit(item);
  } else {
    item.name = ParseName("a verdict, `score`, `tag`, `reason` or `emit`");
    if (panic_) return {};
    if (At(TokenKind::kString)) item.reason = ParseReason();
  }
  if (panic_ && !item.reason.valid()) return {};
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
