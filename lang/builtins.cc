#include "lang/builtins.h"

#include <algorithm>

#include "lang/function.h"

namespace moult::lang {
namespace {

constexpr std::string_view kSpecial[] = {"first", "format", "has", "last", "matches", "size", "sortBy"};

constexpr std::string_view kDynamic[] = {"dyn", "type", "uint"};

template <size_t n>
bool Contains(const std::string_view (&names)[n], std::string_view name) {
  return std::find(names, names + n, name) != names + n;
}

}  // namespace

bool IsBuiltin(std::string_view name) {
  return std::ranges::find(FunctionNames(), name) != FunctionNames().end() || Contains(kSpecial, name) || IsMacro(name);
}
bool IsDynamicBuiltin(std::string_view name) { return Contains(kDynamic, name); }

std::vector<std::string_view> BuiltinNames() {
  std::vector<std::string_view> names(std::begin(kSpecial), std::end(kSpecial));
  for (std::string_view macro : MacroNames()) names.push_back(macro);
  for (std::string_view name : FunctionNames()) {
    if (!name.starts_with('%')) names.push_back(name);  // what `format` is made of has no name for policies
  }
  return names;
}

}  // namespace moult::lang
