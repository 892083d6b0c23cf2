// Decoding UTF-8, one code point at a time, from bytes that need not be UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace moult::lang {

struct CodePoint {
  char32_t value = 0;    // U+FFFD when not valid
  uint32_t length = 1;   // in bytes; an invalid byte counts as one code point
  bool valid = true;
};

// The code point that begins at `offset`. Overlong forms, surrogates and what is above U+10FFFF are not valid.
// REQUIRES: offset < text.size().
constexpr CodePoint DecodeUtf8(std::string_view text, size_t offset) noexcept {
  constexpr CodePoint kInvalid{0xFFFD, 1, false};
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - offset < length) return kInvalid;
  char32_t value = lead & (0xFFu >> (length + 1));
  for (uint32_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return kInvalid;
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kInvalid;
  return {value, length, true};
}

// U+FEFF, which a file may begin with.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The offset of the first byte that is not part of valid UTF-8, or npos.
constexpr size_t FirstInvalidUtf8(std::string_view text) noexcept {
  for (size_t offset = 0; offset < text.size();) {
    const CodePoint c = DecodeUtf8(text, offset);
    if (!c.valid) return offset;
    offset += c.length;
  }
  return std::string_view::npos;
}

// Whether a code point can be encoded: a surrogate cannot.
constexpr bool IsScalarValue(char32_t c) noexcept { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

// REQUIRES: IsScalarValue(c).
inline void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int continuations = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[continuations] | c >> (6 * continuations));
  for (int i = continuations - 1; i >= 0; --i) out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
}

// What a terminal may act on, or an eye not see: C0 and C1 controls, and the marks that reorder or hide text (bidirectional
// controls, zero-width space, byte order mark). Never printed raw, and refused in a policy's text (tab and newline apart).
constexpr bool IsUnprintable(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace moult::lang
