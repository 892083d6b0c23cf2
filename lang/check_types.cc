// Types as written, and the shape of the input.
#include <fmt/format.h>

#include <algorithm>

#include "lang/bind.h"
#include "lang/checker.h"

namespace moult::lang {
namespace {

// Records within records: readers of JSON and binders of structs recurse over them.
constexpr uint32_t kMaxRecordNesting = 64;
// Fields of a record with those of the records in it: what JSON input and a binding may have to lay out.
constexpr uint64_t kMaxRecordFields = 10'000;

constexpr std::string_view kDynamic[] = {"dyn", "any", "null", "null_type", "uint", "type"};

template <size_t n>
bool Contains(const std::string_view (&names)[n], std::string_view name) {
  return std::find(names, names + n, name) != names + n;
}

}  // namespace

std::optional<TypeId> Checker::ResolveType(TypeExprId id) {
  if (!id.valid()) return std::nullopt;
  const TypeExpr& type = ast_[id];
  std::optional<TypeId> resolved = type.arguments.empty() ? ResolveNamed(type) : ResolveGeneric(type);
  if (!resolved || !type.optional) return resolved;
  return types().OptionalOf(*resolved);
}

std::optional<TypeId> Checker::ResolveNamed(const TypeExpr& type) {
  const std::string& name = type.name.text;
  if (auto found = scope().types.find(name); found != scope().types.end()) return found->second;
  if (name.find('.') != std::string::npos) return ResolveModuleType(type);
  if (name == "list" || name == "set") {
    Report(Code::kWrongArity, type.name.span, fmt::format("`{}` needs the type of its elements", name),
           fmt::format("write `{}<string>`", name));
  } else if (name == "map") {
    Report(Code::kWrongArity, type.name.span, "`map` needs the types of its keys and values",
           "write `map<string, string>`");
  } else {
    ReportUnknownType(type);
  }
  return std::nullopt;
}

void Checker::ReportUnknownType(const TypeExpr& type) {
  if (Contains(kDynamic, type.name.text)) {
    return Report(Code::kDynamic, type.name.span,
                  fmt::format("there is no type `{}`: every type is known before a policy runs", type.name.text),
                  type.name.text == "uint" ? "use `int`" : "use `T?` for what may be missing");
  }
  std::vector<std::string_view> candidates = {"list", "set", "map"};
  for (const auto& [name, id] : scope().types) candidates.push_back(name);
  ReportUnknown(Code::kUnknownType, type.name, fmt::format("there is no type {}", Quoted(type.name.text)), candidates);
}

std::optional<TypeId> Checker::ResolveGeneric(const TypeExpr& type) {
  const std::string& name = type.name.text;
  size_t arity = name == "map" ? 2 : name == "list" || name == "set" ? 1 : 0;
  if (arity == 0) {
    bool known = scope().types.contains(name);
    if (known) Report(Code::kWrongArity, type.span, fmt::format("`{}` takes no type in angle brackets", name));
    if (!known) ReportUnknownType(type);
    return std::nullopt;
  }
  if (type.arguments.size() != arity) {
    Report(Code::kWrongArity, type.span,
           fmt::format("`{}` takes {} in angle brackets, not {}", name, arity == 1 ? "one type" : "two types",
                       type.arguments.size()));
    return std::nullopt;
  }
  std::vector<TypeId> arguments;
  for (TypeExprId argument : type.arguments) {
    std::optional<TypeId> resolved = ResolveType(argument);
    if (!resolved) return std::nullopt;
    if (types().IsOptional(*resolved)) {
      Report(Code::kType, ast_[argument].span, fmt::format("elements of a `{}` cannot be missing", name),
             "leave out the `?`");
      return std::nullopt;
    }
    arguments.push_back(*resolved);
  }
  if (name == "list") return types().ListOf(arguments[0]);
  if (name == "set") return types().SetOf(arguments[0]);
  if (!RequireKey(arguments[0], ast_[type.arguments[0]].span)) return std::nullopt;
  return types().MapOf(arguments[0], arguments[1]);
}

bool Checker::RequireKey(TypeId key, TextSpan place) {
  const TypeKind kind = types().kind(key);
  if (kind == TypeKind::kBool || kind == TypeKind::kInt || kind == TypeKind::kString || kind == TypeKind::kEnum) return true;
  Report(Code::kType, place, fmt::format("the keys of a map cannot be {}", ATypeName(key)),
         key == kDoubleType ? "doubles are no keys, since NaN equals nothing: use int or string"
                            : "use bool, int, string or an enum");
  return false;
}

// What engines build has to fit into one value of Moult's own layout.
void Checker::CheckSizesOfTypes() {
  for (uint32_t k = 0; k < records_.size(); ++k) {
    if (types().kind({k}) != TypeKind::kRecord || records_[k].state != State::kDone) continue;
    if (NativeLayout(types(), {k}) != nullptr) continue;
    Report(Code::kTooDeep, records_[k].place,
           fmt::format("the types in `{}` are nested too deep", types().record({k}).name));
    return;  // said once, not for each record that holds this one
  }
}

void Checker::CheckRecordNesting() {
  records_.resize(types().size());
  for (uint32_t k = 0; k < records_.size(); ++k) {
    if (types().kind({k}) != TypeKind::kRecord || MeasureRecord({k}, 0)) continue;
    if (records_[k].height > kMaxRecordNesting) return;  // said once, not for each record of a long chain
  }
}

// Fills in height and field count. False if the record contains itself, is beyond a limit, or holds a record that is;
// reports once.
bool Checker::MeasureRecord(TypeId id, uint32_t depth) {
  RecordShape& shape = records_[id.index];
  if (shape.state == State::kDone || shape.state == State::kBad) return shape.state == State::kDone;
  const std::string name = types().record(id).name;
  if (shape.state == State::kActive) {
    Report(Code::kRecursiveRecord, shape.place, fmt::format("record `{}` contains itself{}", name, CycleText(open_names_, name)),
           "the depth of an input is bounded: refer to other records by an id");
    return false;
  }
  shape.state = State::kActive;
  open_names_.push_back(name);
  bool fine = depth <= kMaxRecordNesting;
  bool too_deep = !fine;
  for (const RecordField& field : types().record(id).fields) {
    TypeId inner = field.type;
    while (types().kind(inner) == TypeKind::kOptional || types().kind(inner) == TypeKind::kList ||
           types().kind(inner) == TypeKind::kSet || types().kind(inner) == TypeKind::kMap)
      inner = types()[inner].element;
    ++shape.fields;
    if (types().kind(inner) != TypeKind::kRecord || !fine) continue;
    fine = MeasureRecord(inner, depth + 1);
    shape.height = std::max(shape.height, records_[inner.index].height + 1);
    shape.fields = std::min(shape.fields + records_[inner.index].fields, kMaxRecordFields + 1);
  }
  open_names_.pop_back();
  if (too_deep || (fine && shape.height > kMaxRecordNesting)) {
    Report(Code::kTooDeep, shape.place,
           fmt::format("records are nested more than {} deep around `{}`", kMaxRecordNesting, name));
    fine = false;
  } else if (fine && shape.fields > kMaxRecordFields) {
    Report(Code::kTooLarge, shape.place,
           fmt::format("`{}` has more than {} fields with those of the records in it", name, kMaxRecordFields));
    fine = false;
  }
  shape.state = fine ? State::kDone : State::kBad;
  return fine;
}

}  // namespace moult::lang
