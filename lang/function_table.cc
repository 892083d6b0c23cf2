// The table of functions: its rows, and what the text of a signature says.
#include <algorithm>
#include <cassert>

#include "lang/function.h"

namespace moult::lang {
namespace {

struct Row {
  CallStyle style;
  std::string_view name;
  std::string_view signature;
  bool fails;
  Op op;
};

constexpr Row kRows[] = {
#define MOULT_FUNCTION(id, style, name, signature, fails) {CallStyle::style, name, signature, fails != 0, Op::kCall},
#define MOULT_OPERATION(id, style, name, signature, op) {CallStyle::style, name, signature, false, Op::op},
#include "lang/functions.def"
#undef MOULT_FUNCTION
#undef MOULT_OPERATION
};

struct NamedType {
  std::string_view name;
  TypeId type;
};
constexpr NamedType kTypes[] = {
    {"bool", kBoolType},           {"int", kIntType},           {"double", kDoubleType}, {"string", kStringType}, {"bytes", kBytesType},
    {"timestamp", kTimestampType}, {"duration", kDurationType}, {"ip", kIpType},         {"cidr", kCidrType}};

struct NamedCollection {
  std::string_view name;
  TypePattern::Kind kind;
};
constexpr NamedCollection kCollections[] = {
    {"list", TypePattern::Kind::kList}, {"set", TypePattern::Kind::kSet}, {"map", TypePattern::Kind::kMap}};

constexpr std::string_view kVariables = "TKV";

// Reads "(list<T>, string) -> T". The texts are those of functions.def, which a test reads all.
class SignatureReader {
 public:
  explicit SignatureReader(std::string_view text) : rest_(text) {}

  void Read(FunctionInfo& info) {
    Take("(");
    while (!Accept(")")) {
      info.parameters.push_back(Type(info));
      Accept(", ");
    }
    Take(" -> ");
    info.result = Type(info);
    assert(rest_.empty());
  }

 private:
  TypePattern Type(FunctionInfo& info) {
    const std::string_view word = rest_.substr(0, rest_.find_first_of("<>,)"));
    rest_.remove_prefix(word.size());
    TypePattern pattern;
    if (word.size() == 1) {
      pattern.kind = TypePattern::Kind::kVariable;
      pattern.variable = static_cast<uint32_t>(kVariables.find(word[0]));
      info.generic = true;
    } else if (Accept("<")) {
      const auto* known = std::ranges::find(kCollections, word, &NamedCollection::name);
      assert(known != std::end(kCollections));
      pattern.kind = known->kind;
      do {
        pattern.arguments.push_back(Type(info));
      } while (Accept(", "));
      Take(">");
    } else {
      const auto* known = std::ranges::find(kTypes, word, &NamedType::name);
      assert(known != std::end(kTypes));
      pattern.type = known->type;
    }
    return pattern;
  }

  bool Accept(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void Take(std::string_view text) {
    [[maybe_unused]] const bool taken = Accept(text);
    assert(taken);
  }

  std::string_view rest_;
};

std::vector<FunctionInfo> MakeTable() {
  std::vector<FunctionInfo> table;
  for (const Row& row : kRows) {
    FunctionInfo info{static_cast<Function>(table.size()), row.name, row.style, row.signature, row.fails, row.op, {}, {}, false};
    SignatureReader(row.signature).Read(info);
    table.push_back(std::move(info));
  }
  return table;
}

const std::vector<FunctionInfo>& Table() {
  static const std::vector<FunctionInfo> kTable = MakeTable();
  return kTable;
}

TypeKind CollectionKind(TypePattern::Kind kind) {
  if (kind == TypePattern::Kind::kList) return TypeKind::kList;
  return kind == TypePattern::Kind::kSet ? TypeKind::kSet : TypeKind::kMap;
}

}  // namespace

const FunctionInfo& InfoOf(Function function) { return Table()[static_cast<size_t>(function)]; }

std::string FunctionText(Function function) {
  const FunctionInfo& info = InfoOf(function);
  return std::string(info.name) + std::string(info.signature.substr(0, info.signature.find(" -> ")));
}

std::vector<const FunctionInfo*> FindFunctions(std::string_view name, bool as_method) {
  const CallStyle other = as_method ? CallStyle::kFunction : CallStyle::kMethod;
  std::vector<const FunctionInfo*> found;
  for (const FunctionInfo& info : Table()) {
    if (info.name == name && info.style != other) found.push_back(&info);
  }
  return found;
}

const std::vector<std::string_view>& FunctionNames() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const FunctionInfo& info : Table()) {
      if (std::ranges::find(names, info.name) == names.end()) names.push_back(info.name);
    }
    return names;
  }();
  return kNames;
}

bool Unify(const TypeTable& types, const TypePattern& pattern, TypeId type, TypeBindings& bindings) {
  const Type& actual = types[type];
  switch (pattern.kind) {
    case TypePattern::Kind::kType:
      return pattern.type == type;
    case TypePattern::Kind::kVariable: {
      std::optional<TypeId>& bound = bindings[pattern.variable];
      if (!bound) bound = type;
      return *bound == type;
    }
    case TypePattern::Kind::kList:
    case TypePattern::Kind::kSet:
      return actual.kind == CollectionKind(pattern.kind) &&
             Unify(types, pattern.arguments[0], actual.element, bindings);
    case TypePattern::Kind::kMap:
      return actual.kind == TypeKind::kMap && Unify(types, pattern.arguments[0], actual.key, bindings) &&
             Unify(types, pattern.arguments[1], actual.element, bindings);
  }
  return false;
}

std::optional<TypeId> Substitute(TypeTable& types, const TypePattern& pattern, const TypeBindings& bindings) {
  if (pattern.kind == TypePattern::Kind::kType) return pattern.type;
  if (pattern.kind == TypePattern::Kind::kVariable) return bindings[pattern.variable];
  std::optional<TypeId> first = Substitute(types, pattern.arguments[0], bindings);
  if (!first) return std::nullopt;
  if (pattern.kind == TypePattern::Kind::kList) return types.ListOf(*first);
  if (pattern.kind == TypePattern::Kind::kSet) return types.SetOf(*first);
  std::optional<TypeId> second = Substitute(types, pattern.arguments[1], bindings);
  if (!second) return std::nullopt;
  return types.MapOf(*first, *second);
}

std::string PatternText(const TypePattern& pattern) {
  if (pattern.kind == TypePattern::Kind::kVariable) return std::string(1, kVariables[pattern.variable]);
  if (pattern.kind == TypePattern::Kind::kType) {
    return std::string(std::ranges::find(kTypes, pattern.type, &NamedType::type)->name);
  }
  std::string text(std::ranges::find(kCollections, pattern.kind, &NamedCollection::kind)->name);
  text += "<" + PatternText(pattern.arguments[0]);
  if (pattern.kind == TypePattern::Kind::kMap) text += ", " + PatternText(pattern.arguments[1]);
  return text + ">";
}

}  // namespace moult::lang
