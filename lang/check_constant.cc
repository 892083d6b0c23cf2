// Constants that are more than a literal: a closed expression is computed by the interpreter while compiling.
#include <fmt/format.h>

#include "lang/checker.h"
#include "lang/interpret.h"
#include "lang/regex.h"

namespace moult::lang {
namespace {

constexpr uint64_t kConstantFuel = 1'000'000;  // of all constants of a policy together

// Whether nothing below the node needs a request; collects the regular expressions that it uses.
bool NeedsNoRequest(const Program& program, NodeId root, std::vector<RegexId>& regexes) {
  std::vector<bool> seen(program.nodes.size());
  std::vector<NodeId> open = {root};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (seen[id.index]) continue;
    seen[id.index] = true;
    const Node& node = program[id];
    if (node.op == Op::kInput || node.op == Op::kLetRef || node.op == Op::kListData || node.op == Op::kCallSource) return false;
    if (node.op == Op::kMatches) regexes.push_back(static_cast<RegexId>(node.imm));
    const std::span<const NodeId> operands = program.operands(id);
    open.insert(open.end(), operands.begin(), operands.end());
  }
  return true;
}

Constant ToConstant(TypeKind kind, const Value& value) {
  if (kind == TypeKind::kTimestamp) return ConstantOf(value.timestamp());
  if (kind == TypeKind::kIp) return ConstantOf(value.ip());
  return {value.integer, value.real, std::string(value.text)};
}

}  // namespace

// As a constant, if one of its type can be written; as it is otherwise. Bad when it needs a request, or computing it gives an error;
// reports.
Checked Checker::FoldClosed(Checked value, const Name& name, TextSpan place) {
  const Program& program = builder_.program();
  std::vector<RegexId> used;
  if (value.bad || value.is_constant()) return value;
  if (!NeedsNoRequest(program, value.node, used)) {
    Report(Code::kNotConstant, place, fmt::format("the value of {} is no constant", Quoted(name.text)),
           "use `let` for what is computed while a request is decided");
    return Checked::Bad();
  }
  std::vector<std::unique_ptr<const Regex>> regexes;
  std::vector<const void*> resources(program.regexes.size());
  for (const RegexId id : used) {
    std::string error;
    regexes.push_back(Regex::Create(program.regexes[id], &error));
    resources[id] = regexes.back().get();
  }
  Arena arena;
  const Evaluated result =
      InterpretNode(program, {.resources = resources.data(), .arena = &arena, .fuel = kConstantFuel / ast_.consts.size()}, value.node);
  if (!result) {
    Report(Code::kNotConstant, place, fmt::format("the value of {} is no constant: {}", Quoted(name.text), ErrorText(result.error().kind)));
    return Checked::Bad();
  }
  const TypeKind kind = types().kind(value.type);
  if (IsScalar(kind)) return MakeConstant(value.type, ToConstant(kind, *result));
  if (kind != TypeKind::kList && kind != TypeKind::kSet) return value;
  const TypeKind element = types().kind(types()[value.type].element);
  if (!IsScalar(element)) return value;
  Checked folded;
  folded.type = value.type;
  folded.items.emplace();
  for (size_t k = 0; k < CollectionSize(*result); ++k) folded.items->push_back(ToConstant(element, ReadElement(*result, k).value()));
  return folded;
}

}  // namespace moult::lang
