#include <fmt/format.h>

#include <algorithm>

#include "lang/decide.h"
#include "lang/function.h"
#include "lang/ir.h"
#include "moult/layout.h"
#include "moult/net.h"

namespace moult::lang {
namespace {

// Walks the program once, in order; stops at the first violation. Every index is checked before it is used, so that a
// corrupt program of any kind is answered with text.
class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program), types_(program.types) {}

  std::optional<std::string> Run() {
    CheckTables();
    FindBinders();
    for (uint32_t k = 0; k < program_.nodes.size() && error_.empty(); ++k) CheckNode({k});
    if (error_.empty()) CheckLets();
    if (error_.empty()) CheckDecide();
    if (error_.empty()) CheckRules();
    if (error_.empty()) return std::nullopt;
    return error_;
  }

 private:
  // What is known of a node once it has been checked.
  struct Facts {
    uint32_t depth = 0;
    LetId lets_below = 0;          // one more than the highest let that it refers to
    bool total_text = false;       // fit for a reason
    std::vector<LocalId> unbound;  // sorted: locals used that no binder below has bound
  };

  // Program-wide.
  void CheckTables();
  void FindBinders();
  void CheckLets();
  void CheckDecide();
  void CheckRules();
  void CheckRule(const Rule& rule);
  bool CheckRoot(NodeId id, TypeId type, const std::string& what);

  // One node.
  void CheckNode(NodeId id);
  bool CheckShape(NodeId id);
  std::string TypeError(NodeId id) const;
  std::string LeafError(const Node& node) const;
  std::string WideConstantError(const Node& node, size_t bytes, TypeId type) const;
  std::string StructureError(const Node& node) const;
  std::string LiteralError(const Node& node) const;
  std::string OptionalError(const Node& node) const;
  std::string ComparisonError(const Node& node) const;
  std::string ArithmeticError(const Node& node) const;
  std::string TimeArithmeticError(const Node& node) const;
  std::string TextError(const Node& node) const;
  std::string ComprehensionError(const Node& node) const;
  std::string CallError(const Node& node) const;
  std::string SourceError(const Node& node) const;
  std::string BinderError(NodeId id) const;
  void Derive(NodeId id);

  TypeId OperandType(const Node& node, size_t k) const {
    return program_.nodes[program_.operand_pool[node.first_operand + k].index].type;
  }
  TypeKind OperandKind(const Node& node, size_t k) const { return types_.kind(OperandType(node, k)); }
  bool Exists(TypeId type) const { return type.index < types_.size(); }
  // "" if `node` takes exactly `operands` and gives `result`.
  std::string Expect(const Node& node, std::initializer_list<TypeId> operands, TypeId result) const;
  static std::string Require(bool condition, const char* otherwise) { return condition ? "" : otherwise; }
  bool IsScalar(TypeId type) const;
  std::string VariablesError(const Node& node) const;

  template <class... Args>
  void Fail(fmt::format_string<Args...> format, Args&&... args) {
    if (error_.empty()) error_ = fmt::format(format, std::forward<Args>(args)...);
  }

  const Program& program_;
  const TypeTable& types_;
  std::vector<NodeId> binders_;  // by LocalId
  std::vector<Facts> facts_;
  std::string error_;
};

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

void Verifier::CheckNode(NodeId id) {
  facts_.emplace_back();
  if (!CheckShape(id)) return;
  if (std::string error = TypeError(id); !error.empty()) {
    return Fail("%{} ({}): {}", id.index, OpText(program_[id].op), error);
  }
  Derive(id);
}

