// The names that can be called: library functions (lang/function.h), and those with typing rules of their own.
#pragma once

#include <string_view>
#include <vector>

namespace moult::lang {

// What computes an expression for each element: `exists`, `map` ... (check_macros.cc)
bool IsMacro(std::string_view name);
std::vector<std::string_view> MacroNames();
// Whether the language has a function or method of this name in this release.
bool IsBuiltin(std::string_view name);
// Whether CEL with dynamic types has it.
bool IsDynamicBuiltin(std::string_view name);

// All names, for hints.
std::vector<std::string_view> BuiltinNames();

}  // namespace moult::lang
