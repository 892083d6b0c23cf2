#include "lang/builtins.h"

#include <algorithm>

namespace moult::lang {
namespace {

constexpr TypeId kText[] = {kStringType};
constexpr TypeId kTextText[] = {kStringType, kStringType};
constexpr TypeId kTextTextInt[] = {kStringType, kStringType, kIntType};
constexpr TypeId kTextInt[] = {kStringType, kIntType};
constexpr TypeId kTextIntInt[] = {kStringType, kIntType, kIntType};

// Overloads stand together.
constexpr Builtin kBuiltins[] = {
    {"contains", Op::kContains, false, kBoolType, kTextText},
    {"endsWith", Op::kEndsWith, false, kBoolType, kTextText},
    {"htmlDecode", Op::kHtmlDecode, true, kStringType, kText},
    {"indexOf", Op::kIndexOf, false, kIntType, kTextText},
    {"indexOf", Op::kIndexOfFrom, false, kIntType, kTextTextInt},
    {"lowerAscii", Op::kLowerAscii, false, kStringType, kText},
    {"split", Op::kSplit, false, kStringType, kTextText},
    {"startsWith", Op::kStartsWith, false, kBoolType, kTextText},
    {"substring", Op::kSubstring, false, kStringType, kTextInt},
    {"substring", Op::kSubstringTo, false, kStringType, kTextIntInt},
    {"urlDecode", Op::kUrlDecode, true, kStringType, kText},
};

constexpr std::string_view kSpecial[] = {"all", "exists", "has", "matches", "size"};

constexpr std::string_view kLater[] = {
    "bool",       "bytes",      "cidr",       "charAt",     "contains_any", "difference", "double",    "duration",
    "exists_one", "filter",     "format",     "getDate",    "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear",
    "getHours",   "getMilliseconds", "getMinutes", "getMonth", "getSeconds", "int",        "intersect", "ip",
    "isIP",       "join",       "lastIndexOf", "map",       "replace",      "reverse",    "string",    "subset",
    "timestamp",  "trim",       "union",      "upperAscii",
};

constexpr std::string_view kDynamic[] = {"dyn", "type", "uint"};

template <size_t n>
bool Contains(const std::string_view (&names)[n], std::string_view name) {
  return std::find(names, names + n, name) != names + n;
}

}  // namespace

std::span<const Builtin> FindBuiltins(std::string_view name) {
  auto same = [&](const Builtin& builtin) { return builtin.name == name; };
  const Builtin* first = std::find_if(std::begin(kBuiltins), std::end(kBuiltins), same);
  const Builtin* last = std::find_if_not(first, std::end(kBuiltins), same);
  return {first, last};
}

bool IsBuiltin(std::string_view name) { return !FindBuiltins(name).empty() || Contains(kSpecial, name); }
bool IsLaterBuiltin(std::string_view name) { return Contains(kLater, name); }
bool IsDynamicBuiltin(std::string_view name) { return Contains(kDynamic, name); }

std::vector<std::string_view> BuiltinNames() {
  std::vector<std::string_view> names(std::begin(kSpecial), std::end(kSpecial));
  for (const Builtin& builtin : kBuiltins) names.push_back(builtin.name);
  return names;
}

}  // namespace moult::lang
