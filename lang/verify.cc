// What holds of a program as a whole.
#include <algorithm>

#include "lang/decide.h"
#include "lang/verifier.h"

namespace moult::lang {

void Verifier::CheckTables() {
  if (!Exists(program_.input) || types_.kind(program_.input) != TypeKind::kRecord) Fail("the input is no record");
  for (const Local& local : program_.locals) {
    if (!Exists(local.type)) Fail("local {} has no type", local.name);
  }
  for (const Let& let : program_.lets) {
    if (!Exists(let.type)) Fail("let {} has no type", let.name);
  }
  for (const ListDecl& list : program_.lists) {
    if (!Exists(list.type)) Fail("list {} has no type", list.name);
  }
  for (const SourceDecl& source : program_.sources) {
    bool fine = Exists(source.result) && IsScalar(source.result);
    for (TypeId type : source.parameters) fine = fine && Exists(type) && IsScalar(type);
    if (!fine) Fail("source {} takes or gives what is no scalar", source.name);
  }
  if (program_.sites.empty()) Fail("there is no site 0");
}

void Verifier::FindBinders() {
  binders_.resize(program_.locals.size());
  for (uint32_t k = 0; k < program_.nodes.size(); ++k) {
    const Node& node = program_.nodes[k];
    if (!Binds(node.op)) continue;
    const Variables variables = Variables::Of(node.imm);
    for (LocalId local : {variables.first, variables.second}) {
      if (local == Variables::kNone && local == variables.second) continue;
      if (local >= binders_.size()) return Fail("%{}: binds a local that does not exist", k);
      if (binders_[local].valid()) return Fail("%{}: binds a local that %{} binds too", k, binders_[local].index);
      binders_[local] = {k};
    }
  }
}

void Verifier::Derive(NodeId id) {
  const Node& node = program_[id];
  Facts& facts = facts_[id.index];
  const Variables bound = Binds(node.op) ? Variables::Of(node.imm) : Variables();
  bool operands_total = true;
  for (size_t k = 0; k < node.operand_count; ++k) {
    const Facts& operand = facts_[program_.operand(id, k).index];
    facts.depth = std::max(facts.depth, operand.depth);
    facts.lets_below = std::max(facts.lets_below, operand.lets_below);
    operands_total = operands_total && operand.total_text;
    for (LocalId local : operand.unbound) {
      const bool is_bound = local == bound.first || local == bound.second;
      if (is_bound && k == 0) return Fail("%{}: the value bound to a local uses it", id.index);
      if (!is_bound) facts.unbound.push_back(local);
    }
  }
  if (node.op == Op::kLetRef) {
    facts.depth = facts_[program_.lets[node.imm].value.index].depth;
    facts.lets_below = static_cast<LetId>(node.imm) + 1;
  }
  if (node.op == Op::kLocal) facts.unbound.push_back(static_cast<LocalId>(node.imm));
  std::sort(facts.unbound.begin(), facts.unbound.end());
  facts.unbound.erase(std::unique(facts.unbound.begin(), facts.unbound.end()), facts.unbound.end());
  facts.total_text = node.op == Op::kConstString || node.op == Op::kRender ||
                     (node.op == Op::kAdd && node.type == kStringType && operands_total);
  if (++facts.depth > kMaxDepth) Fail("%{}: deeper than {}", id.index, kMaxDepth);
}

bool Verifier::CheckRoot(NodeId id, TypeId type, const std::string& what) {
  if (id.index >= program_.nodes.size()) {
    Fail("{}: no such node", what);
  } else if (program_[id].type != type) {
    Fail("{}: is {}, not {}", what, types_.Name(program_[id].type), types_.Name(type));
  } else if (!facts_[id.index].unbound.empty()) {
    Fail("{}: uses the local {} outside its scope", what, program_.locals[facts_[id.index].unbound[0]].name);
  }
  return error_.empty();
}

void Verifier::CheckLets() {
  for (LetId k = 0; k < program_.lets.size(); ++k) {
    const Let& let = program_.lets[k];
    if (!CheckRoot(let.value, let.type, "let " + let.name)) return;
    if (facts_[let.value.index].lets_below > k)
      return Fail("let {}: refers to a let that does not come before it", let.name);
  }
}

void Verifier::CheckDecide() {
  const Decide& decide = program_.decide;
  if (decide.default_verdict >= decide.verdicts.size()) Fail("decide: no such default");
  if (decide.mode == DecideMode::kForbidOverrides && !std::ranges::equal(decide.verdicts, kForbidVerdicts)) {
    Fail("decide: the verdicts are not permit and forbid");
  }
  if (decide.mode != DecideMode::kScore && !decide.thresholds.empty()) Fail("decide: thresholds without a score");
  for (size_t k = 0; k < decide.thresholds.size(); ++k) {
    const Threshold& threshold = decide.thresholds[k];
    if (threshold.verdict >= decide.verdicts.size()) Fail("decide: no such verdict");
    if (k > 0 && decide.thresholds[k - 1].at_least >= threshold.at_least) Fail("decide: thresholds do not rise");
  }
}

void Verifier::CheckRules() {
  for (const Rule& rule : program_.rules) {
    if (error_.empty()) CheckRule(rule);
  }
}

void Verifier::CheckRule(const Rule& rule) {
  if (!CheckRoot(rule.when, kBoolType, "rule " + rule.name)) return;
  if (rule.site >= program_.sites.size()) Fail("rule {}: no such site", rule.name);
  if (rule.score < -kMaxScore || rule.score > kMaxScore) Fail("rule {}: score out of range", rule.name);
  if (rule.has_verdict && rule.verdict >= program_.decide.verdicts.size()) Fail("rule {}: no such verdict", rule.name);
  if (rule.has_verdict && program_.decide.mode == DecideMode::kScore) Fail("rule {}: a verdict under score", rule.name);
  if (rule.score != 0 && program_.decide.mode != DecideMode::kScore)
    Fail("rule {}: a score under {}", rule.name, DecideModeText(program_.decide.mode));
  CheckEffects(rule);
  if (!rule.reason.valid() || !CheckRoot(rule.reason, kStringType, "the reason of rule " + rule.name)) return;
  if (!facts_[rule.reason.index].total_text) Fail("the reason of rule {} can fail", rule.name);
}

void Verifier::CheckEffects(const Rule& rule) {
  const size_t effects = program_.effects.size();
  const size_t arguments = program_.effect_arguments.size();
  if (rule.first_effect > effects || rule.effect_count > effects - rule.first_effect) {
    return Fail("rule {}: effects that do not exist", rule.name);
  }
  for (uint32_t k = rule.first_effect; k < rule.first_effect + rule.effect_count; ++k) {
    const Effect& effect = program_.effects[k];
    if (effect.first_argument > arguments || effect.argument_count > arguments - effect.first_argument) {
      return Fail("effect {}: arguments that do not exist", effect.name);
    }
  }
}

// Of all effects, those that no rule has included: code is made for each.
void Verifier::CheckEffectArguments() {
  for (const NodeId argument : program_.effect_arguments) {
    const TypeId type = argument.index < program_.nodes.size() ? program_[argument].type : kBoolType;
    if (!CheckRoot(argument, type, "an argument of an effect")) return;
    if (!IsScalar(type)) return Fail("an argument of an effect is {}, which is no scalar", types_.Name(type));
  }
}

std::optional<std::string> Verify(const Program& program) { return Verifier(program).Run(); }

}  // namespace moult::lang
