// Conversions between scalars and texts, as CEL has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lang/arena.h"

namespace moult::lang {

// Digits behind the point that a clause of `format` may ask for.
inline constexpr int64_t kMaxPrecision = 1000;

// Decimal digits with an optional sign and nothing else; nothing for other text and what int cannot hold.
std::optional<int64_t> IntOfText(std::string_view text) noexcept;
// A decimal number, `inf`, `infinity` or `nan` in any case, with an optional sign. Nothing for other text and for
// what is beyond the largest double; what is nearer to zero than the smallest becomes zero.
std::optional<double> DoubleOfText(std::string_view text) noexcept;
// `true`, `True`, `TRUE`, `t`, `T`, `1`, and likewise for false.
std::optional<bool> BoolOfText(std::string_view text) noexcept;
// Towards zero; nothing for what int cannot hold.
std::optional<int64_t> IntOfDouble(double value) noexcept;

// Names for what has no digits: "NaN", "Infinity", "-Infinity"; empty for other values.
std::string_view SpecialText(double value) noexcept;
// The shortest decimal text that reads back as the value. nullopt when the arena is full.
std::optional<std::string_view> TextOfDouble(double value, Arena& arena) noexcept;

}  // namespace moult::lang
