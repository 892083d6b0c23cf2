// How rules make a decision.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"
#include "lang/cost.h"
#include "lang/decide.h"

namespace moult::lang {
namespace {

constexpr size_t kMaxTags = 64;       // of one rule
constexpr size_t kMaxEffects = 64;    // likewise
constexpr size_t kMaxArguments = 64;  // of one effect
constexpr size_t kShownRules = 3;

// Whether there are braces around something, as in a reason.
bool LooksLikeTemplate(std::string_view text) {
  const size_t open = text.find('{');
  return open != std::string_view::npos && text.find('}', open) > open + 1 && text.find('}', open) != std::string_view::npos;
}

// Whether the operation itself can err on a request of ordinary size. Left out are Unwrap, since the checker has shown presence; fuel
// and memory; and what a host's struct may hold, which would warn of every rule that looks at an enum.
bool CanErr(const Program& program, NodeId id) {
  const Node& node = program[id];
  switch (node.op) {
    case Op::kUnwrap:
    case Op::kMakeList:
    case Op::kMakeSet:
    case Op::kMakeRecord:
    case Op::kExists:
    case Op::kAll:
    case Op::kExistsOne:
    case Op::kToList:
    case Op::kCond:
    case Op::kCoalesce:
      return false;
    case Op::kAdd:
      return node.type == kIntType;
    default:
      return OperationMayFail(program, id);
  }
}

}  // namespace

void Checker::CheckDecide() {
  verdicts_known_ = ast_.decides.size() == 1 && !ast_.decides[0].broken;
  if (ast_.decides.empty()) {
    if (ast_.incomplete) return;
    return Report(Code::kMissingDecide, ast_.policy.span, "the policy does not say how its rules make a decision",
                  "add `decide severest [allow < block] default allow` or `decide score {>= 50: block} default allow`");
  }
  for (size_t k = 1; k < ast_.decides.size(); ++k) {
    Report(Code::kDuplicateName, ast_.decides[k].span, "a policy has one `decide`, and this is another");
  }
  const DecideDecl& decl = ast_.decides[0];
  if (decl.broken) return;
  Decide& decide = builder_.program().decide;
  decide.mode = *FindDecideMode(decl.mode.text);
  switch (decide.mode) {
    case DecideMode::kScore:
      return CheckScore(decl);
    case DecideMode::kForbidOverrides:
      return CheckVerdicts({{"permit", decl.mode.span}, {"forbid", decl.mode.span}}, decl);
    case DecideMode::kSeverest:
    case DecideMode::kFirstMatch:
      return CheckVerdicts(decl.verdicts, decl);
  }
}

void Checker::CheckVerdicts(const std::vector<Name>& verdicts, const DecideDecl& decl) {
  Decide& decide = builder_.program().decide;
  std::unordered_map<std::string, TextSpan> names;
  for (const Name& name : verdicts) {
    if (CheckFresh(names, name, "the verdict")) AddVerdict(name.text);
  }
  if (std::optional<uint32_t> verdict = FindVerdict(decl.default_verdict)) decide.default_verdict = *verdict;
}

void Checker::CheckScore(const DecideDecl& decl) {
  Decide& decide = builder_.program().decide;
  AddVerdict(decl.default_verdict.text);
  std::vector<ThresholdDecl> thresholds = decl.thresholds;
  std::stable_sort(thresholds.begin(), thresholds.end(),
                   [](const ThresholdDecl& a, const ThresholdDecl& b) { return a.at_least < b.at_least; });
  for (const ThresholdDecl& threshold : thresholds) {
    if (!decide.thresholds.empty() && decide.thresholds.back().at_least == threshold.at_least) {
      Report(Code::kBadDecide, threshold.span,
             fmt::format("there are two verdicts at a score of {}", threshold.at_least));
      continue;
    }
    decide.thresholds.push_back({threshold.at_least, AddVerdict(threshold.verdict.text)});
  }
}

// The verdict's ordinal; one that is known stands once.
uint32_t Checker::AddVerdict(const std::string& name) {
  std::vector<std::string>& verdicts = builder_.program().decide.verdicts;
  const auto [entry, is_new] = verdicts_.try_emplace(name, static_cast<uint32_t>(verdicts.size()));
  if (is_new) verdicts.push_back(name);
  return entry->second;
}

namespace {

// For a word that begins an item or an expectation, where it stands alone and so is taken for a verdict, and for what others call the
// verdicts of forbid_overrides.
std::string HintForVerdict(std::string_view word, DecideMode mode) {
  struct Item {
    std::string_view word, whole;
  };
  if (mode == DecideMode::kForbidOverrides && (word == "deny" || word == "block")) return "did you mean `forbid`?";
  if (mode == DecideMode::kForbidOverrides && (word == "allow" || word == "accept")) return "did you mean `permit`?";
  constexpr Item kItems[] = {{"emit", "`emit NAME(...)`"},     {"emits", "`emits NAME(...)`"}, {"errors", "`errors RULE`"},
                             {"reason", "`reason \"text\"`"},  {"score", "`score 10`"},        {"shadow", "`shadow RULE`"},
                             {"tag", "`tag \"name\"`"},        {"tags", "`tags \"name\"`"}};
  const Item* item = std::ranges::find(kItems, word, &Item::word);
  return item == std::end(kItems) ? std::string() : fmt::format("write {}", item->whole);
}

}  // namespace

std::optional<uint32_t> Checker::FindVerdict(const Name& name) {
  const std::vector<std::string>& verdicts = builder_.program().decide.verdicts;
  if (const auto found = verdicts_.find(name.text); found != verdicts_.end()) return found->second;
  ReportUnknown(Code::kUnknownVerdict, name, fmt::format("{} is no verdict of this policy", Quoted(name.text)),
                {verdicts.begin(), verdicts.end()}, HintForVerdict(name.text, builder_.program().decide.mode));
  return std::nullopt;
}

void Checker::CheckRules() {
  std::unordered_map<std::string, TextSpan> names;
  for (const RuleDecl& decl : ast_.rules) {
    CheckFresh(names, decl.name, "the rule");
    CheckRule(decl);
  }
}

void Checker::CheckRule(const RuleDecl& decl) {
  Rule rule;
  rule.name = decl.name.text;
  rule.site = builder_.AddSite(decl.name.span);
  rule.first_effect = static_cast<uint32_t>(builder_.program().effects.size());
  if (decl.mode.text == "shadow") rule.mode = RuleMode::kShadow;
  if (decl.mode.text == "off") rule.mode = RuleMode::kOff;
  RuleOrigin origin;
  Checked condition = CheckCondition(decl, origin);
  origins_.EndRule(origin);
  OriginRecorder::Pause no_origins(origins_);  // of reasons
  rule.when = Use(condition);
  Assumption assumption(narrowing_, condition.facts.when_true);
  CheckThen(decl, rule);
  rule.fires_on_error = decl.on_error.text.empty() ? FiresOnError(builder_.program().decide, rule) : decl.on_error.text == "fire";
  builder_.program().rules.push_back(std::move(rule));
}

// Under first_match neither firing nor skipping is the safe direction, so the rule should say.
void Checker::WarnOfSilentErrors() {
  const Program& program = builder_.program();
  if (program.decide.mode != DecideMode::kFirstMatch) return;
  const std::vector<bool> may_fail = SpreadFailure(program, [&](NodeId id) { return CanErr(program, id); });
  for (size_t k = 0; k < program.rules.size(); ++k) {
    const Rule& rule = program.rules[k];
    const RuleDecl& decl = ast_.rules[k];
    if (!decl.on_error.text.empty() || !rule.has_verdict || !may_fail[rule.when.index]) continue;
    Report(Code::kOnError, decl.name.span,
           fmt::format("the condition of {} can err, and then the rule is skipped and the next may decide", Quoted(rule.name)),
           fmt::format("say what is meant: `rule {} on_error fire` or `rule {} on_error skip`", rule.name, rule.name));
  }
}

// REQUIRES: there is no error.
void Checker::CheckBudget() {
  for (size_t k = 1; k < ast_.budgets.size(); ++k) {
    Report(Code::kDuplicateName, ast_.budgets[k].span, "a policy has one `budget`, and this is another");
  }
  if (ast_.budgets.empty()) return;
  const BudgetDecl& budget = ast_.budgets[0];
  const Program& program = builder_.program();
  const PolicyCost cost = CostOf(program);
  if (cost.total.bounded() && cost.total.steps <= budget.steps) return;
  std::string dearest;
  for (const uint32_t k : DearestRules(cost, kShownRules)) {
    const Cost& rule = cost.rules[k];
    dearest += fmt::format("{}{} ({})", dearest.empty() ? "" : ", ", Quoted(program.rules[k].name),
                           rule.bounded() ? fmt::format("{}", rule.steps) : "no bound");
  }
  const std::string hint = dearest.empty() ? "" : "the dearest rules are " + dearest;
  if (!cost.total.bounded()) {
    return Report(Code::kBudget, budget.span,
                  fmt::format("the policy's cost has no bound that could be held against a budget: {}", cost.total.unbounded_by), hint);
  }
  Report(Code::kBudget, budget.span,
         fmt::format("the policy may take {} steps, {} more than its budget", cost.total.steps, cost.total.steps - budget.steps),
         hint);
}

// `when a unless b` is `a && !(b)`, and narrows as that does.
Checked Checker::CheckCondition(const RuleDecl& decl, RuleOrigin& origin) {
  if (!decl.when.valid()) return Checked::Bad();
  Checked when = CheckBool(decl.when, "the condition of `when`");
  origin.when = origins_.EndClause(ast_[decl.when]);
  if (!decl.unless.valid()) return when;
  Assumption assumption(narrowing_, when.facts.when_true);
  Checked unless = CheckBool(decl.unless, "the condition of `unless`");
  origin.unless = origins_.EndClause(ast_[decl.unless]);
  if (when.bad || unless.bad) return Checked::Bad();
  TextSpan place = ast_[decl.unless].span;
  Checked unwanted = Make(Op::kNot, kBoolType, {Use(unless)}, place);
  Checked condition = Make(Op::kAnd, kBoolType, {Use(when), Use(unwanted)}, place);
  condition.facts = Facts::And(when.facts, unless.facts.Negated());
  return condition;
}

void Checker::CheckThen(const RuleDecl& decl, Rule& rule) {
  bool has_outcome = false;
  for (const ThenItem& item : decl.then) {
    if (item.kind == ThenItem::Kind::kVerdict || item.kind == ThenItem::Kind::kScore) {
      if (has_outcome) Report(Code::kBadThen, item.span, "a rule has one verdict or score, and this is another");
      if (!has_outcome) CheckOutcome(item, rule);
      has_outcome = true;
    } else if (item.kind == ThenItem::Kind::kTag) {
      AddTag(item, rule);
    } else if (item.kind == ThenItem::Kind::kEmit) {
      CheckEmit(item, rule);
    }
    if (!item.reason.valid()) continue;
    if (rule.reason.valid())
      Report(Code::kBadThen, ast_[item.reason].span, "a rule has one reason, and this is another");
    rule.reason = CheckReason(item.reason);
  }
}

void Checker::AddTag(const ThenItem& item, Rule& rule) {
  if (std::find(rule.tags.begin(), rule.tags.end(), item.name.text) != rule.tags.end()) return;
  if (rule.tags.size() == kMaxTags) {
    return Report(Code::kBadThen, item.span, fmt::format("a rule has at most {} tags", kMaxTags));
  }
  if (LooksLikeTemplate(item.name.text)) {
    Report(Code::kLiteralTag, item.name.span, "a tag is taken literally: what stands in its braces is not computed",
           "name a tag for each value, or say it in the reason");
  }
  rule.tags.push_back(item.name.text);
}

void Checker::CheckOutcome(const ThenItem& item, Rule& rule) {
  if (!verdicts_known_) return;
  bool by_score = builder_.program().decide.mode == DecideMode::kScore;
  if (item.kind == ThenItem::Kind::kVerdict) {
    if (by_score && item.name.text == "score") {
      return Report(Code::kBadThen, item.span, "a score is a whole number written out", "write `then score +10`");
    }
    if (by_score) {
      return Report(Code::kBadThen, item.span,
                    "under `decide score` a rule adds to the score, and the sum picks the verdict",
                    "write `then score +10`");
    }
    std::optional<uint32_t> verdict = FindVerdict(item.name);
    rule.has_verdict = verdict.has_value();
    rule.verdict = verdict.value_or(0);
    return;
  }
  if (!by_score) {
    const Decide& decide = builder_.program().decide;
    return Report(Code::kBadThen, item.span,
                  fmt::format("under `decide {}` a rule gives a verdict, not a score", DecideModeText(decide.mode)),
                  fmt::format("write `then {}`", decide.verdicts.back()));
  }
  if (item.score < -kMaxScore || item.score > kMaxScore) {
    return Report(Code::kScoreRange, item.span, fmt::format("a score is between -{0} and +{0}", kMaxScore));
  }
  rule.score = item.score;
}

// Effects are not declared: the first `emit` of a name says how many arguments it has and of what types, and every other one in the
// policy has to agree.
void Checker::CheckEmit(const ThenItem& item, Rule& rule) {
  Program& program = builder_.program();
  if (rule.effect_count == kMaxEffects) {
    return Report(Code::kBadThen, item.span, fmt::format("a rule emits at most {} effects", kMaxEffects));
  }
  if (item.arguments.size() > kMaxArguments) {
    return Report(Code::kBadThen, item.span, fmt::format("an effect has at most {} arguments", kMaxArguments));
  }
  auto [entry, is_new] = effects_.try_emplace(item.name.text);
  EffectUse& known = entry->second;
  if (is_new) known.arguments.resize(item.arguments.size());
  if (known.arguments.size() != item.arguments.size()) {
    return Report(Code::kWrongArity, item.span,
                  fmt::format("the effect {} has {} arguments here and {} where it is emitted first", Quoted(item.name.text),
                              item.arguments.size(), known.arguments.size()));
  }
  std::vector<NodeId> arguments;
  for (size_t k = 0; k < item.arguments.size(); ++k) {
    const Checked argument = CheckEmitArgument(item, k);
    if (argument.bad) continue;
    std::optional<TypeId>& type = known.arguments[k];
    if (type && *type != argument.type) {
      Report(Code::kType, ast_[item.arguments[k]].span,
             fmt::format("argument {} of the effect {} is {} here and {} where it is emitted first", k + 1, Quoted(item.name.text),
                         ATypeName(argument.type), ATypeName(*type)));
    }
    if (!type) type = argument.type;
    arguments.push_back(Use(argument));
  }
  program.effects.push_back({item.name.text, static_cast<uint32_t>(program.effect_arguments.size()),
                             static_cast<uint32_t>(arguments.size())});
  program.effect_arguments.insert(program.effect_arguments.end(), arguments.begin(), arguments.end());
  ++rule.effect_count;
}

Checked Checker::CheckEmitArgument(const ThenItem& item, size_t index) {
  const ExprId id = item.arguments[index];
  Checked argument = CheckPlain(id);
  if (argument.bad || IsScalar(types().kind(argument.type))) return argument;
  Report(Code::kType, ast_[id].span, fmt::format("an effect cannot take {}", ATypeName(argument.type)),
         "an argument is a scalar: emit the parts that the host needs");
  return Checked::Bad();
}

// A string that cannot fail: what is put into the text is rendered, whatever became of it.
NodeId Checker::CheckReason(ExprId id) {
  const Expr& e = ast_[id];
  if (e.kind == ExprKind::kString) return Use(MakeConstant(kStringType, {.integer = 0, .real = 0, .text = e.text}));
  if (e.kind != ExprKind::kTemplate) return {};
  std::vector<NodeId> parts;
  bool fine = true;
  for (ExprId child : e.children) {
    Checked part = CheckRaw(child);  // a missing value shows as such
    NodeId node = Use(part);
    TypeId type = part.type;
    if (node.valid() && types().IsOptional(type)) type = types()[type].element;
    if (node.valid() && !IsScalar(types().kind(type))) {
      Report(Code::kType, ast_[child].span, fmt::format("{} cannot be put into a reason", ATypeName(part.type)),
             "name one of its fields or its `size`");
      node = {};
    }
    bool literal = ast_[child].kind == ExprKind::kString;
    if (node.valid() && !literal) node = Use(Make(Op::kRender, kStringType, {node}, ast_[child].span));
    fine = fine && node.valid();
    parts.push_back(node);
  }
  return fine ? ConcatReason(parts, e.span) : NodeId{};
}

// Balanced, so that a long text is not a deep one.
NodeId Checker::ConcatReason(std::span<const NodeId> parts, TextSpan place) {
  if (parts.empty()) return Use(MakeConstant(kStringType, {}));
  if (parts.size() == 1) return parts[0];
  NodeId left = ConcatReason(parts.first(parts.size() / 2), place);
  NodeId right = ConcatReason(parts.subspan(parts.size() / 2), place);
  return Use(Make(Op::kAdd, kStringType, {left, right}, place));
}

}  // namespace moult::lang
