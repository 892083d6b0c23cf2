// Calls: functions, methods, comprehensions and sources.
#include <fmt/format.h>

#include <algorithm>

#include "lang/builtins.h"
#include "lang/checker.h"
#include "lang/checker_scope.h"
#include "lang/regex.h"

namespace moult::lang {

void Checker::ReportIfBuiltin(const Name& name) {
  if (!IsBuiltin(name.text)) return;
  Report(Code::kDuplicateName, name.span, fmt::format("`{}` is a function of the language", name.text),
         "choose another name");
}

Checked Checker::CheckCall(const Expr& e) {
  if (e.text == "has") return CheckHas(e);
  if (e.text == "size") return CheckSize(e);
  if (e.text == "matches") return CheckMatches(e);
  if (auto global = scope().globals.find(e.text); global != scope().globals.end()) {
    if (global->second.kind == GlobalKind::kFunction) return CheckFunctionCall(e, global->second.index);
    if (global->second.kind == GlobalKind::kSource) return CheckSourceCall(e, global->second.index);
  }
  std::vector<const FunctionInfo*> overloads = FindFunctions(e.text, /*as_method=*/false);
  if (overloads.empty()) return ReportUnknownFunction(e, false);
  return CheckLibraryCall(e, e.children, std::move(overloads));
}

Checked Checker::CheckMethod(const Expr& e) {
  if (const UseDecl* use = FindUse(ast_[e.children[0]])) return CheckModuleCall(e, *use);
  const std::string qualified = QualifiedName(e);
  if (std::vector<const FunctionInfo*> overloads = FindFunctions(qualified, /*as_method=*/false); !overloads.empty()) {
    if (qualified == "math.greatest" || qualified == "math.least") return CheckExtreme(e, overloads);
    return CheckLibraryCall(e, std::span(e.children).subspan(1), std::move(overloads));
  }
  if (IsNamespace(ast_[e.children[0]])) {
    ReportUnknown(Code::kUnknownFunction, {qualified, {ast_[e.children[0]].span.begin, e.name_span.end}},
                  fmt::format("there is no function {}", Quoted(qualified)), FunctionNames());
    return Checked::Bad();
  }
  if (e.text == "size") return CheckSize(e);
  if (e.text == "matches") return CheckMatches(e);
  if (e.text == "format") return CheckFormat(e);
  if (IsMacro(e.text)) return CheckMacro(e);
  if (e.text == "first" || e.text == "last") return CheckEnd(e);
  if (e.text == "flatten") return CheckFlatten(e);
  if (e.text == "sortBy") return CheckSortBy(e);
  std::vector<const FunctionInfo*> overloads = FindFunctions(e.text, /*as_method=*/true);
  if (overloads.empty()) return ReportUnknownFunction(e, true);
  return CheckLibraryCall(e, e.children, std::move(overloads));
}

Checked Checker::ReportUnknownFunction(const Expr& e, bool is_method) {
  if (is_method && IsUnknownName(ast_[e.children[0]])) return CheckName(ast_[e.children[0]]);  // reports
  auto global = scope().globals.find(e.text);
  bool callable = global != scope().globals.end() &&
                  (global->second.kind == GlobalKind::kFunction || global->second.kind == GlobalKind::kSource);
  if (IsBuiltin(e.text) && !is_method) {
    Report(Code::kUnknownFunction, e.name_span, fmt::format("`{}` is a method", e.text),
           fmt::format("write `x.{}(...)`", e.text));
  } else if (callable || (is_method && IsBuiltin(e.text))) {
    Report(Code::kUnknownFunction, e.name_span, fmt::format("`{}` is a function, not a method", e.text),
           fmt::format("write `{}(x)`", e.text));
  } else if (IsDynamicBuiltin(e.text)) {
    Report(Code::kDynamic, e.name_span,
           fmt::format("there is no `{}`: every type is known before a policy runs", e.text));
  } else if (!is_method && (global != scope().globals.end() || FindBinding(e.text) != nullptr)) {
    Report(Code::kUnknownFunction, e.name_span, fmt::format("`{}` is no function", e.text),
           "leave out the parentheses");
  } else {
    std::vector<std::string_view> candidates = BuiltinNames();
    for (const auto& [name, known] : scope().globals) {
      if (!is_method && (known.kind == GlobalKind::kFunction || known.kind == GlobalKind::kSource))
        candidates.push_back(name);
    }
    ReportUnknown(Code::kUnknownFunction, {e.text, e.name_span},
                  fmt::format("there is no {} {}", is_method ? "method" : "function", Quoted(e.text)), candidates,
                  e.text == "not" && !is_method ? "write `!`" : "");
  }
  return Checked::Bad();
}

// `given` and the limits count the receiver of a method, the message does not.
bool Checker::CheckArity(const Expr& e, size_t given, size_t least, size_t most) {
  if (given >= least && given <= most) return true;
  size_t receiver = e.kind == ExprKind::kMethod ? 1 : 0;
  std::string wanted = fmt::format("{}", least - receiver);
  if (least != most) wanted += fmt::format("{}{}", most - least == 1 ? " or " : " to ", most - receiver);
  Report(Code::kWrongArity, e.span,
         fmt::format("`{}` takes {} argument{}, not {}", e.text, wanted, most - receiver == 1 ? "" : "s",
                     given - receiver));
  return false;
}

std::optional<std::vector<Checked>> Checker::CheckArguments(const Expr& e, const std::vector<TypeId>& parameters) {
  if (!CheckArity(e, e.children.size(), parameters.size(), parameters.size())) return std::nullopt;
  std::vector<Checked> values;
  bool fine = true;
  for (size_t k = 0; k < parameters.size(); ++k) {
    const bool lost = parameters[k] == kLostType;
    values.push_back(lost ? CheckUnlessLost(e.children[k], {}, lost) : CheckAs(e.children[k], parameters[k], ArgumentText(e, k)));
    fine = fine && !values.back().bad;
  }
  if (!fine) return std::nullopt;
  return values;
}

Checked Checker::CheckSize(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 1, 1)) return Checked::Bad();
  Checked value = CheckPlain(e.children[0]);
  if (value.bad) return value;
  if (!HasSize(types().kind(value.type))) {
    Report(Code::kType, ast_[e.children[0]].span, fmt::format("{} has no size", ATypeName(value.type)));
    return Checked::Bad();
  }
  return Make(Op::kSize, kIntType, {Use(value)}, e.span);
}

