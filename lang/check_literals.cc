// Literals of lists, sets, maps and records.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"

namespace moult::lang {

// The elements of a literal, of one type.
std::optional<std::vector<Checked>> Checker::CheckElements(const Expr& e, Expected expected) {
  std::vector<Checked> values;
  bool fine = true;
  std::optional<TypeId> type = expected;
  for (ExprId child : e.children) {
    Checked value = CheckPlain(child, type);
    fine = fine && !value.bad;
    if (value.bad) continue;
    if (!values.empty() && value.type != values[0].type) {
      Report(Code::kDynamic, ast_[child].span,
             fmt::format("the elements of a literal have one type: this is {}, those before are {}",
                         ATypeName(value.type), TypeName(values[0].type)));
      return std::nullopt;
    }
    type = value.type;
    values.push_back(std::move(value));
  }
  if (!fine) return std::nullopt;
  return values;
}

namespace {

bool AllScalarConstants(const std::vector<Checked>& values) {
  for (const Checked& value : values) {
    if (!value.constant) return false;
  }
  return true;
}

std::vector<Constant> Constants(const std::vector<Checked>& values) {
  std::vector<Constant> constants;
  constants.reserve(values.size());
  for (const Checked& value : values) constants.push_back(*value.constant);
  return constants;
}

}  // namespace

std::vector<NodeId> Checker::Nodes(const std::vector<Checked>& values) {
  std::vector<NodeId> nodes;
  nodes.reserve(values.size());
  for (const Checked& value : values) nodes.push_back(Use(value));
  return nodes;
}

Checked Checker::CheckList(const Expr& e, Expected expected) {
  bool known = expected && types().kind(*expected) == TypeKind::kList;
  std::optional<TypeId> element;
  if (known) element = types()[*expected].element;
  std::optional<std::vector<Checked>> values = CheckElements(e, element);
  if (!values) return Checked::Bad();
  if (values->empty() && !known) {
    Report(Code::kEmptyLiteral, e.span, "nothing says what type the elements of `[]` have");
    return Checked::Bad();
  }
  TypeId type = values->empty() ? *expected : types().ListOf((*values)[0].type);
  if (AllScalarConstants(*values)) {
    Checked value;
    value.type = type;
    value.items = Constants(*values);
    return value;
  }
  return MakeOf(Op::kMakeList, type, Nodes(*values), e.span);
}

Checked Checker::CheckSet(const Expr& e, Expected expected) {
  bool known = expected && types().kind(*expected) == TypeKind::kSet;
  std::optional<TypeId> element;
  if (known) element = types()[*expected].element;
  std::optional<std::vector<Checked>> values = CheckElements(e, element);
  if (!values) return Checked::Bad();
  const TypeId type = values->empty() ? *expected : types().SetOf((*values)[0].type);
  if (AllScalarConstants(*values)) {
    Checked value;
    value.type = type;
    value.items = Constants(*values);
    return value;
  }
  return MakeOf(Op::kMakeSet, type, Nodes(*values), e.span);
}

Checked Checker::CheckMap(const Expr& e, Expected expected) {
  const bool known = expected && types().kind(*expected) == TypeKind::kMap;
  if (e.children.empty()) {
    if (known) return Make(Op::kMakeMap, *expected, {}, e.span);
    Report(Code::kEmptyLiteral, e.span, "nothing says what type the keys and values of `{}` have");
    return Checked::Bad();
  }
  std::vector<Checked> keys, values;
  std::optional<TypeId> key_type, value_type;
  if (known) key_type = types()[*expected].key, value_type = types()[*expected].element;
  bool fine = true;
  for (size_t k = 0; k < e.children.size(); ++k) {
    const bool is_key = k % 2 == 0;
    Expected& type = is_key ? key_type : value_type;
    std::vector<Checked>& same = is_key ? keys : values;
    Checked value = CheckPlain(e.children[k], type);
    fine = fine && !value.bad;
    if (value.bad) continue;
    if (!same.empty() && value.type != same[0].type) {
      Report(Code::kDynamic, ast_[e.children[k]].span,
             fmt::format("the {} of a map have one type: this is {}, those before are {}", is_key ? "keys" : "values",
                         ATypeName(value.type), TypeName(same[0].type)));
      return Checked::Bad();
    }
    if (is_key && !RequireKey(value.type, ast_[e.children[k]].span)) return Checked::Bad();
    if (is_key) fine = RequireNewKey(keys, value, ast_[e.children[k]].span) && fine;
    type = value.type;
    same.push_back(std::move(value));
  }
  if (!fine) return Checked::Bad();
  std::vector<NodeId> operands;
  for (size_t k = 0; k < keys.size(); ++k) {
    operands.push_back(Use(keys[k]));
    operands.push_back(Use(values[k]));
  }
  return MakeOf(Op::kMakeMap, types().MapOf(keys[0].type, values[0].type), operands, e.span);
}

// Whether a constant key is not among those before it. Reports.
bool Checker::RequireNewKey(const std::vector<Checked>& keys, const Checked& key, TextSpan place) {
  if (!key.constant) return true;
  const NodeId node = Use(key);  // one for equal constants
  const auto same = [&](const Checked& other) { return other.constant && Use(other) == node; };
  if (!node.valid() || std::ranges::none_of(keys, same)) return true;
  Report(Code::kDuplicateKey, place, "this key stands twice");
  return false;
}

// {field: value, ...}: fields that may be missing can be left out.
Checked Checker::CheckRecord(const Expr& e, TypeId type) {
  const std::vector<RecordField> fields = types().record(type).fields;
  std::vector<NodeId> operands(fields.size());
  bool fine = true;
  for (size_t k = 0; k + 1 < e.children.size(); k += 2) {
    const Expr& name = ast_[e.children[k]];
    const int index = name.kind == ExprKind::kName ? types().FieldIndex(type, name.text) : -1;
    if (index < 0) {
      fine = false;
      if (name.kind == ExprKind::kError || lost_fields_.contains({type.index, name.text})) continue;
      std::vector<std::string_view> names;
      for (const RecordField& field : fields) names.push_back(field.name);
      if (name.kind == ExprKind::kName) {
        ReportUnknown(Code::kUnknownField, {name.text, name.span},
                      fmt::format("{} has no field {}", TypeName(type), Quoted(name.text)), names);
      } else {
        Report(Code::kUnknownField, name.span, fmt::format("{} is expected here: its fields have names", ATypeName(type)),
               "write `{field: value, ...}`");
      }
      continue;
    }
    const auto field = static_cast<size_t>(index);
    if (operands[field].valid()) {
      Report(Code::kDuplicateName, name.span, fmt::format("the field `{}` is given twice", name.text));
      fine = false;
      continue;
    }
    Checked value = CheckAs(e.children[k + 1], fields[field].type, fmt::format("the field `{}`", name.text));
    operands[field] = Use(value);
    fine = fine && !value.bad;
  }
  for (size_t k = 0; k < fields.size() && fine; ++k) {
    if (operands[k].valid()) continue;
    if (!types().IsOptional(fields[k].type)) {
      Report(Code::kType, e.span, fmt::format("the field `{}` of {} is not given", fields[k].name, TypeName(type)));
      return Checked::Bad();
    }
    operands[k] = Use(Make(Op::kNone, fields[k].type, {}, e.span));
  }
  if (!fine) return Checked::Bad();
  return MakeOf(Op::kMakeRecord, type, operands, e.span);
}

bool Checker::IsEmptyLiteral(ExprId id) const {
  if (!id.valid()) return false;
  const Expr& e = ast_[id];
  return (e.kind == ExprKind::kList || e.kind == ExprKind::kMap) && e.children.empty();
}

// Whether a literal may depend on what is expected of it: `{name: e}`, and any that is empty.
bool Checker::TakesItsType(ExprId id) const {
  return id.valid() && (ast_[id].kind == ExprKind::kMap || IsEmptyLiteral(id));
}

// What an empty literal is taken for where nothing asks for the type of its elements, since it has none.
Checker::Expected Checker::WhenEmpty(ExprId id) {
  if (!IsEmptyLiteral(id)) return {};
  return ast_[id].kind == ExprKind::kList ? types().ListOf(kIntType) : types().MapOf(kStringType, kIntType);
}

}  // namespace moult::lang
