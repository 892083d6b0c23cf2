// Bytes as hexadecimal digits, two a byte.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace moult::lang {

// The value of a digit in either case; -1 when it is none.
constexpr int HexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Writes 2 * bytes.size() characters.
constexpr void EncodeHex(std::string_view bytes, char* out, bool upper = false) noexcept {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
}

// Writes the bytes that `text` stands for and returns how many they are; nothing when its digits are odd in number or not all digits.
// REQUIRES: room for text.size() / 2.
constexpr std::optional<size_t> DecodeHex(std::string_view text, char* out) noexcept {
  if (text.size() % 2 != 0) return std::nullopt;
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]), low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    *out++ = static_cast<char>(high << 4 | low);
  }
  return text.size() / 2;
}

}  // namespace moult::lang
