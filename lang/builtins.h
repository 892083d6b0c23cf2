// The functions of the language that are plain operations on strings. size, has, matches, exists and all have rules of
// their own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lang/ir.h"

namespace moult::lang {

struct Builtin {
  std::string_view name;
  Op op;
  bool also_function;                // f(x) as well as x.f()
  TypeId result;                     // of Split: list<string>, which has no fixed id
  std::span<const TypeId> operands;  // the receiver first
};

// The overloads of a name; empty when there is none.
std::span<const Builtin> FindBuiltins(std::string_view name);

// Whether the language has a function or method of this name in this release.
bool IsBuiltin(std::string_view name);
// Whether the whole language has it, or CEL with dynamic types has.
bool IsLaterBuiltin(std::string_view name);
bool IsDynamicBuiltin(std::string_view name);

// All names, for hints.
std::vector<std::string_view> BuiltinNames();

}  // namespace moult::lang
