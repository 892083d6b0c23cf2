// Cursor: a walk along a string by code points. Internal to lang/text*.cc.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "lang/text.h"

namespace moult::lang {

inline uint64_t Load8(const char* data) {
  uint64_t word;
  std::memcpy(&word, data, sizeof word);
  return word;
}

inline constexpr uint64_t kHighBits = 0x8080808080808080;

// The length of the run of ASCII at the start of `text`, in steps of eight bytes: a lower bound.
inline size_t AsciiPrefix(std::string_view text) {
  size_t i = 0;
  while (text.size() - i >= 8 && (Load8(text.data() + i) & kHighBits) == 0) i += 8;
  return i;
}

// The first `part` in `text`, or null. An empty text may have no data at all, which memmem must not see. REQUIRES: part
// not empty.
inline const char* FindBytes(std::string_view text, std::string_view part) {
  if (text.size() < part.size()) return nullptr;
  return static_cast<const char*>(memmem(text.data(), text.size(), part.data(), part.size()));
}

// A walk along a string that knows its position in bytes and in code points.
struct Cursor {
  std::string_view text;
  size_t offset = 0;
  int64_t position = 0;

  // Goes on to the first code point that begins at or after `target`. REQUIRES: offset <= target <= size.
  void AdvanceTo(size_t target) {
    while (offset < target) {
      const size_t ascii = AsciiPrefix(text.substr(offset, target - offset));
      offset += ascii;
      position += static_cast<int64_t>(ascii);
      if (offset == target) return;
      offset += CodePointBytes(text.substr(offset));
      ++position;
    }
  }

  // Goes to the next place where `part` stands and a code point begins; false when there is none.
  bool Find(std::string_view part) {
    for (size_t from = offset;;) {
      const char* found = FindBytes(text.substr(from), part);
      if (found == nullptr) return false;
      const auto match = static_cast<size_t>(found - text.data());
      AdvanceTo(match);
      if (offset == match) return true;
      from = offset;  // the match began inside a code point
    }
  }
};

}  // namespace moult::lang
