// What other languages call what Moult has under another name.
#pragma once

#include <string_view>

namespace moult::lang {

// What to write instead, "lowerAscii" for "toLowerCase"; empty when the name is not known from elsewhere.
std::string_view NativeName(std::string_view foreign);
// Likewise of a type: "double" for "float".
std::string_view NativeType(std::string_view foreign);

}  // namespace moult::lang
