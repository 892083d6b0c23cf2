// What the rest of the checker is made of: values, coercions, names in scope and the wording of common diagnostics.
#include <fmt/format.h>

#include "lang/checker.h"
#include "lang/foreign_names.h"

namespace moult::lang {
namespace {

// Finding the nearest name looks at every candidate; beyond this many unknown names hints are left out.
constexpr uint32_t kMaxSuggestions = 100;

}  // namespace

Checked Checker::Make(Op op, TypeId type, std::initializer_list<NodeId> operands, TextSpan place, uint64_t imm) {
  return MakeOf(op, type, {operands.begin(), operands.size()}, place, imm);
}

Checked Checker::MakeOf(Op op, TypeId type, std::span<const NodeId> operands, TextSpan place, uint64_t imm) {
  for (NodeId operand : operands) {
    if (!operand.valid()) return Limited(operand, type, place);
  }
  return Limited(builder_.Add(op, type, operands, place, imm), type, place);
}

Checked Checker::Limited(NodeId id, TypeId type, TextSpan place) {
  if (!id.valid()) {
    if (builder_.limit() == Builder::Limit::kDepth) {
      ReportTooDeep(place);
    } else if (builder_.limit() == Builder::Limit::kNodes) {
      Report(Code::kTooLarge, place,
             fmt::format("the policy has more than {} operations once functions are put in place", limits_.nodes),
             "functions that call functions many times multiply");
    }
    return Checked::Bad();
  }
  Checked value;
  value.type = type;
  value.node = id;
  return value;
}

Checked Checker::MakeConstant(TypeId type, Constant constant) {
  Checked value;
  value.type = type;
  value.constant = std::move(constant);
  return value;
}

NodeId Checker::Use(const Checked& value) {
  if (value.bad) return {};
  if (value.constant) return builder_.AddConstant(*value.constant, value.type);
  if (value.items) return builder_.AddConstants(*value.items, value.type);
  return value.node;
}

bool Checker::RequirePlain(const Checked& value, ExprId at) {
  if (value.bad) return false;
  if (!types().IsOptional(value.type)) return true;
  std::string path = PathText(at);
  std::string shown = path.empty() ? "this value" : "`" + path + "`";
  std::string fallback = DefaultText(types()[value.type].element);
  std::string test = fmt::format("test it first, `has({}) && ...`", path);
  std::string use_default = fmt::format("give a default, `{} ?? {}`", path.empty() ? "..." : path, fallback.empty() ? "..." : fallback);
  const bool testable = !path.empty() && value.path != kNoPath;  // of an entry of a map `has` says nothing that would be remembered
  std::string hint = !testable ? use_default : fallback.empty() ? test : test + ", or " + use_default;
  Report(Code::kMissing, ast_[at].span, fmt::format("{} may be missing: it is {}", shown, ATypeName(value.type)), hint);
  return false;
}

bool Checker::Coerce(Checked& value, TypeId type, ExprId at, std::string_view what) {
  if (value.bad) return false;
  if (value.type == type) return true;
  if (types().IsOptional(type) && types()[type].element == value.type) {
    Checked some = Make(Op::kSome, type, {Use(value)}, ast_[at].span);
    some.path = value.path;
    value = std::move(some);
    return !value.bad;
  }
  if (!types().IsOptional(type) && !RequirePlain(value, at)) return false;
  std::string hint;
  if (type == kDoubleType && value.type == kIntType && value.constant) {
    hint = fmt::format("write `{}.0`", value.constant->integer);
  } else if (types().kind(type) == TypeKind::kEnum && value.type == kStringType && value.constant) {
    hint = fmt::format("write `{}.{}`", types().enum_type(type).name, value.constant->text);
  } else if (HasText(types().kind(type)) && value.type == kStringType) {
    hint = fmt::format("write `{}(...)`", types().Name(type));
  }
  Report(Code::kType, ast_[at].span,
         fmt::format("{} is {}, but {} is expected", what, ATypeName(value.type), ATypeName(type)), hint);
  return false;
}

void Checker::Report(Code code, TextSpan place, std::string message, std::string hint) {
  reporter_.Report(code, place, std::move(message), std::move(hint));
}

void Checker::ReportTooDeep(TextSpan place) {
  Report(Code::kTooDeep, place, fmt::format("this is nested deeper than {}, counted through the functions and lets that it uses", kMaxDepth),
         "a chain of functions or lets that build on each other counts as one expression: make the chain shorter");
}

std::string Checker::Suggest(std::string_view name, const std::vector<std::string_view>& candidates) {
  if (++suggestions_ > kMaxSuggestions) return {};
  std::string_view nearest = Nearest(name, candidates);
  return nearest.empty() ? std::string() : fmt::format("did you mean `{}`?", nearest);
}

void Checker::ReportUnknown(Code code, const Name& name, std::string message,
                            const std::vector<std::string_view>& candidates, std::string hint) {
  if (MayHaveLost(code, name.text)) return;
  const auto [entry, is_new] = unknown_.try_emplace({code, scope_, message});
  Unknown& unknown = entry->second;
  unknown.places.try_emplace(name.span.begin, name.span);
  if (!is_new) return;
  const std::string_view native = code == Code::kUnknownFunction ? NativeName(name.text)
                                  : code == Code::kUnknownType   ? NativeType(name.text)
                                                                 : std::string_view();
  if (hint.empty()) hint = native.empty() ? Suggest(name.text, candidates) : fmt::format("did you mean `{}`?", native);
  unknown.hint = std::move(hint);
}

bool Checker::MayHaveLost(Code code, std::string_view name) const {
  switch (code) {
    case Code::kUnknownName: return ast_.lost_value || ast_.MayHaveLost(name);
    case Code::kUnknownFunction: return ast_.lost_function || ast_.MayHaveLost(name);
    case Code::kUnknownType: return ast_.lost_type || ast_.MayHaveLost(name);
    case Code::kUnknownRule: return ast_.lost_rule || ast_.MayHaveLost(name);
    default: return ast_.MayHaveLost(name);
  }
}

// What is not there is said once, where it is first missed.
void Checker::ReportUnknowns() {
  for (auto& [key, unknown] : unknown_) {
    std::string message = std::get<std::string>(key);
    const size_t more = unknown.places.size() - 1;
    if (more > 0) message += fmt::format(", here and at {} more place{}", more, more == 1 ? "" : "s");
    Report(std::get<Code>(key), unknown.places.begin()->second, std::move(message), std::move(unknown.hint));
  }
  unknown_.clear();
}

std::string Checker::ATypeName(TypeId type) const {
  std::string name = types().Name(type);
  bool vowel = std::string_view("aeioAEIO").find(name[0]) != std::string_view::npos;
  return (vowel ? "an `" : "a `") + name + "`";
}

std::string Checker::EnumOf(std::string_view enumerator) const {
  if (suggestions_ > kMaxSuggestions) return {};
  for (const EnumDecl& decl : ast_.enums) {
    for (const Name& name : decl.enumerators) {
      if (name.text == enumerator) return decl.name.text;
    }
  }
  return {};
}

std::string Checker::PathText(ExprId id) const {
  std::string fields;
  const Expr* e = &ast_[id];
  for (; e->kind == ExprKind::kSelect; e = &ast_[e->children[0]]) fields = "." + e->text + fields;
  return e->kind == ExprKind::kName ? e->text + fields : std::string();
}

std::string Checker::DefaultText(TypeId type) const {
  switch (types().kind(type)) {
    case TypeKind::kBool:
      return "false";
    case TypeKind::kInt:
      return "0";
    case TypeKind::kDouble:
      return "0.0";
    case TypeKind::kString:
      return "\"\"";
    case TypeKind::kEnum:
      return types().enum_type(type).name + "." + types().enum_type(type).enumerators[0];
    case TypeKind::kBytes:
      return "b\"\"";
    case TypeKind::kDuration:
      return "duration(\"0s\")";
    case TypeKind::kList:
      return "[]";
    default:
      return {};
  }
}

const Checker::Binding* Checker::FindBinding(std::string_view name) const {
  for (size_t k = bindings_.size(); k > frame_; --k) {
    if (bindings_[k - 1].name == name) return &bindings_[k - 1];
  }
  return nullptr;
}

std::vector<std::string_view> Checker::ValueNames() const {
  std::vector<std::string_view> names;
  for (size_t k = frame_; k < bindings_.size(); ++k) names.push_back(bindings_[k].name);
  for (const auto& [name, global] : scope().globals) {
    if (global.kind != GlobalKind::kFunction && global.kind != GlobalKind::kSource) names.push_back(name);
  }
  return names;
}

}  // namespace moult::lang
