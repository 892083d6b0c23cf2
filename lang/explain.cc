#include "lang/explain.h"

#include <algorithm>

#include "lang/interpret.h"
#include "lang/value_text.h"

namespace moult::lang {
namespace {

using State = ExplainedExpression::State;

class Explainer {
 public:
  Explainer(const Program& program, const Origins& origins, const Trace& trace, const EvalInput& input)
      : program_(program), origins_(origins), trace_(trace), input_(input) {
    input_.observer = nullptr;  // constants are looked at, not evaluated by the request
  }

  Explanation Run(const Outcome& outcome) {
    result_.expressions.resize(origins_.all.size());
    for (OriginId id = 0; id < origins_.all.size(); ++id) Describe(id);
    for (ExplainedExpression& expression : result_.expressions) MarkAbsorbed(expression);
    for (uint32_t k = 0; k < program_.rules.size(); ++k) result_.rules.push_back(DescribeRule(k, outcome));
    return std::move(result_);
  }

 private:
  // Also of a collection whose items are.
  bool IsConstant(NodeId id) const {
    const Op op = program_[id].op;
    const std::span<const NodeId> items = program_.operands(id);
    return op <= Op::kNone || ((op == Op::kMakeSet || op == Op::kMakeList) &&
                               std::all_of(items.begin(), items.end(), [this](NodeId item) { return IsConstant(item); }));
  }

  void Describe(OriginId id) {
    const Origin& origin = origins_.all[id];
    ExplainedExpression& expression = result_.expressions[id];
    expression.file = origin.place.file;
    expression.begin = origin.place.begin;
    expression.end = origin.place.end;
    expression.anchor = origin.anchor;
    expression.literal = origin.literal;
    expression.condition = origin.condition;
    expression.parts = origin.parts;
    if (!origin.node.valid()) return;
    const Node& node = program_[origin.node];
    expression.type = program_.types.Name(node.type);
    if (node.op == Op::kLetRef) expression.parts.push_back(origins_.lets[node.imm]);
    if (const Trace::Entry* entry = trace_.Find(origin.node)) {
      expression.evaluations = entry->evaluations;
      expression.seen_true = entry->seen_true;
      expression.seen_false = entry->seen_false;
      SetValue(entry->last, node.type, expression);
    } else if (IsConstant(origin.node)) {
      SetValue(InterpretNode(program_, input_, origin.node), node.type, expression);
    }
  }

  void SetValue(const Evaluated& value, TypeId type, ExplainedExpression& expression) const {
    expression.state = value ? State::kValue : State::kError;
    expression.value = value ? ValueText(program_.types, type, *value) : ErrorText(value.error().kind);
  }

  void MarkAbsorbed(const ExplainedExpression& expression) {
    if (expression.state != State::kValue) return;
    for (const uint32_t part : expression.parts) {
      ExplainedExpression& below = result_.expressions[part];
      below.absorbed = below.absorbed || below.state == State::kError;
    }
  }

  ExplainedRule DescribeRule(uint32_t index, const Outcome& outcome) const {
    const Rule& rule = program_.rules[index];
    const auto contains = [index](const std::vector<uint32_t>& rules) {
      return std::binary_search(rules.begin(), rules.end(), index);
    };
    ExplainedRule result;
    result.name = rule.name;
    result.begin = program_.sites[rule.site].begin;
    result.live = rule.mode == RuleMode::kLive;
    result.off = rule.mode == RuleMode::kOff;
    result.evaluated = trace_.Find(rule.when) != nullptr && !result.off;
    result.fired = contains(outcome.fired) || contains(outcome.shadow_fired);
    result.when = origins_.rules[index].when;
    result.unless = origins_.rules[index].unless;
    for (const RuleError& error : outcome.errors) {
      if (error.rule == index) result.error = ErrorText(error.error.kind);
    }
    return result;
  }

  const Program& program_;
  const Origins& origins_;
  const Trace& trace_;
  EvalInput input_;
  Explanation result_;
};

}  // namespace

Explanation Explain(const Program& program, const Origins& origins, const Trace& trace, const EvalInput& input,
                    const Outcome& outcome) {
  return Explainer(program, origins, trace, input).Run(outcome);
}

}  // namespace moult::lang
