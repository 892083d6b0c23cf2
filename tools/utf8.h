// UTF-8 of what is shown to people and programs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace moult::tools {

// The length of the valid UTF-8 sequence that `text` begins with, or 0. REQUIRES: not empty.
size_t ValidSequence(std::string_view text);

// `text` for a terminal: control characters and bytes that are not UTF-8 replaced by `?`, so that no input can move the
// cursor.
std::string Printable(std::string_view text);

}  // namespace moult::tools
