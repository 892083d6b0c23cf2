// Literals of lists, sets, maps and records.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lang/checker.h"

namespace moult::lang {

// Expressions of one type: the elements of a literal, or the keys or values of one. One that does not say of what type it is, `[]`
// and `[[]]`, takes the type of those that do.
std::optional<std::vector<Checked>> Checker::CheckAlike(std::span<const ExprId> ids, Expected expected, std::string_view what) {
  std::vector<uint32_t> ranks, order(ids.size());
  for (const ExprId id : ids) ranks.push_back(TypeRank(id));
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](uint32_t k) { return ranks[k]; });
  std::vector<Checked> values(ids.size());
  const Checked* first = nullptr;
  bool fine = true;
  for (const uint32_t k : order) {
    Checked value = CheckUnlessLost(ids[k], first == nullptr ? expected : Expected(first->type), /*lost=*/!fine);
    fine = fine && !value.bad;
    if (value.bad) continue;
    if (first != nullptr && value.type != first->type) {
      Report(Code::kDynamic, ast_[ids[k]].span,
             fmt::format("the {} have one type: this is {}, others are {}", what, ATypeName(value.type), TypeName(first->type)));
      return std::nullopt;
    }
    values[k] = std::move(value);
    if (first == nullptr) first = &values[k];
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
  const std::optional<std::vector<Checked>> values = CheckAlike(e.children, element, "elements of a literal");
  if (!values) return Checked::Bad();
  const TypeId type = !values->empty() ? types().ListOf((*values)[0].type) : known ? *expected : types().ListOf(kUnsaidType);
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
  const std::optional<std::vector<Checked>> values = CheckAlike(e.children, element, "elements of a literal");
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
    return Make(Op::kMakeMap, known ? *expected : types().MapOf(kStringType, kUnsaidType), {}, e.span);
  }
  if (ReportIfRecord(e)) return Checked::Bad();
  std::vector<ExprId> parts[2];  // keys and values
  for (size_t k = 0; k < e.children.size(); ++k) parts[k % 2].push_back(e.children[k]);
  Expected key_type, value_type;
  if (known) key_type = types()[*expected].key, value_type = types()[*expected].element;
  const std::optional<std::vector<Checked>> keys = CheckAlike(parts[0], key_type, "keys of a map");
  const std::optional<std::vector<Checked>> values = CheckAlike(parts[1], value_type, "values of a map");
  if (!keys || !values || !RequireKey((*keys)[0].type, ast_[parts[0][0]].span)) return Checked::Bad();
  bool fine = true;
  for (size_t k = 0; k < keys->size(); ++k) {
    fine = RequireNewKey(std::span(*keys).first(k), (*keys)[k], ast_[parts[0][k]].span) && fine;
  }
  if (!fine) return Checked::Bad();
  std::vector<NodeId> operands;
  for (size_t k = 0; k < keys->size(); ++k) {
    operands.push_back(Use((*keys)[k]));
    operands.push_back(Use((*values)[k]));
  }
  return MakeOf(Op::kMakeMap, types().MapOf((*keys)[0].type, (*values)[0].type), operands, e.span);
}

// Whether the literal is that of a record where no record is expected: its first key is a name that nothing has. Reports.
bool Checker::ReportIfRecord(const Expr& e) {
  const Expr& key = ast_[e.children[0]];
  if (key.kind != ExprKind::kName || FindBinding(key.text) != nullptr || scope().globals.contains(key.text)) return false;
  if (ast_.MayHaveLost(key.text)) return true;
  Report(Code::kUnknownName, key.span,
         fmt::format("there is no {}, and nothing says of what record it might be a field", Quoted(key.text)),
         fmt::format("the keys of a map are expressions: `{{\"{}\": ...}}`", key.text));
  return true;
}

// Whether a constant key is not among those before it. Reports.
bool Checker::RequireNewKey(std::span<const Checked> keys, const Checked& key, TextSpan place) {
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

// How many literals are within each other, of which none says what its innermost elements are: 1 for `[]`, 2 for `[[]]` and
// `{"a": []}`, 0 for what says it.
uint32_t Checker::EmptyHeight(ExprId id) const {
  if (!id.valid()) return 0;
  const Expr& e = ast_[id];
  if (e.kind != ExprKind::kList && e.kind != ExprKind::kMap && e.kind != ExprKind::kSet) return 0;
  const size_t step = e.kind == ExprKind::kMap ? 2 : 1;  // a map's values
  uint32_t height = 1;
  for (size_t k = step - 1; k < e.children.size(); k += step) {
    const uint32_t inner = EmptyHeight(e.children[k]);
    if (inner == 0) return 0;
    height = std::max(height, inner + 1);
  }
  return height;
}

// Of expressions that are to be of one type, those of a lower rank say more of it: what a literal leaves open the others tell.
// `{name: e}` may be a map or, if it is expected, a record.
uint32_t Checker::TypeRank(ExprId id) const {
  const uint32_t height = EmptyHeight(id);
  if (height > 0) return UINT32_MAX - height;
  return id.valid() && ast_[id].kind == ExprKind::kMap ? 1 : 0;
}

// What is expected to be of a type. When the type is `lost`, since it is that of something bad, a literal that would take it is not
// looked at: as what it is not it would only be reported. Nor is the name of a type.
Checked Checker::CheckUnlessLost(ExprId id, Expected expected, bool lost) {
  const bool names_type = lost && ast_[id].kind == ExprKind::kName && scope().types.contains(ast_[id].text);  // type(x) == int
  return names_type || (lost && TypeRank(id) > 0) ? Checked::Bad() : CheckPlain(id, expected);
}

}  // namespace moult::lang
