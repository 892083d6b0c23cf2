// Declarations and rules.
#include "tests/fuzz/policy_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace moult::fuzz {
namespace {

constexpr int kDepth = 4;    // of expressions
constexpr int kBudget = 40;  // expressions of a declaration
constexpr const char* kSeparators[] = {",", "\n", ",\n", ", "};

}  // namespace

PolicyText WritePolicy(std::span<const uint8_t> choices) { return PolicyWriter(Choices(choices)).Write(); }

PolicyText PolicyWriter::Write() {
  sloppy_ = c_.Chance(10);
  uses_module_ = c_.Chance(50);
  PolicyText text;
  text.module = Module();
  text.policy = Policy();
  return text;
}

std::string PolicyWriter::Module() {
  pool_ = {lang::kBoolType, lang::kIntType, lang::kDoubleType, lang::kStringType, lang::kBytesType,
           lang::kTimestampType, lang::kDurationType, lang::kIpType, lang::kCidrType};
  if (!uses_module_) return "module lib\n";
  MakeEnum();
  MakeRecord();
  for (size_t k = c_.Below(3); k > 0; --k) pool_.push_back(AnyType(1));
  for (size_t k = c_.Below(3); k > 0; --k) MakeConst();
  if (c_.Chance(50)) MakeList(Fresh("known"));
  for (size_t k = 1 + c_.Below(2); k > 0; --k) MakeFunction(Fresh("f"));
  const std::string text = "module lib\n" + Declarations();
  Qualify();
  return text;
}

void PolicyWriter::Qualify() {
  for (auto& [type, name] : declared_) name = "lib." + name;
  for (Variable& variable : scope_) variable.text = "lib." + variable.text;
  for (Callable& function : functions_) function.name = "lib." + function.name;
  for (std::string& list : lists_) list = "lib." + list;
}

std::string PolicyWriter::Policy() {
  std::string text = c_.Chance(20) ? "policy a.b.c\n" : "policy p\n";
  if (uses_module_) text += "use lib\n";
  for (size_t k = 1 + c_.Below(2); k > 0; --k) MakeEnum();
  for (size_t k = 1 + c_.Below(2); k > 0; --k) MakeRecord();
  for (size_t k = 2 + c_.Below(6); k > 0; --k) pool_.push_back(AnyType(2));
  MakeInput();
  for (size_t k = c_.Below(3); k > 0; --k) MakeConst();
  if (c_.Chance(60)) MakeList(Fresh("known"));
  for (size_t k = c_.Below(3); k > 0; --k) MakeSource();
  MakeDecide();
  std::vector<Variable> outside;
  std::swap(outside, scope_);
  for (size_t k = c_.Below(3); k > 0; --k) MakeFunction(Fresh("f"));
  scope_ = std::move(outside);
  for (const lang::RecordField& field : input_) AddPaths(field.name, field.type, 2);
  if (c_.Chance(3)) Declare("budget 9000000000000000000");  // an error where nothing bounds the cost
  for (size_t k = c_.Below(4); k > 0; --k) MakeLet();
  for (size_t k = 1 + c_.Below(5); k > 0; --k) MakeRule();
  for (size_t k = c_.Below(3); k > 0; --k) MakeTest();
  return text + Declarations();
}

// They may stand in any order.
std::string PolicyWriter::Declarations() {
  std::string text;
  for (size_t k = 0; k < declarations_.size(); ++k) {
    if (c_.Chance(15)) std::swap(declarations_[k], declarations_[k + c_.Below(declarations_.size() - k)]);
    text += declarations_[k];
    text += c_.Chance(10) ? " // a comment\n\n" : "\n";
  }
  declarations_.clear();
  return text;
}

// ---- types

TypeId PolicyWriter::ScalarType() { return c_.Of(std::array{lang::kIntType, lang::kBoolType, lang::kStringType, lang::kDoubleType,
    lang::kTimestampType, lang::kDurationType, lang::kIpType, lang::kCidrType, lang::kBytesType}); }

// One that elements of collections may have.
TypeId PolicyWriter::AnyType(int depth) {
  if (depth == 0) return ScalarType();
  switch (c_.Below(7)) {
    case 0: return ScalarType();
    case 1: return PoolType();
    case 2: case 3: return types_.ListOf(AnyType(depth - 1));
    case 4: return types_.SetOf(AnyType(depth - 1));
    default: return types_.MapOf(c_.Of(std::array{lang::kStringType, lang::kIntType, lang::kBoolType}), AnyType(depth - 1));
  }
}

