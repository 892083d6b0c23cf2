#include "lang/conditions.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "lang/fuel.h"

namespace moult::lang {
namespace {

using Claim = Conditions::Claim;

Op Swapped(Op op) {
  switch (op) {
    case Op::kLt:
      return Op::kGt;
    case Op::kLe:
      return Op::kGe;
    case Op::kGt:
      return Op::kLt;
    case Op::kGe:
      return Op::kLe;
    default:
      return op;
  }
}

Op Negated(Op op) {
  switch (op) {
    case Op::kEq:
      return Op::kNe;
    case Op::kNe:
      return Op::kEq;
    case Op::kLt:
      return Op::kGe;
    case Op::kLe:
      return Op::kGt;
    case Op::kGt:
      return Op::kLe;
    default:
      return Op::kLt;
  }
}

// What is known of one value: the range of a number, and which constants it may and may not be (by their numbers).
struct Domain {
  int64_t least = std::numeric_limits<int64_t>::min();
  int64_t most = std::numeric_limits<int64_t>::max();
  double above = -std::numeric_limits<double>::infinity();
  double below = std::numeric_limits<double>::infinity();
  bool above_itself = true, below_itself = true;  // whether the bound is in the range
  std::optional<std::set<uint32_t>> allowed;
  std::set<uint32_t> excluded;
};

// One conjunction, as far as it has been taken apart. Copied where it branches.
class Assumptions {
 public:
  Assumptions(const Program& program, const Conditions& conditions, int64_t* budget)
      : program_(program), conditions_(conditions), budget_(budget) {}

  // False when the claim contradicts what was assumed before.
  bool Add(Claim claim);
  // Whether some choice of a branch for each alternative does not contradict.
  bool Satisfiable();

 private:
  bool AddAtom(Claim claim);
  bool AddComparison(Op op, NodeId left, NodeId right);
  bool AddInt(Op op, Domain& domain, int64_t value);
  bool AddDouble(Op op, Domain& domain, double value);
  bool AddEquality(Op op, Domain& domain, NodeId constant);
  bool AddMembership(NodeId item, NodeId collection, bool truth);
  bool Allow(Domain& domain, const std::set<uint32_t>& constants);
  bool IsConstant(NodeId id) const;
  Domain& DomainOf(NodeId id);

