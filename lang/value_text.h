// Values as text, for people and for programs. A new type is one case of each of two switches.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lang/types.h"
#include "lang/value.h"

namespace moult::lang {

// `value` as an expression of a policy would be written: `"a\n"`, `1.0`, `Action.login`, `[1, 2]`, `{"a", "b"}`, `{id: 7}`. What has
// no literal stands in angle brackets: `<missing>`, and `<error>` for what memory holds that the language has no value for. Output
// ends in `...` soon after `max_bytes`, so that the value of a large input can be shown. Cost: linear in the output.
std::string ValueText(const TypeTable& types, TypeId type, const Value& value, size_t max_bytes = 200);

// `value` in the form in which JSON input is read; a missing field of a record is left out, any other missing value is null.
// Nothing if a part has no JSON form (a double that is not finite, what memory holds that is no value).
std::optional<std::string> ValueJson(const TypeTable& types, TypeId type, const Value& value);

}  // namespace moult::lang
