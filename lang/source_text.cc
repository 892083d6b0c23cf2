#include "lang/source_text.h"

#include <algorithm>
#include <limits>

namespace moult::lang {

bool SourceText::CanAdd(std::string_view text) const {
  constexpr size_t kAddressable = std::numeric_limits<uint32_t>::max() - 2;  // with the newline before, and an end
  return text.size() <= kAddressable - text_.size();
}

uint32_t SourceText::Add(std::string_view name, std::string_view text) {
  if (!files_.empty()) text_ += '\n';
  const auto begin = static_cast<uint32_t>(text_.size());
  text_ += text;
  files_.push_back({std::string(name), {begin, static_cast<uint32_t>(text_.size())}});
  return size() - 1;
}

std::string_view SourceText::TextOf(uint32_t file) const {
  const TextSpan range = files_[file].range;
  return text().substr(range.begin, range.end - range.begin);
}

uint32_t SourceText::FileAt(uint32_t offset) const {
  const auto after = std::upper_bound(files_.begin(), files_.end(), offset,
                                      [](uint32_t o, const File& file) { return o < file.range.begin; });
  return static_cast<uint32_t>(after - files_.begin()) - 1;  // the first file begins at 0
}

}  // namespace moult::lang
