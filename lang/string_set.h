// StringSet: the immutable set of strings behind `list name: set<string> from "file"` and large literals.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moult::lang {

// Immutable after construction, safe to probe from many threads at once. Owns its text: a million entries of 20 bytes take 1.6 times
// the text. REQUIRES: all entries together have less than 4 GiB.
class StringSet {
 public:
  // One entry a line; blank lines and lines that start with '#' are skipped, surrounding spaces, tabs and '\r' are
  // dropped, and so is a byte order mark. Any bytes are accepted. Cost: linear.
  static std::unique_ptr<StringSet> FromLines(std::string_view text);
  static std::unique_ptr<StringSet> FromItems(const std::vector<std::string>& items);
  ~StringSet();

  bool Contains(std::string_view item) const noexcept;
  size_t size() const;
  // In first-seen order, for comprehensions. REQUIRES: i < size().
  std::string_view item(size_t i) const { return data()[i]; }
  // size() of them, contiguous: a sequence of kView strings. The first call makes them: 16 bytes each, kept.
  const std::string_view* data() const;
  // Whether the two have the same items in the same order.
  bool SameItems(const StringSet& other) const;
  size_t MemoryBytes() const;  // what data() makes aside

 private:
  struct Impl;
  explicit StringSet(std::unique_ptr<Impl> impl);
  static std::unique_ptr<StringSet> Make(std::span<const std::string_view> entries);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moult::lang
