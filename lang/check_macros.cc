// The macros: expressions computed for each element of a collection.
#include <fmt/format.h>

#include <algorithm>

#include "lang/builtins.h"
#include "lang/checker.h"

namespace moult::lang {
namespace {

// What a macro takes after its variables, beside a predicate that may stand before it.
enum class Body : uint8_t { kCondition, kFilter, kValue, kMappedValue, kEntry };

struct Macro {
  std::string_view name;
  Op op;
  Body body;
  uint8_t least_variables;
  uint8_t most_variables;
};

constexpr Macro kMacros[] = {
    {"all", Op::kAll, Body::kCondition, 1, 2},
    {"exists", Op::kExists, Body::kCondition, 1, 2},
    {"existsOne", Op::kExistsOne, Body::kCondition, 1, 2},
    {"exists_one", Op::kExistsOne, Body::kCondition, 1, 2},
    {"filter", Op::kToList, Body::kFilter, 1, 1},
    {"map", Op::kToList, Body::kValue, 1, 1},
    {"transformList", Op::kToList, Body::kValue, 2, 2},
    {"transformMap", Op::kToMap, Body::kMappedValue, 2, 2},
    {"transformMapEntry", Op::kToMap, Body::kEntry, 2, 2},
};

const Macro* FindMacro(std::string_view name) {
  const Macro* found = std::ranges::find(kMacros, name, &Macro::name);
  return found == std::end(kMacros) ? nullptr : found;
}

bool MayHavePredicate(const Macro& macro) { return macro.body != Body::kCondition && macro.body != Body::kFilter; }

}  // namespace

bool IsMacro(std::string_view name) { return FindMacro(name) != nullptr; }

std::vector<std::string_view> MacroNames() {
  std::vector<std::string_view> names;
  for (const Macro& macro : kMacros) names.push_back(macro.name);
  return names;
}

// Whether the argument is the name of a variable. Reports.
bool Checker::RequireVariable(const Expr& e, ExprId id) {
  const Expr& variable = ast_[id];
  if (variable.kind == ExprKind::kName) return true;
  if (variable.kind == ExprKind::kError) return false;
  const bool is_first = id.index == e.children[1].index;
  Report(Code::kNotAValue, variable.span,
         fmt::format("the {} argument of `{}` is the name of a variable", is_first ? "first" : "second", e.text),
         fmt::format("write `.{}({}, ...)`", e.text, is_first ? "x" : "k, v"));
  return false;
}

// Brings the variables of a comprehension over `collection` into scope; nothing after a report.
std::optional<Variables> Checker::BindVariables(const Expr& e, const Checked& collection, size_t count) {
  const Type type = types()[collection.type];
  if (type.kind != TypeKind::kList && type.kind != TypeKind::kSet && type.kind != TypeKind::kMap) {
    Report(Code::kType, ast_[e.children[0]].span,
           fmt::format("`{}` goes over a list, set or map, but this is {}", e.text, ATypeName(collection.type)));
    return std::nullopt;
  }
  const bool two = count == 2;
  if (two && type.kind == TypeKind::kSet) {
    Report(Code::kType, ast_[e.children[0]].span, "a set has no positions: there is nothing for a second variable",
           fmt::format("write `.{}(x, ...)`", e.text));
    return std::nullopt;
  }
  const auto bind = [&](const Expr& variable, TypeId of) {
    const LocalId local = builder_.AddLocal(variable.text, of);
    Checked item = Make(Op::kLocal, of, {}, variable.span, local);
    item.path = narrowing_.NewRoot();
    bindings_.push_back({variable.text, std::move(item)});
    return local;
  };
  Variables variables;
  variables.first = bind(ast_[e.children[1]], type.kind == TypeKind::kMap ? type.key : two ? kIntType : type.element);
  if (two) variables.second = bind(ast_[e.children[2]], type.element);
  return variables;
}

Checked Checker::CheckMacro(const Expr& e) {
  const Macro& macro = *FindMacro(e.text);
  const size_t given = e.children.size();
  const size_t extra = MayHavePredicate(macro) ? 1 : 0;
  if (!CheckArity(e, given, 2u + macro.least_variables, 2u + macro.most_variables + extra)) return Checked::Bad();
  const size_t variables = macro.most_variables > macro.least_variables ? given - 2 : macro.most_variables;
  const size_t body = 1 + variables;
  Checked collection = CheckPlain(e.children[0]);
  bool fine = !collection.bad;
  for (size_t k = 1; k < body; ++k) fine = RequireVariable(e, e.children[k]) && fine;
  if (fine && variables == 2 && ast_[e.children[1]].text == ast_[e.children[2]].text) {
    Report(Code::kDuplicateName, ast_[e.children[2]].span, fmt::format("the variable `{}` is named twice", ast_[e.children[2]].text));
    fine = false;
  }
  if (!fine) return Checked::Bad();
  const NodeId values = Use(collection);
  const size_t outer = bindings_.size();
  const std::optional<Variables> bound = BindVariables(e, collection, variables);
  Checked result = Checked::Bad();
  if (bound && macro.body == Body::kCondition) {
    Checked condition = CheckBool(e.children[body], fmt::format("the condition of `{}`", e.text));
    if (!condition.bad) result = Make(macro.op, kBoolType, {values, Use(condition)}, e.span, bound->imm());
  } else if (bound) {
    const bool has_predicate = macro.body == Body::kFilter || given == body + 2;
    result = CheckTransform(e, values, *bound, std::span(e.children).subspan(body), has_predicate);
  }
  bindings_.resize(outer);
  return result;
}

// `bodies`: the predicate if there is one, then what is made of each element; nothing more for `filter`.
Checked Checker::CheckTransform(const Expr& e, NodeId values, Variables variables, std::span<const ExprId> bodies,
                                bool has_predicate) {
  const Macro& macro = *FindMacro(e.text);
  std::vector<NodeId> operands = {values};
  Facts facts;
  if (has_predicate) {
    Checked predicate = CheckBool(bodies[0], fmt::format("the condition of `{}`", e.text));
    if (predicate.bad) return predicate;
    operands.push_back(Use(predicate));
    facts = predicate.facts;
  }
  Assumption assumption(narrowing_, facts.when_true);
  const auto local = [&](LocalId id) { return builder_.Add(Op::kLocal, builder_.program().locals[id].type, {}, e.span, id); };
  const auto make_map = [&](NodeId key, TypeId key_type, const Checked& value) {
    operands.push_back(key);
    operands.push_back(Use(value));
    return MakeOf(Op::kToMap, types().MapOf(key_type, value.type), operands, e.span, variables.imm());
  };
  if (macro.body == Body::kFilter) {
    const TypeId element = builder_.program().locals[variables.first].type;
    operands.push_back(local(variables.first));
    return MakeOf(Op::kToList, types().ListOf(element), operands, e.span, variables.imm());
  }
  const ExprId last = bodies.back();
  if (macro.body == Body::kEntry) {
    const Expr& entry = ast_[last];
    if (entry.kind != ExprKind::kMap || entry.children.size() != 2) {
      Report(Code::kType, entry.span, fmt::format("`{}` makes one entry of each element", e.text),
             "write `{key: value}`");
      return Checked::Bad();
    }
    Checked key = CheckPlain(entry.children[0]);
    Checked value = CheckPlain(entry.children[1]);
    if (key.bad || value.bad || !RequireKey(key.type, ast_[entry.children[0]].span)) return Checked::Bad();
    return make_map(Use(key), key.type, value);
  }
  Checked value = CheckPlain(last);
  if (value.bad) return value;
  if (macro.body == Body::kMappedValue) {
    return make_map(local(variables.first), builder_.program().locals[variables.first].type, value);
  }
  operands.push_back(Use(value));
  return MakeOf(Op::kToList, types().ListOf(value.type), operands, e.span, variables.imm());
}

}  // namespace moult::lang