bool Verifier::CheckShape(NodeId id) {
  constexpr size_t kOpCount = 0
#define MOULT_OP(name, text, arity, fallible) +1
#include "lang/ops.def"
#undef MOULT_OP
      ;
  const Node& node = program_[id];
  if (static_cast<size_t>(node.op) >= kOpCount) {
    Fail("%{}: no such operation", id.index);
    return false;
  }
  const char* name = OpText(node.op);
  size_t pool = program_.operand_pool.size();
  if (!Exists(node.type)) Fail("%{} ({}): no such type", id.index, name);
  if (node.site >= program_.sites.size()) Fail("%{} ({}): no such site", id.index, name);
  if (node.first_operand > pool || node.operand_count > pool - node.first_operand) {
    Fail("%{} ({}): operands outside the pool", id.index, name);
  } else if (OpArity(node.op) >= 0 && node.operand_count != static_cast<uint32_t>(OpArity(node.op))) {
    Fail("%{} ({}): {} operands, not {}", id.index, name, node.operand_count, OpArity(node.op));
  } else {
    for (NodeId operand : program_.operands(id)) {
      if (operand.index >= id.index) Fail("%{} ({}): an operand does not come before it", id.index, name);
    }
  }
  return error_.empty();
}

std::string Verifier::Expect(const Node& node, std::initializer_list<TypeId> operands, TypeId result) const {
  size_t k = 0;
  for (TypeId expected : operands) {
    if (OperandType(node, k) != expected) {
      return fmt::format("operand {} is {}, not {}", k, types_.Name(OperandType(node, k)), types_.Name(expected));
    }
    ++k;
  }
  return node.type == result ? ""
                             : fmt::format("the result is {}, not {}", types_.Name(node.type), types_.Name(result));
}

bool Verifier::IsScalar(TypeId type) const {
  return lang::IsScalar(types_.kind(type));
}

std::string Verifier::VariablesError(const Node& node) const {
  if (node.operand_count == 0) return "nothing is bound";
  const Variables variables = Variables::Of(node.imm);
  const bool has_second = variables.second != Variables::kNone;
  const TypeId value = OperandType(node, 0);
  const Type& collection = types_[value];
  const bool is_map = collection.kind == TypeKind::kMap;
  TypeId first = value;
  if (node.op == Op::kBind) {
    if (has_second) return "two variables for one value";
  } else if (!is_map && collection.kind != TypeKind::kList && collection.kind != TypeKind::kSet) {
    return "operand 0 is no collection";
  } else if (has_second && collection.kind == TypeKind::kSet) {
    return "a set has no positions";
  } else {
    first = is_map ? collection.key : has_second ? kIntType : collection.element;
  }
  if (program_.locals[variables.first].type != first) return "the local is of another type than what is bound to it";
  if (!has_second || program_.locals[variables.second].type == collection.element) return "";
  return "the second local is of another type than what is bound to it";
}

std::string Verifier::TypeError(NodeId id) const {
  const Node& node = program_[id];
  switch (node.op) {
    case Op::kConstBool:
    case Op::kConstInt:
    case Op::kConstDouble:
    case Op::kConstString:
    case Op::kConstBytes:
    case Op::kConstTimestamp:
    case Op::kConstDuration:
    case Op::kConstIp:
    case Op::kConstCidr:
    case Op::kConstEnum:
    case Op::kNone:
    case Op::kInput:
    case Op::kListData:
      return LeafError(node);
    case Op::kLocal:
    case Op::kLetRef:
      return BinderError(id);
    case Op::kField:
    case Op::kIndex:
    case Op::kMapGet:
    case Op::kMapFind:
    case Op::kMakeList:
    case Op::kMakeSet:
    case Op::kMakeMap:
    case Op::kMakeRecord:
      return StructureError(node);
    case Op::kSome:
    case Op::kHas:
    case Op::kUnwrap:
    case Op::kCoalesce:
      return OptionalError(node);
    case Op::kAnd:
    case Op::kOr:
      return Expect(node, {kBoolType, kBoolType}, kBoolType);
    case Op::kNot:
      return Expect(node, {kBoolType}, kBoolType);
    case Op::kCond:
      return Expect(node, {kBoolType, node.type, node.type}, node.type);
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
    case Op::kIn:
      return ComparisonError(node);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
    case Op::kNeg:
      return ArithmeticError(node);
    case Op::kSize:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
    case Op::kMatches:
    case Op::kRender:
      return TextError(node);
    case Op::kBind:
    case Op::kExists:
    case Op::kAll:
    case Op::kExistsOne:
    case Op::kToList:
    case Op::kToMap:
      return ComprehensionError(node);
    case Op::kCall:
      return CallError(node);
    case Op::kCallSource:
      return SourceError(node);
  }
  return "no such operation";
}

