#include <algorithm>

#include "lang/compile.h"
#include "lang/utf8.h"

namespace moult::lang {

// Of what is to be read. The mark at the beginning of a file is no column of it.
Position PositionOf(std::string_view text, uint32_t offset) {
  const size_t end = std::min<size_t>(offset, text.size());
  Position position{1, 1};
  size_t line_begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (size_t newline = text.find('\n'); newline < end; newline = text.find('\n', newline + 1)) {
    ++position.line;
    line_begin = newline + 1;
  }
  for (size_t i = line_begin; i < end; i += DecodeUtf8(text, i).length) ++position.column;
  return position;
}

}  // namespace moult::lang