  const Program& program_;
  const Conditions& conditions_;
  int64_t* budget_;
  std::map<uint32_t, Domain> domains_;  // by number
  std::map<uint32_t, bool> truths_;     // likewise
  std::map<uint32_t, int64_t> ints_;    // of int constants, by number
  std::vector<std::pair<Claim, Claim>> alternatives_;
};

bool Assumptions::IsConstant(NodeId id) const {
  switch (program_[id].op) {
    case Op::kConstBool:
    case Op::kConstInt:
    case Op::kConstDouble:
    case Op::kConstString:
    case Op::kConstEnum:
      return true;
    default:
      return false;
  }
}

Domain& Assumptions::DomainOf(NodeId id) {
  const auto [entry, is_new] = domains_.try_emplace(conditions_.number(id));
  if (is_new && program_[id].op == Op::kSize) entry->second.least = 0;
  return entry->second;
}

bool Assumptions::Add(Claim claim) {
  if (--*budget_ < 0) return true;
  claim.node = conditions_.Meaning(claim.node);
  const Node& node = program_[claim.node];
  switch (node.op) {
    case Op::kConstBool:
      return (node.imm != 0) == claim.truth;
    case Op::kNot:
      return Add({program_.operand(claim.node, 0), !claim.truth});
    case Op::kAnd:
    case Op::kOr: {
      const Claim left{program_.operand(claim.node, 0), claim.truth};
      const Claim right{program_.operand(claim.node, 1), claim.truth};
      if ((node.op == Op::kAnd) == claim.truth) return Add(left) && Add(right);
      alternatives_.emplace_back(left, right);
      return true;
    }
    default:
      return conditions_.may_fail(claim.node) || AddAtom(claim);
  }
}

bool Assumptions::AddAtom(Claim claim) {
  const auto [known, is_new] = truths_.try_emplace(conditions_.number(claim.node), claim.truth);
  if (!is_new && known->second != claim.truth) return false;
  const Node& node = program_[claim.node];
  if (node.op == Op::kIn) {
    return AddMembership(conditions_.Meaning(program_.operand(claim.node, 0)), conditions_.Meaning(program_.operand(claim.node, 1)),
                         claim.truth);
  }
  if (!IsComparison(node.op)) return true;
  NodeId left = conditions_.Meaning(program_.operand(claim.node, 0));
  NodeId right = conditions_.Meaning(program_.operand(claim.node, 1));
  const bool swap = IsConstant(left) && !IsConstant(right);
  if (swap) std::swap(left, right);
  const Op op = swap ? Swapped(node.op) : node.op;
  const bool real = program_[left].type == kDoubleType || program_[right].type == kDoubleType;
  if (claim.truth) return AddComparison(op, left, right);
  // Not `<` is `>=` but for NaN.
  return (real && op != Op::kEq && op != Op::kNe) || AddComparison(Negated(op), left, right);
}

bool Assumptions::AddComparison(Op op, NodeId left, NodeId right) {
  const TypeId type = program_[left].type;
  const TypeKind kind = program_.types.kind(type);
  if (type != program_[right].type) return true;
  const bool can_be_unequal_to_itself =
      kind != TypeKind::kBool && kind != TypeKind::kInt && kind != TypeKind::kString && kind != TypeKind::kEnum;
  if (conditions_.number(left) == conditions_.number(right) && !can_be_unequal_to_itself) {
    return op == Op::kEq || op == Op::kLe || op == Op::kGe;
  }
  if (!IsConstant(right)) return true;
  const Node& constant = program_[right];
  Domain& domain = DomainOf(left);
  if (IsConstant(left) && kind == TypeKind::kInt) domain.least = domain.most = static_cast<int64_t>(program_[left].imm);
  if (IsConstant(left) && kind == TypeKind::kDouble)
    domain.above = domain.below = std::bit_cast<double>(program_[left].imm);
  if (IsConstant(left) && !Allow(domain, {conditions_.number(left)})) return false;
  switch (kind) {
    case TypeKind::kInt:
      ints_[conditions_.number(right)] = static_cast<int64_t>(constant.imm);
      return AddInt(op, domain, static_cast<int64_t>(constant.imm)) && AddEquality(op, domain, right);
    case TypeKind::kDouble:
      return AddDouble(op, domain, std::bit_cast<double>(constant.imm));
    case TypeKind::kBool:
    case TypeKind::kString:
    case TypeKind::kEnum:
      return AddEquality(op, domain, right);
    default:
      return true;
  }
}

bool Assumptions::AddInt(Op op, Domain& domain, int64_t value) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
  if ((op == Op::kLt && value == kLeast) || (op == Op::kGt && value == kMost)) return false;
  if (op == Op::kEq || op == Op::kGe) domain.least = std::max(domain.least, value);
  if (op == Op::kGt) domain.least = std::max(domain.least, value + 1);
  if (op == Op::kEq || op == Op::kLe) domain.most = std::min(domain.most, value);
  if (op == Op::kLt) domain.most = std::min(domain.most, value - 1);
  if (op == Op::kNe && domain.least == value && domain.most > value) ++domain.least;
  if (op == Op::kNe && domain.most == value && domain.least < value) --domain.most;
  if (domain.least > domain.most) return false;
  if (domain.allowed) {
    std::erase_if(*domain.allowed, [&](uint32_t number) {
      const auto known = ints_.find(number);
      return known != ints_.end() && (known->second < domain.least || known->second > domain.most);
    });
    if (domain.allowed->empty()) return false;
  }
  if (domain.least != domain.most) return true;
  return std::none_of(domain.excluded.begin(), domain.excluded.end(),
                      [&](uint32_t number) {
                        const auto known = ints_.find(number);
                        return known != ints_.end() && known->second == domain.least;
                      }) &&
         !(op == Op::kNe && domain.least == value);
}

bool Assumptions::AddDouble(Op op, Domain& domain, double value) {
  const bool strict = op == Op::kLt || op == Op::kGt;
  if (op == Op::kEq || op == Op::kGe || op == Op::kGt) {
    if (value > domain.above) domain.above_itself = !strict;
    if (value == domain.above) domain.above_itself = domain.above_itself && !strict;
    domain.above = std::max(domain.above, value);
  }
  if (op == Op::kEq || op == Op::kLe || op == Op::kLt) {
    if (value < domain.below) domain.below_itself = !strict;
    if (value == domain.below) domain.below_itself = domain.below_itself && !strict;
    domain.below = std::min(domain.below, value);
  }
  if (op == Op::kNe && domain.above == value && domain.below == value) return false;
  return domain.above < domain.below || (domain.above == domain.below && domain.above_itself && domain.below_itself);
}

bool Assumptions::AddEquality(Op op, Domain& domain, NodeId constant) {
  const uint32_t number = conditions_.number(constant);
  if (op == Op::kEq) return Allow(domain, {number});
  if (op != Op::kNe) return true;
  domain.excluded.insert(number);
  if (domain.allowed) domain.allowed->erase(number);
  return !domain.allowed || !domain.allowed->empty();
}

bool Assumptions::Allow(Domain& domain, const std::set<uint32_t>& constants) {
  std::set<uint32_t> both;
  for (uint32_t number : constants) {
    const auto value = ints_.find(number);
    const bool in_range = value == ints_.end() || (value->second >= domain.least && value->second <= domain.most);
    if (in_range && !domain.excluded.contains(number) && (!domain.allowed || domain.allowed->contains(number)))
      both.insert(number);
  }
  domain.allowed = std::move(both);
  return !domain.allowed->empty();
}

bool Assumptions::AddMembership(NodeId item, NodeId collection, bool truth) {
  const Op op = program_[collection].op;
  const TypeKind kind = program_.types.kind(program_[item].type);
  const bool by_identity =
      kind == TypeKind::kInt || kind == TypeKind::kString || kind == TypeKind::kEnum || kind == TypeKind::kBool;
  if ((op != Op::kMakeList && op != Op::kMakeSet) || !by_identity) return true;
  std::set<uint32_t> constants;
  for (NodeId element : program_.operands(collection)) {
    if (!IsConstant(element)) return true;
    if (kind == TypeKind::kInt) ints_[conditions_.number(element)] = static_cast<int64_t>(program_[element].imm);
    constants.insert(conditions_.number(element));
  }
  Domain& domain = DomainOf(item);
  if (truth) return Allow(domain, constants);
  domain.excluded.insert(constants.begin(), constants.end());
  if (!domain.allowed) return true;
  std::erase_if(*domain.allowed, [&](uint32_t number) { return constants.contains(number); });
  return !domain.allowed->empty();
}

bool Assumptions::Satisfiable() {
  if (*budget_ < 0) return true;
  if (alternatives_.empty()) return true;
  const auto [left, right] = alternatives_.back();
  alternatives_.pop_back();
  for (const Claim& choice : {left, right}) {
    *budget_ -= static_cast<int64_t>(domains_.size() + truths_.size());  // the copy
    Assumptions branch = *this;
    if (branch.Add(choice) && branch.Satisfiable()) return true;
  }
  return false;
}

}  // namespace