std::string Verifier::LeafError(const Node& node) const {
  switch (node.op) {
    case Op::kConstBool:
      return node.imm > 1 ? "a bool is 0 or 1" : Expect(node, {}, kBoolType);
    case Op::kConstInt:
      return Expect(node, {}, kIntType);
    case Op::kConstDouble:
      return Expect(node, {}, kDoubleType);
    case Op::kConstString:
      return node.imm >= program_.strings.size() ? "no such string" : Expect(node, {}, kStringType);
    case Op::kConstBytes:
      return node.imm >= program_.strings.size() ? "no such string" : Expect(node, {}, kBytesType);
    case Op::kConstTimestamp:
      return WideConstantError(node, sizeof(NativeTimestamp), kTimestampType);
    case Op::kConstDuration:
      return Expect(node, {}, kDurationType);
    case Op::kConstIp:
      return WideConstantError(node, sizeof(Ip), kIpType);
    case Op::kConstCidr:
      return WideConstantError(node, sizeof(Cidr), kCidrType);
    case Op::kConstEnum:
      if (types_.kind(node.type) != TypeKind::kEnum) return "the type is no enum";
      return Require(node.imm < types_.enum_type(node.type).enumerators.size(), "no such enumerator");
    case Op::kNone:
      return Require(types_.IsOptional(node.type), "the type is not optional");
    case Op::kInput:
      return Expect(node, {}, program_.input);
    default:
      return node.imm >= program_.lists.size() ? "no such list" : Expect(node, {}, program_.lists[node.imm].type);
  }
}

std::string Verifier::WideConstantError(const Node& node, size_t bytes, TypeId type) const {
  if (node.imm >= program_.strings.size()) return "no such string";
  if (program_.strings[node.imm].size() != bytes) return fmt::format("the string has not {} bytes", bytes);
  return Expect(node, {}, type);
}

std::string Verifier::BinderError(NodeId id) const {
  const Node& node = program_[id];
  if (node.op == Op::kLetRef) {
    if (node.imm >= program_.lets.size()) return "no such let";
    const Let& let = program_.lets[node.imm];
    if (!(let.value.index < id.index)) return "the let's value does not come before it";
    return Expect(node, {}, let.type);
  }
  if (node.imm >= program_.locals.size()) return "no such local";
  NodeId binder = binders_[node.imm];
  if (!binder.valid()) return "nothing binds this local";
  // The binder comes later and has not been checked: look at its operand with care. Its shape and type are checked in
  // their turn.
  uint32_t first = program_[binder].first_operand;
  if (first >= program_.operand_pool.size() || !(program_.operand_pool[first].index < id.index)) {
    return "the value bound to this local does not come before it";
  }
  return Expect(node, {}, program_.locals[node.imm].type);
}

std::string Verifier::LiteralError(const Node& node) const {
  const Type& type = types_[node.type];
  const TypeKind kind = node.op == Op::kMakeList  ? TypeKind::kList
                        : node.op == Op::kMakeSet ? TypeKind::kSet
                        : node.op == Op::kMakeMap ? TypeKind::kMap
                                                  : TypeKind::kRecord;
  if (type.kind != kind) return kind == TypeKind::kRecord ? "the type is no record" : "the type is no such collection";
  if (kind == TypeKind::kMap && node.operand_count % 2 != 0) return "a key without a value";
  if (kind == TypeKind::kRecord && node.operand_count != types_.record(node.type).fields.size())
    return "another number of operands than the record has fields";
  for (size_t k = 0; k < node.operand_count; ++k) {
    const TypeId expected = kind == TypeKind::kRecord                ? types_.record(node.type).fields[k].type
                            : kind == TypeKind::kMap && k % 2 == 0 ? type.key
                                                                     : type.element;
    if (OperandType(node, k) != expected) return fmt::format("element {} is of another type", k);
  }
  return "";
}

