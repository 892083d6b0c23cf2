#include "lang/ir.h"

#include <algorithm>

#include "lang/fuel.h"
#include "lang/function.h"

namespace moult::lang {
namespace {

struct OpInfo {
  const char* text;
  int arity;
  bool fallible;
};

constexpr OpInfo kOps[] = {
#define MOULT_OP(name, text, arity, fallible) {text, arity, fallible != 0},
#include "lang/ops.def"
#undef MOULT_OP
};

// Whether a value of this type is read out of the input when a node yields it, and may then turn out to be none.
bool IsCheckedWhenRead(const TypeTable& types, TypeId type) {
  if (types.IsOptional(type)) type = types[type].element;
  const TypeKind kind = types.kind(type);
  return kind == TypeKind::kInt || kind == TypeKind::kEnum || kind == TypeKind::kTimestamp || kind == TypeKind::kDuration;
}

}  // namespace

const char* OpText(Op op) { return kOps[static_cast<size_t>(op)].text; }
int OpArity(Op op) { return kOps[static_cast<size_t>(op)].arity; }

NodeId Program::Add(Op op, TypeId type, std::span<const NodeId> operand_list, uint64_t imm, SiteId site) {
  Node node{.op = op,
            .type = type,
            .first_operand = static_cast<uint32_t>(operand_pool.size()),
            .operand_count = static_cast<uint32_t>(operand_list.size()),
            .imm = imm,
            .site = site};
  operand_pool.insert(operand_pool.end(), operand_list.begin(), operand_list.end());
  nodes.push_back(node);
  return {static_cast<uint32_t>(nodes.size() - 1)};
}

uint64_t Program::AddString(std::string_view text) {
  auto [entry, is_new] = string_ids_.try_emplace(std::string(text), static_cast<uint32_t>(strings.size()));
  if (is_new) strings.emplace_back(text);
  return entry->second;
}

bool IsComprehension(Op op) { return op >= Op::kExists && op <= Op::kToMap; }

bool ReadsWhole(const Program& program, NodeId id, size_t k) {
  const Node& node = program[id];
  TypeId operand = program[program.operand(id, k)].type;
  if (program.types.IsOptional(operand)) operand = program.types[operand].element;
  if (!program.types.IsComposite(operand)) return false;
  switch (node.op) {
    case Op::kMakeList:
    case Op::kMakeSet:
    case Op::kMakeMap:
    case Op::kMakeRecord:
    case Op::kEq:
    case Op::kNe:
    case Op::kAdd:
    case Op::kCoalesce:
    case Op::kCall:
      return true;
    case Op::kCond:
    case Op::kToList:
    case Op::kToMap:
      return k != 0;
    default:
      return false;
  }
}

bool IsConstantCollection(const Program& program, NodeId id) {
  const Op op = program[id].op;
  if (op != Op::kMakeList && op != Op::kMakeSet) return false;
  const std::span<const NodeId> items = program.operands(id);
  return std::all_of(items.begin(), items.end(), [&](NodeId item) { return program[item].op <= Op::kConstEnum; });
}

bool ReadsInput(const Program& program, NodeId id) {
  const Node& node = program[id];
  for (size_t k = 0; k < node.operand_count; ++k) {
    if (ReadsWhole(program, id, k)) return true;
  }
  switch (node.op) {
    case Op::kField:
    case Op::kIndex:
    case Op::kMapGet:
    case Op::kMapFind:
      return IsCheckedWhenRead(program.types, node.type);
    default:
      break;
  }
  if (!IsComprehension(node.op)) return false;
  const Variables variables = Variables::Of(node.imm);
  const auto is_checked = [&](LocalId local) {
    return local != Variables::kNone && IsCheckedWhenRead(program.types, program.locals[local].type);
  };
  return is_checked(variables.first) || is_checked(variables.second);
}

bool OperationMayFail(const Program& program, NodeId id) {
  const Node& node = program[id];
  switch (node.op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kNeg:
      return node.type != kDoubleType;
    case Op::kCond:
    case Op::kCoalesce: {  // a join of two layouts makes a third
      const bool optional = program.types.IsOptional(node.type);
      return program.types.IsComposite(optional ? program.types[node.type].element : node.type);
    }
    case Op::kLetRef:
      return false;
    case Op::kCall:
      return InfoOf(static_cast<Function>(node.imm)).fails;
    default:
      return kOps[static_cast<size_t>(node.op)].fallible;
  }
}

std::optional<TypeId> TimeResult(Op op, TypeId left, TypeId right) {
  const bool add = op == Op::kAdd;
  if (!add && op != Op::kSub) return std::nullopt;
  if (left == kDurationType && right == kDurationType) return kDurationType;
  if (left == kTimestampType && right == kDurationType) return kTimestampType;
  if (left == kDurationType && right == kTimestampType && add) return kTimestampType;
  if (left == kTimestampType && right == kTimestampType && !add) return kDurationType;
  return std::nullopt;
}

namespace {

// By node: whether it is within the bodies of a comprehension, where operations take fuel. A let's value is not: it is computed once.
std::vector<bool> FindVisited(const Program& program) {
  std::vector<bool> visited(program.nodes.size());
  for (uint32_t k = static_cast<uint32_t>(program.nodes.size()); k-- > 0;) {
    const std::span<const NodeId> operands = program.operands({k});
    const bool visits = IsComprehension(program.nodes[k].op);
    for (size_t i = 0; i < operands.size(); ++i) {
      if (visited[k] || (visits && i > 0)) visited[operands[i].index] = true;
    }
  }
  return visited;
}

}  // namespace

std::vector<bool> MayFail(const Program& program, const ReadMayFail& read_may_fail) {
  const std::vector<bool> visited = FindVisited(program);
  return SpreadFailure(program, [&](NodeId id) {
    return OperationMayFail(program, id) || (visited[id.index] && MayTakeFuel(program, id)) ||
           (ReadsInput(program, id) && (!read_may_fail || read_may_fail(id)));
  });
}

std::vector<bool> SpreadFailure(const Program& program, const std::function<bool(NodeId)>& fails_itself) {
  std::vector<bool> may_fail(program.nodes.size());
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    NodeId id{k};
    const Node& node = program.nodes[k];
    if (node.op == Op::kRender) continue;
    std::span<const NodeId> operands = program.operands(id);
    if (node.op == Op::kIn && IsConstantCollection(program, operands[1])) operands = operands.first(1);
    may_fail[k] = fails_itself(id) ||
                  std::any_of(operands.begin(), operands.end(), [&](NodeId o) { return may_fail[o.index]; }) ||
                  (node.op == Op::kLetRef && may_fail[program.lets[node.imm].value.index]);
  }
  return may_fail;
}

}  // namespace moult::lang
