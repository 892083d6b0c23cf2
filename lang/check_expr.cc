// Expressions: literals, names, paths.
#include <fmt/format.h>

#include "lang/builtins.h"
#include "lang/checker.h"
#include "lang/checker_scope.h"
#include "lang/foreign_names.h"

namespace moult::lang {
namespace {

// How deep Check may recurse, through functions and lets in place: what keeps it within a thread's stack. Above
// kMaxDepth, since not every level makes a node.
constexpr uint32_t kMaxRecursion = 2 * kMaxDepth;

bool IsMethod(std::string_view name) { return name != "size" && (IsMacro(name) || !FindFunctions(name, /*as_method=*/true).empty()); }

}  // namespace

Checked Checker::CheckRaw(ExprId id, Expected expected) {
  if (!id.valid() || ast_[id].kind == ExprKind::kError || builder_.limit() != Builder::Limit::kNone)
    return Checked::Bad();
  if (depth_ >= kMaxRecursion) {
    ReportTooDeep(ast_[id].span);
    return Checked::Bad();
  }
  ++depth_;
  if (expected && types().IsOptional(*expected)) expected = types()[*expected].element;
  const OriginId origin = origins_.on() ? origins_.Begin(ast_[id], builder_.PlaceOf(ast_[id].span)) : kNoOrigin;
  Checked value = Dispatch(ast_[id], expected);
  if (origins_.on()) origins_.End(origin, Use(value));
  --depth_;
  return value;
}

Checked Checker::Check(ExprId id, Expected expected) {
  Checked value = CheckRaw(id, expected);
  if (value.bad || !types().IsOptional(value.type) || !narrowing_.IsPresent(value.path)) return value;
  Checked present = Make(Op::kUnwrap, types()[value.type].element, {Use(value)}, ast_[id].span);
  present.path = value.path;
  return present;
}

Checked Checker::CheckPlain(ExprId id, Expected expected) {
  Checked value = Check(id, expected);
  return RequirePlain(value, id) ? value : Checked::Bad();
}

Checked Checker::CheckAs(ExprId id, TypeId type, std::string_view what) {
  Checked value = Check(id, type);
  return Coerce(value, type, id, what) ? value : Checked::Bad();
}

Checked Checker::CheckBool(ExprId id, std::string_view what) { return CheckAs(id, kBoolType, what); }

Checked Checker::Dispatch(const Expr& e, Expected expected) {
  switch (e.kind) {
    case ExprKind::kError:
      return Checked::Bad();
    case ExprKind::kBool:
      return MakeConstant(kBoolType, {.integer = e.integer, .real = 0, .text = {}});
    case ExprKind::kInt:
      return MakeConstant(kIntType, {.integer = e.integer, .real = 0, .text = {}});
    case ExprKind::kDouble:
      return MakeConstant(kDoubleType, {.integer = 0, .real = e.real, .text = {}});
    case ExprKind::kString:
      return MakeConstant(kStringType, {.integer = 0, .real = 0, .text = e.text});
    case ExprKind::kBytes:
      return MakeConstant(kBytesType, {.integer = 0, .real = 0, .text = e.text});
    case ExprKind::kTemplate:
      Report(Code::kBadInterpolation, e.span, "only a reason may have `{...}` in its text");
      return Checked::Bad();
    case ExprKind::kName:
      return CheckName(e);
    case ExprKind::kSelect:
      return CheckSelect(e);
    case ExprKind::kIndex:
      return CheckIndex(e);
    case ExprKind::kCall:
      return CheckCall(e);
    case ExprKind::kMethod:
      return CheckMethod(e);
    case ExprKind::kUnary:
      return CheckUnary(e);
    case ExprKind::kBinary:
      return CheckBinary(e);
    case ExprKind::kConditional:
      return CheckConditional(e, expected);
    case ExprKind::kList:
      return CheckList(e, expected);
    case ExprKind::kSet:
      return CheckSet(e, expected);
    case ExprKind::kMap:
      if (e.children.empty() && expected && types().kind(*expected) == TypeKind::kSet) return CheckSet(e, expected);
      if (expected && types().kind(*expected) == TypeKind::kRecord) return CheckRecord(e, *expected);
      return CheckMap(e, expected);
  }
  return Checked::Bad();
}

Checked Checker::CheckName(const Expr& e) {
  if (const Binding* binding = FindBinding(e.text)) return binding->value;
  auto global = scope().globals.find(e.text);
  if (global != scope().globals.end()) return CheckGlobal(e, global->second);
  if (IsBuiltin(e.text)) {
    Report(Code::kNotAValue, e.span, fmt::format("`{}` is a function", e.text), "call it");
  } else if (scope().types.contains(e.text)) {
    Report(Code::kNotAValue, e.span, fmt::format("`{}` is a type", e.text));
  } else if (const std::string owner = EnumOf(e.text); !owner.empty()) {
    ReportUnknown(Code::kUnknownName, {e.text, e.span}, fmt::format("there is no {}", Quoted(e.text)), {},
                  fmt::format("write `{}.{}`", owner, e.text));
  } else {
    ReportUnknown(Code::kUnknownName, {e.text, e.span}, fmt::format("there is no {}", Quoted(e.text)), ValueNames(),
                  UseThatDeclares(e.text));
  }
  return Checked::Bad();
}

// Whether it is a name, and that of nothing.
bool Checker::IsUnknownName(const Expr& e) const {
  return e.kind == ExprKind::kName && FindBinding(e.text) == nullptr && !scope().globals.contains(e.text) &&
         !scope().types.contains(e.text) && !IsBuiltin(e.text);
}

Checked Checker::CheckGlobal(const Expr& e, Global global) {
  switch (global.kind) {
    case GlobalKind::kInput: {
      if (global.index == UINT32_MAX) return Checked::Bad();  // its type has been reported
      TypeId input = builder_.program().input;
      Checked value = Make(Op::kField, types().record(input).fields[global.index].type, {builder_.AddInput()}, e.span,
                           global.index);
      value.path = narrowing_.Select(input_path_, e.text);
      return value;
    }
    case GlobalKind::kConst:
      return ConstantValue(global.index, e.span);
    case GlobalKind::kLet: {
      Checked let = LowerLet(global.index, e.span);
      if (let.bad) return let;
      // Another name for a list: its index is asked then too.
      const Node& named = builder_.program()[builder_.program().lets[lets_[global.index].id].value];
      if (named.op == Op::kListData) return Make(Op::kListData, let.type, {}, e.span, named.imm);
      Checked value = Make(Op::kLetRef, let.type, {}, e.span, lets_[global.index].id);
      value.path = lets_[global.index].path;
      return value;
    }
    case GlobalKind::kList: {
      if (!lists_[global.index].type) return Checked::Bad();
      return Make(Op::kListData, *lists_[global.index].type, {}, e.span, AddList(global.index));
    }
    case GlobalKind::kEnum:
      Report(Code::kNotAValue, e.span, fmt::format("`{}` is an enum", e.text),
             fmt::format("name one of its values: `{}.{}`", e.text, types().enum_type({global.index}).enumerators[0]));
      return Checked::Bad();
    case GlobalKind::kFunction:
    case GlobalKind::kSource:
      Report(Code::kNotAValue, e.span,
             fmt::format("`{}` is a {}", e.text, global.kind == GlobalKind::kSource ? "source" : "function"),
             fmt::format("call it: `{}(...)`", e.text));
      return Checked::Bad();
    case GlobalKind::kModule:
      FindUse(e.text);
      Report(Code::kNotAValue, e.span, fmt::format("`{}` is a module", e.text),
             fmt::format("name what is in it: `{}.name`", e.text));
      return Checked::Bad();
  }
  return Checked::Bad();
}

// Whether what is declared is a literal that does not say of what type it is: its uses should not be the first to find out.
bool Checker::ReportIfUnsaid(ExprId id) {
  if (EmptyHeight(id) == 0) return false;
  Report(Code::kEmptyLiteral, ast_[id].span,
         ast_[id].kind == ExprKind::kMap ? "nothing says what type the keys and values of `{}` have"
                                         : "nothing says what type the elements of `[]` have");
  return true;
}

Checked Checker::ConstantValue(uint32_t index, TextSpan place) {
  ConstState& constant = constants_[index];
  const ConstDecl& decl = ast_.consts[index];
  if (constant.state == State::kActive) {
    Report(Code::kCycle, place, fmt::format("the constant `{0}` needs itself{1}", decl.name.text, CycleText(open_names_, decl.name.text)));
    return Checked::Bad();
  }
  if (constant.state != State::kNew && (constant.value.bad || constant.value.is_constant())) return constant.value;
  Outside outside(*this, decl.name.span);
  OriginRecorder::Pause no_origins(origins_);
  // What no node is made of for itself, a map or a list of lists, is put in place of each use.
  if (constant.state != State::kNew) return CheckPlain(decl.value);
  constant.state = State::kActive;
  open_names_.push_back(decl.name.text);
  constant.value = ReportIfUnsaid(decl.value) ? Checked::Bad() : FoldClosed(CheckPlain(decl.value), decl.name, ast_[decl.value].span);
  open_names_.pop_back();
  constant.value.facts = {};
  constant.state = constant.value.bad ? State::kBad : State::kDone;
  return constant.value;
}

Checked Checker::LowerLet(uint32_t index, TextSpan place) {
  LetState& let = lets_[index];
  const LetDecl& decl = ast_.lets[index];
  if (let.state == State::kActive) {
    Report(Code::kCycle, place, fmt::format("`{}` needs itself{}", decl.name.text, CycleText(open_names_, decl.name.text)));
    return Checked::Bad();
  }
  if (let.state == State::kNew) {
    let.state = State::kActive;
    open_names_.push_back(decl.name.text);
    Outside outside(*this, decl.name.span);
    OriginRecorder::Apart apart(origins_);
    Checked value = ReportIfUnsaid(decl.value) ? Checked::Bad() : Check(decl.value);
    open_names_.pop_back();
    NodeId node = Use(value);
    let.state = node.valid() ? State::kDone : State::kBad;
    let.id = static_cast<LetId>(builder_.program().lets.size());
    if (node.valid()) builder_.program().lets.push_back({decl.name.text, value.type, node});
    if (node.valid()) origins_.EndLet();
  }
  if (let.state == State::kBad) return Checked::Bad();
  Checked value;
  value.type = builder_.program().lets[let.id].type;
  return value;
}

Checked Checker::CheckSelect(const Expr& e) {
  const Expr& base_expr = ast_[e.children[0]];
  if (const UseDecl* use = FindUse(base_expr)) return CheckModuleMember(e, *use);
  const Global* global = FindGlobal(base_expr);
  if (global != nullptr && global->kind == GlobalKind::kEnum) return CheckEnumerator(e, {global->index});
  Checked base = CheckPlain(e.children[0]);
  if (!base.bad && types().kind(base.type) == TypeKind::kMap) return MakeMapAccess(Op::kMapGet, e, base, SelectedKey(e));
  return SelectField(e, base);
}

// Whether the name before a dot is that of an enum or a module, and so no value.
bool Checker::IsScopeName(ExprId id) {
  const Global* global = FindGlobal(ast_[id]);
  return FindUse(ast_[id]) != nullptr || (global != nullptr && global->kind == GlobalKind::kEnum);
}

// The key in `m.key`.
Checked Checker::SelectedKey(const Expr& e) { return MakeConstant(kStringType, {.integer = 0, .real = 0, .text = e.text}); }

Checked Checker::MakeMapAccess(Op op, const Expr& e, const Checked& map, const Checked& key) {
  const Type type = types()[map.type];
  if (key.type != type.key) {
    Report(Code::kType, e.name_span, fmt::format("{} has no keys that could be selected by name", ATypeName(map.type)),
           "write `[key]`");
    return Checked::Bad();
  }
  const TypeId result = op == Op::kMapFind ? types().OptionalOf(type.element) : type.element;
  return Make(op, result, {Use(map), Use(key)}, e.span);
}

Checked Checker::SelectField(const Expr& e, const Checked& base) {
  if (base.bad) return base;
  if (types().kind(base.type) != TypeKind::kRecord) {
    std::string hint;
    if (NativeName(e.text) == "size" || e.text == "size") hint = "write `.size()`";
    if (IsMethod(e.text)) hint = fmt::format("call it: `.{}(...)`", e.text);
    Report(Code::kUnknownField, e.name_span, fmt::format("{} has no fields", ATypeName(base.type)), hint);
    return Checked::Bad();
  }
  const std::optional<uint32_t> index = OrdinalOf(base.type, e.text);
  if (!index) {
    if (lost_fields_.contains({base.type.index, e.text})) return Checked::Bad();
    std::vector<std::string_view> names;
    for (const RecordField& field : types().record(base.type).fields) names.push_back(field.name);
    ReportUnknown(Code::kUnknownField, {e.text, e.name_span},
                  fmt::format("{} has no field {}", TypeName(base.type), Quoted(e.text)), names);
    return Checked::Bad();
  }
  TypeId type = types().record(base.type).fields[*index].type;
  Checked value = Make(Op::kField, type, {Use(base)}, e.span, *index);
  value.path = narrowing_.Select(base.path, e.text);
  return value;
}

std::optional<uint32_t> Checker::OrdinalOf(TypeId type, const std::string& name) const {
  const auto members = members_.find(type.index);
  if (members == members_.end()) return std::nullopt;
  const auto member = members->second.find(name);
  if (member == members->second.end()) return std::nullopt;
  return member->second;
}

Checked Checker::CheckEnumerator(const Expr& e, TypeId type) {
  const std::vector<std::string>& names = types().enum_type(type).enumerators;
  if (const std::optional<uint32_t> ordinal = OrdinalOf(type, e.text)) {
    return MakeConstant(type, {.integer = *ordinal, .real = 0, .text = {}});
  }
  ReportUnknown(Code::kUnknownField, {e.text, e.name_span},
                fmt::format("the enum {} has no {}", TypeName(type), Quoted(e.text)), {names.begin(), names.end()});
  return Checked::Bad();
}

Checked Checker::CheckIndex(const Expr& e) {
  Checked base = CheckPlain(e.children[0]);
  Checked index = CheckPlain(e.children[1]);
  if (base.bad || index.bad) return Checked::Bad();
  Type type = types()[base.type];
  if (type.kind == TypeKind::kList) {
    if (!Coerce(index, kIntType, e.children[1], "the index of a list")) return Checked::Bad();
    return Make(Op::kIndex, type.element, {Use(base), Use(index)}, e.span);
  }
  if (type.kind == TypeKind::kMap) {
    if (!Coerce(index, type.key, e.children[1], "the key")) return Checked::Bad();
    return Make(Op::kMapGet, type.element, {Use(base), Use(index)}, e.span);
  }
  Report(Code::kType, e.span, fmt::format("{} cannot be indexed", ATypeName(base.type)),
         base.type == kStringType ? "use `substring`" : "");
  return Checked::Bad();
}

Checked Checker::CheckUnary(const Expr& e) {
  if (e.text == "!") {
    Checked operand = CheckBool(e.children[0], "the operand of `!`");
    if (operand.bad) return operand;
    if (operand.constant)
      return MakeConstant(kBoolType, {.integer = operand.constant->integer ^ 1, .real = 0, .text = {}});
    Checked value = Make(Op::kNot, kBoolType, {Use(operand)}, e.span);
    value.facts = operand.facts.Negated();
    return value;
  }
  Checked operand = CheckPlain(e.children[0]);
  if (operand.bad) return operand;
  if (operand.type != kIntType && operand.type != kDoubleType) {
    Report(Code::kType, e.span, fmt::format("`-` needs a number, but this is {}", ATypeName(operand.type)));
    return Checked::Bad();
  }
  if (operand.constant && operand.constant->integer != INT64_MIN) {
    return MakeConstant(operand.type,
                        {.integer = -operand.constant->integer, .real = -operand.constant->real, .text = {}});
  }
  return Make(Op::kNeg, operand.type, {Use(operand)}, e.span);
}

Checked Checker::CheckConditional(const Expr& e, Expected expected) {
  Checked condition = CheckBool(e.children[0], "the condition of `?:`");
  Checked then;
  Checked otherwise;
  const auto check = [&](Checked& branch, size_t k, const std::vector<PathId>& known, const Checked* other) {
    Assumption assumption(narrowing_, known);
    const bool lost = other != nullptr && other->bad && TypeRank(e.children[k]) > 0;
    branch = lost ? Checked::Bad() : Check(e.children[k], expected || other == nullptr || other->bad ? expected : Expected(other->type));
  };
  // A literal that leaves its type open is of the type of the other branch, which is therefore looked at first.
  const bool swap = TypeRank(e.children[1]) > TypeRank(e.children[2]);
  if (swap) check(otherwise, 2, condition.facts.when_false, nullptr);
  check(then, 1, condition.facts.when_true, swap ? &otherwise : nullptr);
  if (!swap) check(otherwise, 2, condition.facts.when_false, &then);
  if (condition.bad || then.bad || otherwise.bad) return Checked::Bad();
  bool second_optional = types().IsOptional(otherwise.type) && !types().IsOptional(then.type);
  bool fits = second_optional ? Coerce(then, otherwise.type, e.children[1], "this branch")
                              : Coerce(otherwise, then.type, e.children[2], "this branch");
  if (!fits) return Checked::Bad();
  return Make(Op::kCond, then.type, {Use(condition), Use(then), Use(otherwise)}, e.span);
}

}  // namespace moult::lang