std::string Verifier::StructureError(const Node& node) const {
  if (node.op >= Op::kMakeList && node.op <= Op::kMakeRecord) return LiteralError(node);
  TypeId base_type = OperandType(node, 0);
  const Type& base = types_[base_type];
  switch (node.op) {
    case Op::kField:
      if (base.kind != TypeKind::kRecord) return "the operand is no record";
      if (node.imm >= types_.record(base_type).fields.size()) return "no such field";
      return Expect(node, {}, types_.record(base_type).fields[node.imm].type);
    case Op::kIndex:
      if (base.kind != TypeKind::kList) return "the operand is no list";
      return Expect(node, {base_type, kIntType}, base.element);
    case Op::kMapGet:
      if (base.kind != TypeKind::kMap) return "the operand is no map";
      return Expect(node, {base_type, base.key}, base.element);
    default:
      if (base.kind != TypeKind::kMap) return "the operand is no map";
      if (types_.IsOptional(base.element)) return "the map's values are optional: one that is missing would count as absent";
      if (!types_.IsOptional(node.type)) return "the result is not optional";
      if (types_[node.type].element != base.element) return "the result is an optional of another type";
      return Expect(node, {base_type, base.key}, node.type);
  }
}

std::string Verifier::OptionalError(const Node& node) const {
  if (node.op == Op::kSome) {
    if (!types_.IsOptional(node.type)) return "the result is not optional";
    return Expect(node, {types_[node.type].element}, node.type);
  }
  TypeId optional = OperandType(node, 0);
  if (!types_.IsOptional(optional)) return "the operand is not optional";
  TypeId payload = types_[optional].element;
  switch (node.op) {
    case Op::kHas:
      return Expect(node, {optional}, kBoolType);
    case Op::kUnwrap:
      return Expect(node, {optional}, payload);
    default:
      if (node.type != optional && node.type != payload) return "the result is of another type";
      return Expect(node, {optional, node.type}, node.type);
  }
}

std::string Verifier::ComparisonError(const Node& node) const {
  TypeId left = OperandType(node, 0);
  TypeId right = OperandType(node, 1);
  if (node.op == Op::kIn) {
    const Type& collection = types_[right];
    bool is_map = collection.kind == TypeKind::kMap;
    if (!is_map && collection.kind != TypeKind::kList && collection.kind != TypeKind::kSet)
      return "operand 1 is no collection";
    if (types_.IsOptional(left)) return "operand 0 may be missing";
    return Expect(node, {is_map ? collection.key : collection.element, right}, kBoolType);
  }
  if (!types_.AreComparable(left, right)) return "the operands cannot be compared";
  bool is_order = node.op != Op::kEq && node.op != Op::kNe;
  if (is_order && !HasOrder(types_.kind(left))) return "the operands have no order";
  return Expect(node, {left, right}, kBoolType);
}

std::string Verifier::ArithmeticError(const Node& node) const {
  const bool times = types_.kind(node.type) == TypeKind::kTimestamp || node.type == kDurationType;
  if (times) return TimeArithmeticError(node);
  bool number = node.type == kIntType || node.type == kDoubleType;
  if (node.op == Op::kNeg) return number ? Expect(node, {node.type}, node.type) : "the result is no number";
  if (node.op == Op::kMod && node.type != kIntType) return "the result is no int";
  const bool joins = node.type == kStringType || node.type == kBytesType || types_.kind(node.type) == TypeKind::kList;
  if (!number && !(node.op == Op::kAdd && joins)) return "the result is of another type";
  return Expect(node, {node.type, node.type}, node.type);
}

