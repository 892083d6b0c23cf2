// String functions of the language, on any bytes. One definition serves the interpreter and generated code.
// Positions and sizes are in code points; a byte that is not part of valid UTF-8 counts as one code point.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lang/arena.h"
#include "moult/layout.h"

namespace moult::lang {

int64_t CodePoints(std::string_view text) noexcept;
bool ContainsText(std::string_view text, std::string_view part) noexcept;
// The position of the first `part` at or after position `from`, or -1; nullopt when `from` is outside 0 .. size.
std::optional<int64_t> IndexOf(std::string_view text, std::string_view part, int64_t from = 0) noexcept;
// Positions begin .. end; nullopt unless 0 <= begin <= end <= size. A view into `text`.
std::optional<std::string_view> Substring(std::string_view text, int64_t begin, int64_t end) noexcept;
std::optional<std::string_view> Substring(std::string_view text, int64_t begin) noexcept;

// The next return nullopt when the arena is full. Results live in the arena or in `text`.
std::optional<std::string_view> Concat(std::string_view a, std::string_view b, Arena& arena) noexcept;
std::optional<std::string_view> LowerAscii(std::string_view text, Arena& arena) noexcept;
// %XX becomes the byte XX, '+' a space; anything else, malformed escapes included, stays as it is. One pass: %2541 gives %41.
std::optional<std::string_view> UrlDecode(std::string_view text, Arena& arena) noexcept;
// Character references: decimal, hexadecimal, and the named ones of lang/html_entities.def; the semicolon may be missing after
// numeric ones, as browsers accept. What is no reference stays as it is. One pass.
std::optional<std::string_view> HtmlDecode(std::string_view text, Arena& arena) noexcept;
// The parts between separators, as string_views in the arena; an empty separator splits into code points. "".split(",") is [""].
std::optional<NativeSpan> Split(std::string_view text, std::string_view separator, Arena& arena) noexcept;

// Rendering of scalars for reasons: decimal; shortest round-trip for doubles.
std::optional<std::string_view> RenderInt(int64_t value, Arena& arena) noexcept;
std::optional<std::string_view> RenderDouble(double value, Arena& arena) noexcept;

}  // namespace moult::lang
