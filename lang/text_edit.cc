// Texts made out of other texts.
#include <algorithm>
#include <cstring>

#include "lang/text.h"
#include "lang/text_cursor.h"
#include "lang/utf8.h"

namespace moult::lang {
namespace {

// Appends into memory that is large enough.
class Output {
 public:
  explicit Output(char* memory) : begin_(memory), end_(memory) {}
  void Append(std::string_view text) {
    if (!text.empty()) std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  std::string_view text() const { return {begin_, static_cast<size_t>(end_ - begin_)}; }

 private:
  char* begin_;
  char* end_;
};

char* Memory(size_t size, Arena& arena) { return static_cast<char*>(arena.Allocate(size)); }

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// Whether a code point begins at byte `offset`. Only a continuation byte may lie inside of one, whose first byte is no such byte and
// at most three before it.
bool BeginsCodePoint(std::string_view text, size_t offset) {
  if (offset >= text.size() || !IsContinuation(text[offset])) return true;
  for (size_t back = 1; back <= 3 && back <= offset; ++back) {
    if (!IsContinuation(text[offset - back])) return CodePointBytes(text.substr(offset - back)) <= back;
  }
  return true;
}

// Backwards, so that the last match is the first: memmem is linear, which no loop over positions would be.
char* Reversed(std::string_view text, Arena& arena) {
  char* memory = Memory(text.size(), arena);
  if (memory != nullptr) std::reverse_copy(text.begin(), text.end(), memory);
  return memory;
}

// The next place of `from` at or after the cursor: for an empty one each code point, and the end once.
bool NextPlace(Cursor& cursor, std::string_view from) {
  return from.empty() ? cursor.offset <= cursor.text.size() : cursor.Find(from);
}

// Appends the code point that a replacement of nothing stands before, and passes the place.
void PassPlace(Cursor& cursor, std::string_view from) {
  const bool at_end = cursor.offset >= cursor.text.size();
  cursor.offset += !from.empty() ? from.size() : at_end ? 1 : CodePointBytes(cursor.text.substr(cursor.offset));
}

bool IsSpace(uint32_t c) {
  return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// What stands for a byte in a literal besides itself; 0 for nothing.
char EscapeLetter(char c) {
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  const size_t i = kMeanings.find(c);
  return i == std::string_view::npos ? '\0' : kLetters[i];
}

}  // namespace

std::optional<int64_t> LastIndexOf(std::string_view text, std::string_view part, int64_t from, Arena& arena) noexcept {
  if (part.empty()) return from;
  const std::optional<std::string_view> rest = Substring(text, from);
  const size_t begin = rest ? text.size() - rest->size() : text.size();
  if (part.size() > text.size()) return -1;
  const std::string_view searched = text.substr(0, std::min(text.size(), begin + part.size()));
  const char* backwards = Reversed(searched, arena);
  const char* wanted = Reversed(part, arena);
  if (backwards == nullptr || wanted == nullptr) return std::nullopt;
  for (size_t skipped = 0; skipped < searched.size(); ++skipped) {
    const char* found = FindBytes({backwards + skipped, searched.size() - skipped}, {wanted, part.size()});
    if (found == nullptr) return -1;
    skipped = static_cast<size_t>(found - backwards);
    const size_t offset = searched.size() - skipped - part.size();
    if (BeginsCodePoint(text, offset)) return CodePoints(text.substr(0, offset));
  }
  return -1;
}

std::optional<std::string_view> CharAt(std::string_view text, int64_t position) noexcept {
  const std::optional<std::string_view> rest = Substring(text, position);
  if (!rest || rest->empty()) return rest;
  return rest->substr(0, CodePointBytes(*rest));
}

std::optional<std::string_view> Reverse(std::string_view text, Arena& arena) noexcept {
  char* memory = Memory(text.size(), arena);
  if (memory == nullptr) return std::nullopt;
  for (size_t offset = 0; offset < text.size();) {
    const size_t size = CodePointBytes(text.substr(offset));
    std::memcpy(memory + text.size() - offset - size, text.data() + offset, size);
    offset += size;
  }
  return std::string_view(memory, text.size());
}

std::optional<std::string_view> Replace(std::string_view text, std::string_view from, std::string_view to, int64_t limit,
                                        Arena& arena) noexcept {
  const uint64_t most = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  uint64_t places = 0;
  for (Cursor cursor{text}; places < most && NextPlace(cursor, from); PassPlace(cursor, from)) ++places;
  if (places == 0) return text;
  size_t added = 0;
  size_t size = 0;
  if (__builtin_mul_overflow(places, to.size(), &added)) return std::nullopt;
  if (__builtin_add_overflow(text.size() - places * from.size(), added, &size)) return std::nullopt;
  char* memory = Memory(size, arena);
  if (memory == nullptr) return std::nullopt;
  Output out(memory);
  size_t copied = 0;
  Cursor cursor{text};
  for (uint64_t i = 0; i < places; ++i, PassPlace(cursor, from)) {
    NextPlace(cursor, from);
    out.Append(text.substr(copied, cursor.offset - copied));
    out.Append(to);
    copied = cursor.offset + from.size();
  }
  out.Append(text.substr(std::min(copied, text.size())));
  return out.text();
}

std::optional<std::string_view> Join(const std::string_view* parts, size_t count, std::string_view separator,
                                     Arena& arena) noexcept {
  size_t size = 0;
  for (size_t i = 0; i < count; ++i) {
    if (__builtin_add_overflow(size, parts[i].size(), &size)) return std::nullopt;
    if (i > 0 && __builtin_add_overflow(size, separator.size(), &size)) return std::nullopt;
  }
  char* memory = Memory(size, arena);
  if (memory == nullptr) return std::nullopt;
  Output out(memory);
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out.Append(separator);
    out.Append(parts[i]);
  }
  return out.text();
}

std::optional<std::string_view> UpperAscii(std::string_view text, Arena& arena) noexcept {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (std::ranges::none_of(text, is_lower)) return text;
  char* memory = Memory(text.size(), arena);
  if (memory == nullptr) return std::nullopt;
  std::ranges::transform(text, memory, [&](char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; });
  return std::string_view(memory, text.size());
}

std::string_view Trim(std::string_view text) noexcept {
  size_t begin = text.size();
  size_t end = 0;
  for (size_t offset = 0; offset < text.size();) {
    const CodePoint c = DecodeUtf8(text, offset);
    const size_t size = CodePointBytes(text.substr(offset));
    if (!c.valid || !IsSpace(c.value)) {
      begin = std::min(begin, offset);
      end = offset + size;
    }
    offset += size;
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

std::optional<std::string_view> QuoteCel(std::string_view text, Arena& arena) noexcept {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  if (text.size() > (SIZE_MAX - 2) / kReplacement.size()) return std::nullopt;
  char* memory = Memory(text.size() * kReplacement.size() + 2, arena);
  if (memory == nullptr) return std::nullopt;
  Output out(memory);
  out.Append("\"");
  for (size_t offset = 0; offset < text.size();) {
    const size_t size = CodePointBytes(text.substr(offset));
    const char letter = EscapeLetter(text[offset]);
    const char escape[] = {'\\', letter};
    const bool valid = size > 1 || static_cast<uint8_t>(text[offset]) < 0x80;
    out.Append(letter != '\0' ? std::string_view(escape, 2) : valid ? text.substr(offset, size) : kReplacement);
    offset += size;
  }
  out.Append("\"");
  return out.text();
}

}  // namespace moult::lang
