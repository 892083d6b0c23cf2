// String functions of the language, on any bytes. One definition serves the interpreter and generated code.
//
// A string is read as a sequence of code points; a byte that is not part of strictly valid UTF-8 (no overlong forms, no
// surrogates, nothing above U+10FFFF) is a code point of its own. Positions and sizes count code points. startsWith,
// endsWith, contains and comparison work on bytes, which on valid UTF-8 is the same; indexOf and split look for a part
// only where a code point begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lang/arena.h"
#include "moult/layout.h"

namespace moult::lang {

// The bytes of the code point that `text` begins with: 1 for ASCII and for a byte that is not valid UTF-8. REQUIRES:
// not empty.
size_t CodePointBytes(std::string_view text) noexcept;

int64_t CodePoints(std::string_view text) noexcept;
bool ContainsText(std::string_view text, std::string_view part) noexcept;
// The position of the first `part` at or after position `from`, or -1; nullopt when `from` is outside 0 .. size. An
// empty part is found at `from`.
std::optional<int64_t> IndexOf(std::string_view text, std::string_view part, int64_t from = 0) noexcept;
// The position of the last `part` that begins at or before `from`, or -1. REQUIRES: from in 0 .. size. nullopt when the arena is full.
std::optional<int64_t> LastIndexOf(std::string_view text, std::string_view part, int64_t from, Arena& arena) noexcept;
// Positions begin .. end; nullopt unless 0 <= begin <= end <= size. A view into `text`.
std::optional<std::string_view> Substring(std::string_view text, int64_t begin, int64_t end) noexcept;
std::optional<std::string_view> Substring(std::string_view text, int64_t begin) noexcept;

// The next return nullopt when the arena is full. Results live in the arena or in the arguments.
std::optional<std::string_view> Concat(std::string_view a, std::string_view b, Arena& arena) noexcept;
std::optional<std::string_view> LowerAscii(std::string_view text, Arena& arena) noexcept;
// %XX becomes the byte XX, '+' a space; anything else, malformed escapes included, stays as it is. One pass: %2541
// gives %41.
std::optional<std::string_view> UrlDecode(std::string_view text, Arena& arena) noexcept;
// Character references as browsers read them in text: decimal and hexadecimal ones, whose semicolon may be missing, and
// the named ones of lang/html_entities.def, of which the legacy ones may lack it. Numbers that name no character give
// U+FFFD. What is no reference stays as it is. One pass.
std::optional<std::string_view> HtmlDecode(std::string_view text, Arena& arena) noexcept;
std::optional<std::string_view> UpperAscii(std::string_view text, Arena& arena) noexcept;
std::optional<std::string_view> Reverse(std::string_view text, Arena& arena) noexcept;
// With `to` in place of the first `limit` places where `from` stands, from the left, or of all when `limit` is negative. An empty `from`
// stands before each code point and at the end.
std::optional<std::string_view> Replace(std::string_view text, std::string_view from, std::string_view to, int64_t limit,
                                        Arena& arena) noexcept;
std::optional<std::string_view> Join(const std::string_view* parts, size_t count, std::string_view separator,
                                     Arena& arena) noexcept;
// As a string literal of CEL, in double quotes. A byte that is not UTF-8 becomes U+FFFD.
std::optional<std::string_view> QuoteCel(std::string_view text, Arena& arena) noexcept;
// Without white space, as Unicode has it, at either end. A view into `text`.
std::string_view Trim(std::string_view text) noexcept;
// The code point at a position, or nothing at the end; nullopt outside 0 .. size.
std::optional<std::string_view> CharAt(std::string_view text, int64_t position) noexcept;
// The parts between separators, as string_views in the arena; an empty separator splits into code points. "".split(",")
// is [""],
// "".split("") is [].
std::optional<NativeSpan> Split(std::string_view text, std::string_view separator, Arena& arena) noexcept;
// At most `limit` parts, the last of which is the rest; all when `limit` is negative.
std::optional<NativeSpan> Split(std::string_view text, std::string_view separator, int64_t limit, Arena& arena) noexcept;

// Rendering of scalars for reasons: decimal; shortest round-trip for doubles, and nan, inf, -inf.
std::optional<std::string_view> RenderInt(int64_t value, Arena& arena) noexcept;
std::optional<std::string_view> RenderDouble(double value, Arena& arena) noexcept;

}  // namespace moult::lang
