// Random policies as text, written from the grammar and the types.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace moult::fuzz {

struct PolicyText {
  std::string policy;
  std::string module;  // `lib`, which the policy may use
};

// The policy that the choices make. Every construct of the language turns up over enough of them: its declarations, ways to decide,
// clauses, types, operators, functions of lang/functions.def, macros, narrowing, reasons and tests. It always parses, and is well
// typed but for a tenth that is sloppy by intent, and now and then what two right parts make wrong together. Equal bytes give equal
// texts.
PolicyText WritePolicy(std::span<const uint8_t> choices);

// Whether a policy can call the function by its name: `%d` and its like are what `format` is made of.
inline bool IsCallable(std::string_view name) { return !name.starts_with('%'); }

}  // namespace moult::fuzz
