#include "tools/text.h"

#include <fmt/format.h>

#include <array>

#include "tools/utf8.h"

namespace moult::tools {

std::string Grouped(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string Bytes(uint64_t n) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (n < 1024) return fmt::format("{} bytes", n);
  double value = static_cast<double>(n) / 1024;
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Duration(std::chrono::nanoseconds time) {
  const double ns = static_cast<double>(time.count());
  if (ns < 1e3) return fmt::format("{} ns", time.count());
  if (ns < 1e6) return fmt::format("{:.1f} us", ns / 1e3);
  if (ns < 1e9) return fmt::format("{:.1f} ms", ns / 1e6);
  return fmt::format("{:.2f} s", ns / 1e9);
}

std::string Percent(uint64_t part, uint64_t whole) {
  return fmt::format("{:.1f} %", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string Plural(uint64_t n, const char* singular) {
  return fmt::format("{} {}{}", Grouped(n), singular, n == 1 ? "" : "s");
}

std::string BadLineText(std::string_view input, uint64_t line, std::string_view message, std::string_view code) {
  return fmt::format("{}:{}: error: {} [{}]", input, line, Printable(message), code);
}

}  // namespace moult::tools