std::string PolicyWriter::TypeText(TypeId type) const {
  if (const auto found = declared_.find(type.index); found != declared_.end()) return found->second;
  const lang::Type& t = types_[type];
  switch (t.kind) {
    case TypeKind::kList: return "list<" + TypeText(t.element) + ">";
    case TypeKind::kSet: return "set<" + TypeText(t.element) + ">";
    case TypeKind::kMap: return "map<" + TypeText(t.key) + ", " + TypeText(t.element) + ">";
    case TypeKind::kOptional: return TypeText(t.element) + "?";
    default: return types_.Name(type);
  }
}

void PolicyWriter::MakeEnum() {
  lang::EnumType type{Fresh("E"), {}};
  for (size_t k = 1 + c_.Below(4); k > 0; --k) type.enumerators.push_back(fmt::format("e{}", type.enumerators.size()));
  Declare(fmt::format("enum {} {{ {} }}", type.name, fmt::join(type.enumerators, c_.Of(kSeparators))));
  const std::string name = type.name;
  const TypeId id = types_.AddEnum(std::move(type));
  declared_[id.index] = name;
  pool_.push_back(id);
}

void PolicyWriter::MakeRecord() {
  lang::RecordType type{Fresh("R"), {}};
  std::vector<std::string> fields;
  for (size_t k = 1 + c_.Below(4); k > 0; --k) {
    TypeId field = c_.Chance(50) ? PoolType() : AnyType(1);
    if (c_.Chance(25)) field = types_.OptionalOf(field);
    type.fields.push_back({fmt::format("a{}", type.fields.size()), field});
    fields.push_back(type.fields.back().name + ": " + TypeText(field));
  }
  Declare(fmt::format("record {} {{ {} }}", type.name, fmt::join(fields, c_.Of(kSeparators))));
  const std::string name = type.name;
  const TypeId id = types_.AddRecord(std::move(type));
  declared_[id.index] = name;
  pool_.push_back(id);
}

// A field of every type of the pool, so that every type has a value.
void PolicyWriter::MakeInput() {
  std::vector<TypeId> wanted = pool_;
  for (size_t k = c_.Below(5); k > 0; --k) wanted.push_back(types_.OptionalOf(PoolType()));
  std::vector<std::string> fields;
  for (const TypeId type : wanted) {
    if (input_.size() > 8 && c_.Chance(30)) continue;
    input_.push_back({Fresh("i"), type});
    const TypeId payload = KindOf(type) == TypeKind::kOptional ? ElementOf(type) : type;
    const bool sized = lang::HasSize(KindOf(payload)) && KindOf(payload) != TypeKind::kBytes;
    fields.push_back(input_.back().name + ": " + TypeText(type) + (sized && c_.Chance(30) ? " max 64" : ""));
  }
  Declare(fmt::format("input {{\n{}\n}}", fmt::join(fields, c_.Of(kSeparators))));
}

void PolicyWriter::AddPaths(const std::string& path, TypeId type, int depth) {
  scope_.push_back({path, type, true});
  if (KindOf(type) != TypeKind::kRecord || depth == 0) return;
  const std::vector<lang::RecordField> fields = types_.record(type).fields;
  for (const lang::RecordField& field : fields) AddPaths(path + "." + field.name, field.type, depth - 1);
}

// ---- values and functions

void PolicyWriter::MakeConst() {
  budget_ = 6;
  const std::string name = Fresh("K");
  const TypeId type = c_.Chance(70) ? ScalarType() : types_.ListOf(ScalarType());
  std::vector<Variable> outside;
  std::swap(outside, scope_);
  Declare("const " + name + " = " + Literal(type, 1).text);
  scope_ = std::move(outside);
  scope_.push_back({name, type});
}

std::string PolicyWriter::ParametersText(const std::vector<TypeId>& types, std::vector<Variable>& variables) {
  std::vector<std::string> parameters;
  for (const TypeId type : types) {
    variables.push_back({Fresh("p"), type, true});
    parameters.push_back(variables.back().text + ": " + TypeText(type));
  }
  return fmt::format("({})", fmt::join(parameters, ", "));
}

void PolicyWriter::MakeFunction(const std::string& name) {
  budget_ = kBudget / 2;
  Callable function{name, {}, PoolType()};
  for (size_t k = c_.Below(4); k > 0; --k) function.parameters.push_back(c_.Chance(20) ? types_.OptionalOf(PoolType()) : PoolType());
  const size_t outside = scope_.size();
  std::vector<Variable> variables;
  const std::string parameters = ParametersText(function.parameters, variables);
  scope_.insert(scope_.end(), variables.begin(), variables.end());
  Declare("fn " + name + parameters + " -> " + TypeText(function.result) + " = " + Expression(function.result, kDepth - 1).text);
  scope_.resize(outside);
  functions_.push_back(std::move(function));
}