Checked Checker::CheckMatches(const Expr& e) {
  std::optional<std::vector<Checked>> values = CheckArguments(e, {kStringType, kStringType});
  if (!values) return Checked::Bad();
  const Checked& pattern = (*values)[1];
  TextSpan place = ast_[e.children[1]].span;
  if (!pattern.constant) {
    Report(Code::kNotConstant, place, "the pattern of `matches` is no constant: it is compiled with the policy",
           "to look for text that is computed use `contains`");
    return Checked::Bad();
  }
  std::string error;
  if (Regex::Create(pattern.constant->text, &error) == nullptr) {
    Report(Code::kBadRegex, place, fmt::format("this is no regular expression: {}", error));
    return Checked::Bad();
  }
  return Make(Op::kMatches, kBoolType, {Use((*values)[0])}, e.span, builder_.AddRegex(pattern.constant->text));
}

// What `has` and `??` look at: an optional, where `m[k]` and `m.k` of a map are one too.
Checked Checker::CheckPresence(ExprId id) {
  const Expr& e = ast_[id];
  if (e.kind == ExprKind::kSelect && !IsScopeName(e.children[0])) {
    Checked base = CheckPlain(e.children[0]);
    if (base.bad || types().kind(base.type) != TypeKind::kMap) return SelectField(e, base);
    return MakeMapAccess(Op::kMapFind, e, base, SelectedKey(e));
  }
  if (e.kind != ExprKind::kIndex) return CheckRaw(id);
  Checked base = CheckPlain(e.children[0]);
  Checked key = CheckPlain(e.children[1]);
  if (base.bad || key.bad) return Checked::Bad();
  Type type = types()[base.type];
  if (type.kind != TypeKind::kMap) {
    Report(Code::kType, e.span,
           fmt::format("only an element of a map can be absent, but this is {}", ATypeName(base.type)),
           type.kind == TypeKind::kList ? "compare the index with `size`" : "");
    return Checked::Bad();
  }
  if (!Coerce(key, type.key, e.children[1], "the key")) return Checked::Bad();
  return MakeMapAccess(Op::kMapFind, e, base, key);
}

