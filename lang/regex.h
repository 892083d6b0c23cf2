// Regex: a compiled regular expression (RE2), and whether a pattern is one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace moult::lang {

// Immutable, safe to match from many threads at once.
class Regex {
 public:
  // Null if `pattern` is not valid; then `*error` says why. Bytes that are not UTF-8 in the text match as Latin-1 never: RE2
  // works on UTF-8 and treats a malformed byte as U+FFFD.
  static std::unique_ptr<Regex> Create(std::string_view pattern, std::string* error);
  ~Regex();

  // Whether the pattern matches anywhere in `text`. Linear in its length.
  bool Matches(std::string_view text) const noexcept;
  size_t MemoryBytes() const;

 private:
  struct Impl;
  explicit Regex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moult::lang