void PolicyWriter::MakeSource() {
  Callable source{Fresh("s"), {}, ScalarType()};
  for (size_t k = c_.Below(3); k > 0; --k) source.parameters.push_back(ScalarType());
  std::vector<Variable> variables;
  Declare("source " + source.name + ParametersText(source.parameters, variables) + " -> " + TypeText(source.result));
  sources_.push_back(std::move(source));
}

void PolicyWriter::MakeList(const std::string& name) {
  Declare("list " + name + ": set<string> from \"" + name + ".txt\"");
  lists_.push_back(name);
}

void PolicyWriter::MakeLet() {
  budget_ = kBudget;
  const TypeId type = PoolType();
  const std::string name = Fresh("v");
  Declare("let " + name + " = " + Expression(type, kDepth).text);
  scope_.push_back({name, type});
}

// ---- deciding

void PolicyWriter::MakeDecide() {
  switch (c_.Below(4)) {
    case 0:
      verdicts_ = {"allow", "review", "block"};
      return Declare("decide severest [allow < review < block] default " + c_.Of(verdicts_));
    case 1:
      verdicts_ = {"permit", "forbid"};
      return Declare("decide forbid_overrides default " + c_.Of(verdicts_));
    case 2:
      verdicts_ = {"cache", "api", "reject"};
      return Declare("decide first_match [cache, api, reject] default " + c_.Of(verdicts_));
    default:
      scores_ = true;
      verdicts_ = {"allow", "challenge", "block"};
      return Declare(fmt::format("decide score {{>= {}: block, >= -{}: challenge}} default allow", 40 + c_.Below(100), c_.Below(20)));
  }
}

std::string PolicyWriter::Verdict() { return c_.Of(verdicts_); }

void PolicyWriter::MakeRule() {
  budget_ = kBudget;
  WrittenRule rule{Fresh("r"), c_.Of(std::array{"", "", "", " mode live", " mode shadow", " mode off"})};
  std::string text = "rule " + rule.name + rule.mode;
  const size_t on_error = c_.Below(8);
  if (on_error >= 6) text += on_error == 6 ? " on_error skip" : " on_error fire";
  text += " {\n  when " + Expression(lang::kBoolType, kDepth).text + "\n";
  if (c_.Chance(25)) text += "  unless " + Expression(lang::kBoolType, kDepth - 1).text + "\n";
  std::vector<std::string> items;
  rule.has_reason = c_.Chance(40);
  const bool alone = rule.has_reason && c_.Chance(20);
  if (!alone || c_.Chance(50)) items.push_back(Effect());
  if (rule.has_reason) {
    if (alone) items.push_back("reason " + Reason());
    else items.back() += " " + Reason();
  }
  for (size_t k = c_.Below(3); k > 0; --k) items.push_back(fmt::format("tag \"t{}\"", k));
  if (c_.Chance(25)) items.push_back("emit " + Emitted());
  text += fmt::format("  then {}", fmt::join(items, ", "));
  Declare(text + (c_.Chance(20) ? " }" : "\n}"));
  rules_.push_back(std::move(rule));
}

std::string PolicyWriter::Effect() {
  return scores_ ? fmt::format("score {}{}", c_.Chance(30) ? "-" : "+", c_.Below(100)) : Verdict();
}

// Every `emit` of a name has arguments of the same types: the name says which.
std::string PolicyWriter::Emitted() {
  if (c_.Chance(20)) return "alarm()";
  const TypeId type = ScalarType();
  return "watch_" + TypeText(type) + "(" + Expression(type, 2).text + ", " + Leaf(lang::kStringType).text + ")";
}

std::string PolicyWriter::Reason() {
  std::string text = c_.Chance(50) ? "of " : "{{";
  for (size_t k = c_.Below(3); k > 0; --k) {
    const TypeId type = ScalarType();
    std::string part = c_.Chance(50) ? Expression(type, 2).text : Leaf(c_.Chance(70) ? type : types_.OptionalOf(type)).text;
    // What the literal around it gives a meaning of its own.
    if (part.find_first_of("\"'\\{}\n") != std::string::npos) part = c_.Chance(50) ? "1 / 0" : "-1.5";
    text += "{" + part + "}, ";
  }
  return "\"" + text + (c_.Chance(30) ? "\\n}}" : "") + "\"";
}

}  // namespace moult::fuzz
