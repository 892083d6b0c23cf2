// SourceText: the files of one compile, end to end in one text, so that a TextSpan names a place in any of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"

namespace moult::lang {

// File 0 is what is compiled, the others are the modules that it uses, in the order in which they were added.
// Thread-safety: none while files are added.
class SourceText {
 public:
  SourceText(std::string_view name, std::string_view text) { Add(name, text); }

  // Adds a file and returns its index; moves what text() refers to. REQUIRES: CanAdd(text).
  uint32_t Add(std::string_view name, std::string_view text);
  // Whether the places of another file would fit into a span.
  bool CanAdd(std::string_view text) const;

  std::string_view text() const { return text_; }
  uint32_t size() const { return static_cast<uint32_t>(files_.size()); }
  const std::string& name(uint32_t file) const { return files_[file].name; }
  TextSpan range(uint32_t file) const { return files_[file].range; }
  std::string_view TextOf(uint32_t file) const;
  // The file that the byte at `offset` is in; the end of a file is in that file.
  uint32_t FileAt(uint32_t offset) const;

 private:
  struct File {
    std::string name;
    TextSpan range;
  };
  std::string text_;  // the files with a newline between each two, so that one's end is not the next one's beginning
  std::vector<File> files_;
};

}  // namespace moult::lang
