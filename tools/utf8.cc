#include "tools/utf8.h"

#include "lang/utf8.h"

namespace moult::tools {

size_t ValidSequence(std::string_view text) {
  const lang::CodePoint c = lang::DecodeUtf8(text, 0);
  return c.valid ? c.length : 0;
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = ValidSequence(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const bool control =
        first < 0x20 || first == 0x7f || (length == 2 && first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
    if (length == 0 || control) {
      out += '?';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace moult::tools
