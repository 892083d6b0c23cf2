// Literals as text: strings and numbers the way a policy, or JSON, writes them.
#pragma once

#include <string>
#include <string_view>

namespace moult::lang {

// `text` as a string literal of a policy, with its quotes. What cannot be seen is escaped; a byte that is not UTF-8 stands as U+FFFD.
std::string QuoteText(std::string_view text);

// The shortest form that reads back as the same double, and as a double: "1.0", "1e+300". `nan`, `inf` and `-inf` have no literal.
std::string RealText(double value);

// A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD: the output is valid JSON whatever the input was.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace moult::lang
