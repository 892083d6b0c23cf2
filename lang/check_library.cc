// Calls of library functions: which overload is meant.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"
#include "lang/fold.h"
#include "lang/time_zone.h"

namespace moult::lang {
namespace {

bool IsFoldable(TypeId type) { return type.index <= kCidrType.index; }

// How a text that a conversion refuses should have been written; null for an error of another kind.
const char* HintFor(ErrorKind error) {
  switch (error) {
    case ErrorKind::kBadTimestamp:
      return "write it as RFC 3339 has it: `timestamp(\"2026-01-02T03:04:05Z\")`";
    case ErrorKind::kBadDuration:
      return "write numbers with h, m, s, ms, us or ns: `duration(\"1h30m\")`";
    case ErrorKind::kBadIp:
      return "write `ip(\"192.0.2.1\")` or `ip(\"2001:db8::1\")`";
    case ErrorKind::kBadCidr:
      return "write `cidr(\"192.0.2.0/24\")` or `cidr(\"2001:db8::/32\")`";
    case ErrorKind::kBadTimeZone:
      return "name one as `\"Europe/Paris\"`, or write an offset: `\"+02:00\"`";
    default:
      return nullptr;
  }
}

}  // namespace

// What `math.abs` is called in the table, when `math` and `abs` are the parts of a method call.
std::string Checker::QualifiedName(const Expr& e) const {
  const Expr& base = ast_[e.children[0]];
  return base.kind == ExprKind::kName ? base.text + "." + e.text : std::string();
}

// Whether the expression is the name of a namespace, `math`, and of nothing else.
bool Checker::IsNamespace(const Expr& e) const {
  if (e.kind != ExprKind::kName || FindBinding(e.text) != nullptr || scope().globals.contains(e.text)) return false;
  const std::string prefix = e.text + ".";
  return std::ranges::any_of(FunctionNames(), [&](std::string_view name) { return name.starts_with(prefix); });
}

// Argument k of a call, the receiver of a method being its first.
std::string Checker::ArgumentText(const Expr& e, size_t k) const {
  if (e.kind != ExprKind::kMethod) return fmt::format("argument {} of `{}`", k + 1, e.text);
  if (k == 0) return fmt::format("what `{}` is called on", e.text);
  return fmt::format("argument {} of `{}`", k, e.text);
}

Checked Checker::CheckLibraryCall(const Expr& e, std::span<const ExprId> arguments,
                                  std::vector<const FunctionInfo*> overloads) {
  const auto arity = [](const FunctionInfo* function) { return function->parameters.size(); };
  const auto [least, most] = std::ranges::minmax(overloads, {}, arity);
  const size_t receiver = e.children.size() - arguments.size();  // of math.abs(x): `math`, which is none
  if (!CheckArity(e, arguments.size() + receiver, arity(least) + receiver, arity(most) + receiver)) return Checked::Bad();
  std::vector<Candidate> candidates;
  for (const FunctionInfo* function : overloads) {
    if (arity(function) == arguments.size()) candidates.push_back({function, {}});
  }
  std::vector<Checked> values(arguments.size());
  bool fine = !candidates.empty();
  // A literal that leaves its type open takes it from the other arguments.
  for (const bool open : {false, true}) {
    for (size_t k = 0; k < arguments.size(); ++k) {
      if ((EmptyHeight(arguments[k]) > 0) != open) continue;
      const bool lost = k > 0 && values[0].bad && e.kind == ExprKind::kMethod;  // what the arguments should be
      if (!lost && (fine || !open)) values[k] = CheckOverloaded(e, arguments, k, candidates);
      if (lost) values[k] = CheckUnlessLost(arguments[k], {}, lost);
      fine = fine && !values[k].bad;
    }
  }
  return fine ? MakeLibraryCall(e, candidates.front(), values) : Checked::Bad();
}

// The type that a literal which leaves its own open takes of the first candidate whose parameter k is of its kind.
Checker::Expected Checker::TypeOfLiteral(ExprId id, const std::vector<Candidate>& candidates, size_t k) {
  const TypeKind kind = ast_[id].kind == ExprKind::kList ? TypeKind::kList : TypeKind::kMap;
  for (const Candidate& candidate : candidates) {
    const Expected type = Substitute(types(), candidate.function->parameters[k], candidate.bindings);
    if (type && types().kind(*type) == kind) return type;
  }
  return std::nullopt;
}

// Argument k, which leaves of the candidates those whose parameter it fits. Reports when it fits none, and then leaves them all.
Checked Checker::CheckOverloaded(const Expr& e, std::span<const ExprId> arguments, size_t k,
                                 std::vector<Candidate>& candidates) {
  std::vector<std::string> texts;
  Expected common;
  for (const Candidate& candidate : candidates) {
    const TypePattern& parameter = candidate.function->parameters[k];
    const Expected type = Substitute(types(), parameter, candidate.bindings);
    common = texts.empty() || type == common ? type : std::nullopt;
    const std::string text = type ? ATypeName(*type) : fmt::format("a `{}`", PatternText(parameter));
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
  if (texts.size() > 1) common = EmptyHeight(arguments[k]) > 0 ? TypeOfLiteral(arguments[k], candidates, k) : std::nullopt;
  Checked value = CheckPlain(arguments[k], common);
  if (value.bad) return value;
  std::vector<Candidate> fitting;
  for (Candidate candidate : candidates) {
    if (Unify(types(), candidate.function->parameters[k], value.type, candidate.bindings)) fitting.push_back(candidate);
  }
  if (!fitting.empty()) {
    candidates = std::move(fitting);
    return value;
  }
  const size_t receiver = e.children.size() - arguments.size();
  const std::string what = ArgumentText(e, k + receiver);
  if (k == 0 && e.text == "contains" && value.type == kCidrType) {
    Report(Code::kUnknownFunction, e.name_span, "a `cidr` has no `contains`", "write `containsIP` or `containsCIDR`");
  } else if (common && types().IsComposite(*common) && types().AreComparable(value.type, *common)) {
    Report(Code::kDynamic, ast_[arguments[k]].span,
           fmt::format("{} is {}, but {} is expected", what, ATypeName(value.type), ATypeName(*common)));
  } else if (common) {
    Coerce(value, *common, arguments[k], what);  // reports
  } else {
    Report(Code::kType, ast_[arguments[k]].span,
           fmt::format("{} is {}, but {} is expected", what, ATypeName(value.type), fmt::join(texts, " or ")));
  }
  return Checked::Bad();
}

Checked Checker::MakeLibraryCall(const Expr& e, const Candidate& chosen, const std::vector<Checked>& arguments) {
  const FunctionInfo& function = *chosen.function;
  const char* fails = nullptr;
  const TypeId result = *Substitute(types(), function.result, chosen.bindings);
  std::vector<const Constant*> constants;
  std::vector<TypeId> argument_types;
  for (const Checked& value : arguments) {
    if (value.constant && IsFoldable(value.type)) constants.push_back(&*value.constant);
    argument_types.push_back(value.type);
  }
  const bool folds = function.op == Op::kCall && !function.generic && IsFoldable(result) && constants.size() == arguments.size();
  if (folds) {
    Result<Constant, ErrorKind> folded = FoldCall(function.function, result, constants, argument_types);
    if (folded && folds_) return MakeConstant(result, std::move(*folded));
    if (!folded && HintFor(folded.error()) != nullptr) return ReportBadConstant(e, *constants.back(), folded.error());
    if (!folded) fails = ErrorText(folded.error());
  }
  const bool zone = arguments.size() == 2 && arguments[0].type == kTimestampType && arguments[1].type == kStringType;
  if (zone && arguments[1].constant && !ZoneOffset(arguments[1].constant->text, 0)) {
    return ReportBadConstant(e, *arguments[1].constant, ErrorKind::kBadTimeZone);
  }
  std::vector<NodeId> nodes;
  for (const Checked& value : arguments) nodes.push_back(Use(value));
  const uint64_t imm = function.op == Op::kCall ? static_cast<uint64_t>(function.function) : 0;
  Checked value = MakeOf(function.op, result, nodes, e.span, imm);
  value.fails = fails;
  return value;
}

// A constant text, the last argument, that the function will never take: better said now than at every request.
Checked Checker::ReportBadConstant(const Expr& e, const Constant& text, ErrorKind error) {
  Report(Code::kBadConstant, ast_[e.children.back()].span, fmt::format("{}: {}", ErrorText(error), Quoted(text.text)), HintFor(error));
  return Checked::Bad();
}

}  // namespace moult::lang
