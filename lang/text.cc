#include "lang/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "lang/hex.h"
#include "lang/text_cursor.h"

namespace moult::lang {
namespace {

bool InRange(char c, uint8_t low, uint8_t high) {
  const auto byte = static_cast<uint8_t>(c);
  return low <= byte && byte <= high;
}

bool IsContinuation(char c) { return InRange(c, 0x80, 0xBF); }

// The byte offset of code point `count` of `text`, or npos when there are fewer. `count` itself is the end.
size_t ByteOffset(std::string_view text, int64_t count) {
  size_t offset = 0;
  while (count > 0 && offset < text.size()) {
    const std::string_view rest = text.substr(offset);
    if (count >= 8 && rest.size() >= 8 && (Load8(rest.data()) & kHighBits) == 0) {
      offset += 8;
      count -= 8;
    } else {
      offset += CodePointBytes(rest);
      --count;
    }
  }
  return count == 0 ? offset : std::string_view::npos;
}

NativeSpan SpanOf(const std::string_view* parts, size_t count) { return {parts, count}; }

std::string_view* NewParts(size_t count, Arena& arena) {
  if (count > SIZE_MAX / sizeof(std::string_view)) return nullptr;
  return static_cast<std::string_view*>(arena.Allocate(count * sizeof(std::string_view)));
}

// `count` parts of a text that has as many code points or more.
std::optional<NativeSpan> SplitCodePoints(std::string_view text, size_t count, Arena& arena) {
  std::string_view* parts = NewParts(count, arena);
  if (parts == nullptr) return std::nullopt;
  for (size_t i = 0, offset = 0; i < count; ++i) {
    const size_t size = i + 1 < count ? CodePointBytes(text.substr(offset)) : text.size() - offset;
    parts[i] = text.substr(offset, size);
    offset += size;
  }
  return SpanOf(parts, count);
}

bool IsUpperAscii(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

size_t CodePointBytes(std::string_view text) noexcept {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0xC2 || lead > 0xF4)
    return 1;  // ASCII, a continuation byte, or what could only begin an overlong or too large form
  if (text.size() < 2) return 1;
  if (lead < 0xE0) return IsContinuation(text[1]) ? 2 : 1;
  // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (text.size() < 3 || !InRange(text[1], low, high) || !IsContinuation(text[2])) return 1;
  if (lead < 0xF0) return 3;
  return text.size() >= 4 && IsContinuation(text[3]) ? 4 : 1;
}

int64_t CodePoints(std::string_view text) noexcept {
  Cursor cursor{text};
  cursor.AdvanceTo(text.size());
  return cursor.position;
}

bool ContainsText(std::string_view text, std::string_view part) noexcept {
  return part.empty() || FindBytes(text, part) != nullptr;
}

std::optional<int64_t> IndexOf(std::string_view text, std::string_view part, int64_t from) noexcept {
  if (from < 0) return std::nullopt;
  const size_t offset = ByteOffset(text, from);
  if (offset == std::string_view::npos) return std::nullopt;
  if (part.empty()) return from;
  Cursor cursor{text, offset, from};
  return cursor.Find(part) ? cursor.position : -1;
}

std::optional<std::string_view> Substring(std::string_view text, int64_t begin, int64_t end) noexcept {
  if (begin < 0 || end < begin) return std::nullopt;
  std::optional<std::string_view> rest = Substring(text, begin);
  if (!rest) return std::nullopt;
  const size_t size = ByteOffset(*rest, end - begin);
  if (size == std::string_view::npos) return std::nullopt;
  return rest->substr(0, size);
}

std::optional<std::string_view> Substring(std::string_view text, int64_t begin) noexcept {
  if (begin < 0) return std::nullopt;
  const size_t offset = ByteOffset(text, begin);
  if (offset == std::string_view::npos) return std::nullopt;
  return text.substr(offset);
}

std::optional<std::string_view> Concat(std::string_view a, std::string_view b, Arena& arena) noexcept {
  if (a.empty()) return b;
  if (b.empty()) return a;
  if (a.size() > SIZE_MAX - b.size()) return std::nullopt;
  char* memory = static_cast<char*>(arena.Allocate(a.size() + b.size()));
  if (memory == nullptr) return std::nullopt;
  std::memcpy(memory, a.data(), a.size());
  std::memcpy(memory + a.size(), b.data(), b.size());
  return std::string_view(memory, a.size() + b.size());
}

std::optional<std::string_view> LowerAscii(std::string_view text, Arena& arena) noexcept {
  size_t first = 0;
  while (first < text.size() && !IsUpperAscii(text[first])) ++first;
  if (first == text.size()) return text;
  char* memory = static_cast<char*>(arena.Allocate(text.size()));
  if (memory == nullptr) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    memory[i] = IsUpperAscii(text[i]) ? static_cast<char>(text[i] + ('a' - 'A')) : text[i];
  }
  return std::string_view(memory, text.size());
}

std::optional<std::string_view> UrlDecode(std::string_view text, Arena& arena) noexcept {
  if (text.find_first_of("%+") == std::string_view::npos) return text;
  char* memory = static_cast<char*>(arena.Allocate(text.size()));
  if (memory == nullptr) return std::nullopt;
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%' && text.size() - i > 2 && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      c = static_cast<char>(HexDigit(text[i + 1]) << 4 | HexDigit(text[i + 2]));
      i += 2;
    }
    memory[size++] = c;
  }
  return std::string_view(memory, size);
}

std::optional<NativeSpan> Split(std::string_view text, std::string_view separator, Arena& arena) noexcept {
  return Split(text, separator, -1, arena);
}

std::optional<NativeSpan> Split(std::string_view text, std::string_view separator, int64_t limit, Arena& arena) noexcept {
  if (limit == 0) return NativeSpan{};
  const size_t most = limit < 0 ? SIZE_MAX : static_cast<size_t>(limit);
  if (separator.empty()) {
    return SplitCodePoints(text, std::min(most, static_cast<size_t>(CodePoints(text))), arena);
  }
  size_t count = 1;
  for (Cursor cursor{text}; count < most && cursor.Find(separator); cursor.offset += separator.size()) ++count;
  std::string_view* parts = NewParts(count, arena);
  if (parts == nullptr) return std::nullopt;
  size_t begin = 0;
  Cursor cursor{text};
  for (size_t i = 0; i + 1 < count; ++i) {
    cursor.Find(separator);
    parts[i] = text.substr(begin, cursor.offset - begin);
    begin = cursor.offset += separator.size();
  }
  parts[count - 1] = text.substr(begin);
  return SpanOf(parts, count);
}

std::optional<std::string_view> RenderInt(int64_t value, Arena& arena) noexcept {
  char digits[24];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
  const std::string_view copy = arena.Copy({digits, static_cast<size_t>(end.ptr - digits)});
  if (copy.data() == nullptr) return std::nullopt;
  return copy;
}

std::optional<std::string_view> RenderDouble(double value, Arena& arena) noexcept {
  if (std::isnan(value)) return "nan";  // the sign of a NaN is not defined by arithmetic
  char digits[40];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
  const std::string_view copy = arena.Copy({digits, static_cast<size_t>(end.ptr - digits)});
  if (copy.data() == nullptr) return std::nullopt;
  return copy;
}

}  // namespace moult::lang
