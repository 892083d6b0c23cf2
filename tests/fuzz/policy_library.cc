// Literals, calls of the library, and macros.
#include <fmt/format.h>

#include <array>

#include "tests/fuzz/policy_writer.h"

namespace moult::fuzz {
namespace {

using lang::FunctionInfo;

constexpr const char* kInts[] = {"0", "1", "2", "3", "7", "-1", "100", "0x1f", "9223372036854775807", "-9223372036854775808", "4294967296"};
constexpr const char* kDoubles[] = {"0.0", "1.0", "-1.5", ".25", "1e300", "3e0", "9223372036854775808.0"};
constexpr const char* kStrings[] = {"\"\"", "\"a\"", "'ab'", "\"abc\"", "\"%61%2e\"", "\"&lt;b&amp\"", "\"\\u00e9\\n\"", "r\"\\d\"", "\"\"\"a\nb\"\"\"",
                                    "'say \"hi\"'", "\"\\U0001f600z\"", "\"Europe/Paris\"", "\"10.0.0.1\"", "\"abababababababababababababababababababab\""};
constexpr const char* kBytes[] = {"b\"\"", "b'a'", "b\"ab\"", "b\"\\xff\\000\"", "br\"\\x\""};
constexpr const char* kMoments[] = {"timestamp(0)", "timestamp(\"2026-01-02T03:04:05Z\")", "timestamp(\"0001-01-01T00:00:00Z\")",
                                    "timestamp(\"9999-12-31T23:59:59.999999999Z\")", "timestamp('2026-02-28T23:59:60.5+01:30')"};
constexpr const char* kDurations[] = {"duration(\"0\")", "duration(\"1ns\")", "duration(\"-90s\")", "duration('1h30m')", "duration(\"2562047h\")"};
constexpr const char* kIps[] = {"ip(\"10.0.0.1\")", "ip(\"127.0.0.1\")", "ip('::1')", "ip(\"2001:db8::1\")", "ip(\"::ffff:a00:1\")"};
constexpr const char* kCidrs[] = {"cidr(\"10.0.0.0/8\")", "cidr(\"10.0.0.1/24\")", "cidr('::/0')", "cidr(\"2001:db8::/32\")"};

}  // namespace

Text PolicyWriter::Literal(TypeId type, int depth) {
  const lang::Type t = types_[type];
  switch (t.kind) {
    case TypeKind::kBool: return {c_.Chance(50) ? "true" : "false"};
    case TypeKind::kInt: {
      const std::string text = c_.Of(kInts);
      return {text, text[0] == '-' ? Level::kUnary : Level::kPrimary};
    }
    case TypeKind::kDouble: {
      const std::string text = c_.Of(kDoubles);
      return {text, text[0] == '-' ? Level::kUnary : Level::kPrimary};
    }
    case TypeKind::kString: return {c_.Of(kStrings)};
    case TypeKind::kBytes: return {c_.Of(kBytes)};
    case TypeKind::kTimestamp: return {kMoments[c_.Below(std::size(kMoments) - 1)]};
    case TypeKind::kDuration: return {c_.Of(kDurations)};
    case TypeKind::kIp: return {c_.Of(kIps)};
    case TypeKind::kCidr: return {c_.Of(kCidrs)};
    case TypeKind::kEnum: return {declared_.at(type.index) + "." + c_.Of(types_.enum_type(type).enumerators)};
    case TypeKind::kList: return {"[" + Elements(t.element, depth) + "]"};
    case TypeKind::kSet: return {"{" + Elements(t.element, depth) + "}"};
    case TypeKind::kMap: return {"{" + Entries(type, depth) + "}"};
    case TypeKind::kOptional: return {"[" + Leaf(t.element).text + "].first()"};
    case TypeKind::kRecord: return {Closed(type, depth)};
  }
  return {};
}

// At least one, so that the literal has a type by itself.
std::string PolicyWriter::Elements(TypeId element, int depth) {
  std::string text = Expression(element, depth - 1).text;
  for (size_t k = c_.Below(3); k > 0; --k) text += ", " + Expression(element, depth - 1).text;
  return text + (c_.Chance(10) ? "," : "");
}

// Two equal constant keys are an error: they differ.
std::string PolicyWriter::Entries(TypeId type, int depth) {
  const lang::Type t = types_[type];
  std::vector<std::string> entries;
  for (size_t k = 1 + c_.Below(2), i = 0; i < k; ++i) {
    std::string key = fmt::format("{}", i);
    if (t.key == lang::kStringType) key = fmt::format("\"k{}\"", i);
    if (t.key == lang::kBoolType) key = i == 0 ? "true" : "false";
    entries.push_back(key + ": " + Expression(t.element, depth - 1).text);
  }
  return fmt::format("{}", fmt::join(entries, ", "));
}

std::string PolicyWriter::Closed(TypeId type, int depth) {
  std::vector<Variable> outside;
  std::swap(outside, scope_);
  std::string text;
  if (KindOf(type) == TypeKind::kOptional) {
    text = Closed(ElementOf(type), depth);
  } else if (KindOf(type) == TypeKind::kRecord) {
    std::vector<std::string> fields;
    const std::vector<lang::RecordField> record = types_.record(type).fields;
    for (const lang::RecordField& field : record) {
      if (KindOf(field.type) == TypeKind::kOptional && c_.Chance(50)) continue;
      fields.push_back(field.name + ": " + Closed(field.type, depth));
    }
    text = fmt::format("{{{}}}", fmt::join(fields, ", "));
  } else if (KindOf(type) == TypeKind::kList) {
    std::vector<std::string> items;
    for (size_t k = 1 + c_.Below(2); k > 0; --k) items.push_back(Closed(ElementOf(type), depth));
    text = fmt::format("[{}]", fmt::join(items, ", "));
  } else {
    text = Literal(type, 1).text;
  }
  scope_ = std::move(outside);
  return text;
}

// ---- the library

std::optional<Text> PolicyWriter::LibraryCall(TypeId type, int depth) {
  std::vector<const FunctionInfo*> fitting;
  for (uint32_t k = 0; k < lang::kFunctionCount; ++k) {
    const FunctionInfo& info = lang::InfoOf(static_cast<lang::Function>(k));
    lang::TypeBindings bindings;
    if (IsCallable(info.name) && lang::Unify(types_, info.result, type, bindings)) fitting.push_back(&info);
  }
  if (fitting.empty()) return std::nullopt;
  const FunctionInfo& info = *c_.Of(fitting);
  lang::TypeBindings bindings;
  lang::Unify(types_, info.result, type, bindings);
  for (std::optional<TypeId>& variable : bindings) {
    if (!variable) variable = ScalarType();
  }
  std::vector<Text> arguments;
  for (size_t k = 0; k < info.parameters.size(); ++k) {
    arguments.push_back(Argument(info, k, *lang::Substitute(types_, info.parameters[k], bindings), depth - 1));
  }
  const bool method = info.style == lang::CallStyle::kMethod || (info.style == lang::CallStyle::kEither && c_.Chance(50));
  std::string text = method ? Receiver(arguments[0]) + "." : "";
  text += std::string(info.name) + "(";
  for (size_t k = method ? 1 : 0; k < arguments.size(); ++k) text += (k > (method ? 1 : 0) ? ", " : "") + arguments[k].text;
  return Text{text + ")"};
}

// A literal that can stand for no value of the function is refused at compile time: such get a text that is one.
Text PolicyWriter::Argument(const FunctionInfo& function, size_t k, TypeId type, int depth) {
  if (type != lang::kStringType) return Expression(type, depth);
  const auto unquoted = [&](const char* const* literals, size_t count) {
    const std::string call = literals[c_.Below(count)];
    const size_t open = call.find('(');
    return Text{call.substr(open + 1, call.size() - open - 2)};
  };
  const std::string_view name = function.name;
  if (name == "ip" || name == "ip.isCanonical" || name == "containsIP") return unquoted(kIps, std::size(kIps));
  if (name == "cidr" || name == "containsCIDR") return unquoted(kCidrs, std::size(kCidrs));
  if (name == "duration") return unquoted(kDurations, std::size(kDurations));
  if (name == "timestamp") return unquoted(kMoments + 1, std::size(kMoments) - 2);
  if (name.starts_with("get") && k == 1) return {c_.Of(std::array{"\"+01:30\"", "\"UTC\"", "\"-09:30\""})};
  return Expression(type, depth);
}

// ---- macros

TypeId PolicyWriter::CollectionType() {
  std::vector<TypeId> fitting;
  for (const TypeId type : pool_)
    if (KindOf(type) >= TypeKind::kList && KindOf(type) <= TypeKind::kMap) fitting.push_back(type);
  return fitting.empty() ? types_.ListOf(ScalarType()) : c_.Of(fitting);
}

std::string PolicyWriter::MacroVariables(TypeId collection, bool two) {
  const lang::Type t = types_[collection];
  const bool map = t.kind == TypeKind::kMap;
  std::vector<TypeId> variables = {map ? t.key : t.element};
  if (two) variables = {map ? t.key : lang::kIntType, t.element};
  std::string text;
  for (const TypeId variable : variables) {
    scope_.push_back({Fresh("x"), variable, true});
    text += scope_.back().text + ", ";
  }
  return text;
}

Text PolicyWriter::Quantifier(int depth) {
  const TypeId collection = CollectionType();
  const bool two = KindOf(collection) != TypeKind::kSet && c_.Chance(30);
  const char* macro = c_.Of(std::array{"all", "exists", "exists_one", "existsOne"});
  if (two && std::string_view(macro) == "exists_one") macro = "existsOne";
  const std::string receiver = Receiver(Expression(collection, depth - 1));
  const size_t outside = scope_.size();
  const std::string variables = MacroVariables(collection, two);
  const std::string body = Expression(lang::kBoolType, depth - 1).text;
  scope_.resize(outside);
  return {receiver + "." + macro + "(" + variables + body + ")"};
}

// filter, map, transformList, transformMap and transformMapEntry.
std::optional<Text> PolicyWriter::Transform(TypeId type, int depth) {
  const bool to_map = KindOf(type) == TypeKind::kMap;
  const bool filter = !to_map && c_.Chance(30);
  const TypeId collection = filter ? type : CollectionType();
  const bool two = to_map || (KindOf(collection) != TypeKind::kSet && !filter && c_.Chance(40));
  if (two && KindOf(collection) == TypeKind::kSet) return std::nullopt;
  const std::string receiver = Receiver(Expression(collection, depth - 1));
  const size_t outside = scope_.size();
  const std::string variables = MacroVariables(collection, two);
  std::string text = receiver + (filter ? ".filter(" : two ? ".transformList(" : ".map(") + variables;
  const lang::Type t = types_[type];
  // transformMap keeps the keys.
  const bool keeps = to_map && scope_[outside].type == t.key && c_.Chance(50);
  if (to_map) text = receiver + (keeps ? ".transformMap(" : ".transformMapEntry(") + variables;
  if (filter || c_.Chance(40)) text += Expression(lang::kBoolType, depth - 1).text + (filter ? ")" : ", ");
  if (to_map && !keeps) {
    text += "{" + Operand(t.key, Level::kOr, depth - 1) + ": " + Expression(t.element, depth - 1).text + "})";
  } else if (!filter) {
    text += Expression(t.element, depth - 1).text + ")";
  }
  scope_.resize(outside);
  return Text{text};
}

}  // namespace moult::fuzz