std::string Verifier::TimeArithmeticError(const Node& node) const {
  if (node.op != Op::kAdd && node.op != Op::kSub) return "the result is no number";
  const std::optional<TypeId> result = TimeResult(node.op, OperandType(node, 0), OperandType(node, 1));
  return result == node.type ? "" : "the operands do not give such a result";
}

std::string Verifier::TextError(const Node& node) const {
  switch (node.op) {
    case Op::kSize: {
      return HasSize(OperandKind(node, 0)) ? Expect(node, {OperandType(node, 0)}, kIntType) : "the operand has no size";
    }
    case Op::kRender: {
      TypeId type = OperandType(node, 0);
      if (types_.IsOptional(type)) type = types_[type].element;
      return IsScalar(type) ? Expect(node, {OperandType(node, 0)}, kStringType) : "the operand is no scalar";
    }
    case Op::kMatches:
      return node.imm < program_.regexes.size() ? Expect(node, {kStringType}, kBoolType) : "no such regular expression";
    default:
      return Expect(node, {kStringType, kStringType}, kBoolType);
  }
}

std::string Verifier::ComprehensionError(const Node& node) const {
  if (std::string error = VariablesError(node); !error.empty()) return error;
  const TypeId value = OperandType(node, 0);
  const Type& type = types_[node.type];
  const size_t bodies = node.op == Op::kToMap ? 2 : 1;
  switch (node.op) {
    case Op::kBind:
      return Expect(node, {value, node.type}, node.type);
    case Op::kToList:
      if (type.kind != TypeKind::kList) return "the result is no list";
      break;
    case Op::kToMap:
      if (type.kind != TypeKind::kMap) return "the result is no map";
      break;
    default:
      return Expect(node, {value, kBoolType}, kBoolType);
  }
  const size_t extra = node.operand_count - 1;
  if (extra != bodies && extra != bodies + 1) return "another number of operands than it takes";
  if (extra > bodies && OperandType(node, 1) != kBoolType) return "the predicate is no bool";
  if (bodies == 2 && OperandType(node, extra - 1) != type.key) return "the key is of another type";
  return OperandType(node, extra) == type.element ? "" : "the value is of another type";
}

std::string Verifier::CallError(const Node& node) const {
  if (node.imm >= kFunctionCount) return "no such function";
  const FunctionInfo& function = InfoOf(static_cast<Function>(node.imm));
  if (function.op != Op::kCall) return "the function is an operation of its own";
  if (node.operand_count != function.parameters.size())
    return "another number of arguments than the function has parameters";
  TypeBindings bindings;
  for (size_t k = 0; k < node.operand_count; ++k) {
    if (!Unify(types_, function.parameters[k], OperandType(node, k), bindings))
      return fmt::format("argument {} is {}, not {}", k, types_.Name(OperandType(node, k)),
                         PatternText(function.parameters[k]));
  }
  return Unify(types_, function.result, node.type, bindings) ? "" : "the result is of another type";
}

std::string Verifier::SourceError(const Node& node) const {
  if (node.imm >= program_.sources.size()) return "no such source";
  const SourceDecl& source = program_.sources[node.imm];
  if (node.operand_count != source.parameters.size())
    return "another number of arguments than the source has parameters";
  for (size_t k = 0; k < node.operand_count; ++k) {
    if (OperandType(node, k) != source.parameters[k]) return fmt::format("argument {} is of another type", k);
  }
  return Expect(node, {}, source.result);
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
  if (!rule.reason.valid() || !CheckRoot(rule.reason, kStringType, "the reason of rule " + rule.name)) return;
  if (!facts_[rule.reason.index].total_text) Fail("the reason of rule {} can fail", rule.name);
}

}  // namespace

std::optional<std::string> Verify(const Program& program) { return Verifier(program).Run(); }

}  // namespace moult::lang