Conditions::Conditions(const Program& program)
    : program_(program), may_fail_(SpreadFailure(program, [&](NodeId id) {
        return program[id].op != Op::kUnwrap && OperationMayFail(program, id);
      })) {
  arguments_.resize(program.locals.size());
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    if (program.nodes[k].op == Op::kBind) arguments_[program.nodes[k].imm] = program.operand({k}, 0);
  }
  Number();
}

void Conditions::Number() {
  using Key = std::tuple<Op, uint32_t, uint64_t, std::vector<uint32_t>>;
  std::map<Key, uint32_t> known;
  numbers_.resize(program_.nodes.size());
  for (uint32_t k = 0; k < program_.nodes.size(); ++k) {
    const Node& node = program_.nodes[k];
    if (const NodeId meaning = Meaning({k}); meaning.index != k) {  // which comes before
      numbers_[k] = numbers_[meaning.index];
      continue;
    }
    std::vector<uint32_t> operands;
    for (NodeId operand : program_.operands({k})) operands.push_back(numbers_[operand.index]);
    Op op = node.op;
    if (op == Op::kGt || op == Op::kGe) {
      op = Swapped(op);
      std::swap(operands[0], operands[1]);
    }
    if (op == Op::kEq || op == Op::kNe || op == Op::kAnd || op == Op::kOr) std::sort(operands.begin(), operands.end());
    numbers_[k] = known.try_emplace(Key{op, node.type.index, node.imm, std::move(operands)}, k).first->second;
  }
}

bool Conditions::Contradict(std::span<const Claim> claims) {
  constexpr int64_t kOneQuestion = 2'000;
  int64_t budget = std::min(budget_, kOneQuestion);
  const int64_t given = budget;
  Assumptions assumptions(program_, *this, &budget);
  bool holds = std::all_of(claims.begin(), claims.end(), [&](const Claim& claim) { return assumptions.Add(claim); });
  holds = holds && assumptions.Satisfiable();
  budget_ -= given - std::max<int64_t>(budget, 0);
  return !holds && budget >= 0;
}

NodeId Conditions::Meaning(NodeId id) const {
  for (;;) {
    const Node& node = program_[id];
    if (node.op == Op::kLetRef) {
      id = program_.lets[node.imm].value;
    } else if (node.op == Op::kLocal && arguments_[node.imm].valid()) {
      id = arguments_[node.imm];
    } else if (node.op == Op::kBind && !may_fail(program_.operand(id, 0))) {
      id = program_.operand(id, 1);
    } else {
      return id;
    }
  }
}

bool Conditions::IsAlways(NodeId condition) {
  const Claim claim{condition, false};
  return !may_fail(condition) && Contradict({&claim, 1});
}

}  // namespace moult::lang
