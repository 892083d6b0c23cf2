#include "lang/convert.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lang/literal.h"
#include "lang/text.h"

namespace moult::lang {
namespace {

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

std::optional<int64_t> IntOfText(std::string_view text) noexcept {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> DoubleOfText(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const double sign = negative ? -1 : 1;
  if (EqualsIgnoringCase(text, "inf") || EqualsIgnoringCase(text, "infinity")) return sign * HUGE_VAL;
  if (EqualsIgnoringCase(text, "nan")) return std::nan("");
  // from_chars would take another sign and more names of what is no number.
  if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return std::nullopt;
  double ignored = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  const std::optional<double> value = ParseDouble(text);
  if (!value) return std::nullopt;
  return sign * *value;
}

std::optional<bool> BoolOfText(std::string_view text) noexcept {
  constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
  constexpr std::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};
  if (std::ranges::find(kTrue, text) != std::end(kTrue)) return true;
  if (std::ranges::find(kFalse, text) != std::end(kFalse)) return false;
  return std::nullopt;
}

std::optional<int64_t> IntOfDouble(double value) noexcept {
  constexpr double kLimit = 9223372036854775808.0;  // exclusive on both sides, as in CEL: its neighbours cannot be told from it
  if (!(value > -kLimit && value < kLimit)) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::string_view SpecialText(double value) noexcept {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return {};
}

std::optional<std::string_view> TextOfDouble(double value, Arena& arena) noexcept {
  const std::string_view special = SpecialText(value);
  return special.empty() ? RenderDouble(value, arena) : special;
}

}  // namespace moult::lang
