// What holds of a node: its operands and types.
#include <algorithm>

#include "lang/function.h"
#include "lang/verifier.h"
#include "moult/layout.h"
#include "moult/net.h"

namespace moult::lang {

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
    if (collection.kind != TypeKind::kMap && collection.kind != TypeKind::kList && collection.kind != TypeKind::kSet)
      return "operand 1 is no collection";
    if (types_.IsOptional(left)) return "operand 0 may be missing";
    const TypeId item = ItemType(types_, right);
    return Expect(node, {MayBeIn(left, item) ? left : item, right}, kBoolType);
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

}  // namespace moult::lang
