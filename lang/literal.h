// Literals: what the text of a number or a string means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/ast.h"
#include "lang/report.h"

namespace moult::lang {

// The magnitude of a decimal or hexadecimal integer; nothing when it is above 2^63, the magnitude of the least int.
std::optional<uint64_t> ParseMagnitude(std::string_view digits);

// The double nearest to a decimal number; what is too small is zero. Nothing when it is too large.
std::optional<double> ParseDouble(std::string_view text);

// How a string is written: r"...", b'''...'''.
struct StringShape {
  uint32_t prefix = 0;  // letters before the quote
  uint32_t quotes = 1;  // 1 or 3 on each side
  bool raw = false;     // no escapes
  bool bytes = false;
};

// REQUIRES: `literal` begins with the prefix or the quote of a string.
StringShape ShapeOf(std::string_view literal);

// The bytes of `text` between the quotes of the literal at `span`.
TextSpan BodyOf(std::string_view text, TextSpan span);

// What bytes begin .. end of the body of a literal of this shape stand for, its escapes resolved unless it is raw: in bytes `\xff` and
// `\377` are a byte, in a string a code point. A bad escape is reported and left out.
std::string DecodeString(std::string_view text, TextSpan body, const StringShape& shape, Reporter& reporter);
// The whole literal at `span`.
std::string DecodeLiteral(std::string_view text, TextSpan span, Reporter& reporter);

}  // namespace moult::lang
