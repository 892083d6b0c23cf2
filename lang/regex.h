// Regex: a compiled regular expression (RE2), and whether a pattern is one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace moult::lang {

// Immutable, safe to match from many threads at once.
class Regex {
 public:
  // Null if `pattern` is not valid RE2 syntax, not UTF-8, or too large when compiled (8 MiB); then `*error` says why.
  static std::unique_ptr<Regex> Create(std::string_view pattern, std::string* error);
  ~Regex();

  // Whether the pattern matches anywhere in `text`. Linear in its length. Each byte that is not valid UTF-8 is matched as
  // U+FFFD, one code point as `size` counts it, so `.` and `[^x]` take it; such a text is copied first. (Out of memory for
  // the copy, it is matched as it is, and nothing takes those bytes.)
  bool Matches(std::string_view text) const noexcept;
  // About what it holds, its match-time caches aside (they are bounded by 8 MiB).
  size_t MemoryBytes() const;

 private:
  struct Impl;
  explicit Regex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moult::lang