Checked Checker::CheckHas(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 1, 1)) return Checked::Bad();
  Checked operand = CheckPresence(e.children[0]);
  if (operand.bad) return operand;
  const ExprKind kind = ast_[e.children[0]].kind;
  const bool is_path = kind == ExprKind::kName || kind == ExprKind::kSelect || kind == ExprKind::kIndex;
  if (!types().IsOptional(operand.type) && !is_path) {
    Report(Code::kType, ast_[e.children[0]].span,
           fmt::format("{} is never missing: `has` asks for a field or an element", ATypeName(operand.type)),
           "write `has(x.field)` or `has(m[key])`");
    return Checked::Bad();
  }
  if (!types().IsOptional(operand.type)) {
    Report(Code::kNeverMissing, e.span,
           fmt::format("this is always true: {} is never missing", ATypeName(operand.type)));
    return MakeConstant(kBoolType, {.integer = 1, .real = 0, .text = {}});
  }
  Checked value = Make(Op::kHas, kBoolType, {Use(operand)}, e.span);
  if (operand.path != kNoPath) value.facts.when_true = {operand.path};
  return value;
}

// A call of what was declared, but how has been reported: its arguments alone are checked.
Checked Checker::CheckLostCall(const Expr& e) {
  for (ExprId argument : e.children) CheckUnlessLost(argument, {}, /*lost=*/true);
  return Checked::Bad();
}

Checked Checker::CheckSourceCall(const Expr& e, uint32_t index) {
  const Signature& source = sources_[index];
  if (source.bad) return CheckLostCall(e);
  std::optional<std::vector<Checked>> values = CheckArguments(e, source.parameters);
  if (!values) return Checked::Bad();
  std::vector<NodeId> nodes;
  for (const Checked& value : *values) nodes.push_back(Use(value));
  return MakeOf(Op::kCallSource, source.result, nodes, e.span, index);
}

Checked Checker::CheckFunctionCall(const Expr& e, uint32_t index) {
  const Signature& function = functions_[index];
  if (ast_.functions[index].broken) return CheckLostCall(e);
  std::optional<std::vector<Checked>> values = CheckArguments(e, function.parameters);
  if (!values || function.bad) return Checked::Bad();
  if (bodies_apart_) return Make(Op::kLocal, function.result, {}, e.span, builder_.AddLocal(e.text, function.result));
  return Inline(e, index, std::move(*values));
}

// Whether it makes no difference how often, or whether at all, the value is computed: then a parameter is the argument
// itself. Nothing that can fail, since calls are by value: an argument that errs makes the call err.
bool Checker::IsFreeToRepeat(const Checked& value) const {
  if (value.is_constant()) return true;
  const Program& program = builder_.program();
  for (NodeId id = value.node;; id = program.operand(id, 0)) {
    switch (program[id].op) {
      case Op::kLocal:
      case Op::kInput:
      case Op::kListData:
        return true;
      case Op::kField:
        if (ReadsInput(program, id)) return false;
        break;
      default:
        return false;
    }
  }
}

// Puts the body of a function in place of the call, its parameters bound to the arguments.
Checked Checker::Inline(const Expr& e, uint32_t index, std::vector<Checked> arguments) {
  const FunctionDecl& decl = ast_.functions[index];
  struct Bound {
    NodeId value;
    LocalId local;
  };
  std::vector<Bound> bound;
  Outside outside(*this, decl.name.span);
  for (size_t k = 0; k < arguments.size(); ++k) {
    Checked parameter = std::move(arguments[k]);
    if (!IsFreeToRepeat(parameter)) {
      LocalId local = builder_.AddLocal(decl.parameters[k].name.text, parameter.type);
      bound.push_back({parameter.node, local});
      parameter = Make(Op::kLocal, parameter.type, {}, e.span, local);
    }
    parameter.facts = {};
    parameter.path = narrowing_.NewRoot();
    bindings_.push_back({decl.parameters[k].name.text, std::move(parameter)});
  }
  Checked value = CheckAs(decl.body, functions_[index].result, "the value of the function");
  for (size_t k = bound.size(); k-- > 0 && !value.bad;) {
    value = Make(Op::kBind, value.type, {bound[k].value, Use(value)}, e.span, bound[k].local);
  }
  value.facts = {};
  value.path = kNoPath;
  return value;
}

}  // namespace moult::lang
