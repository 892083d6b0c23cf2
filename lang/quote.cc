#include "lang/quote.h"

#include <fmt/format.h>

#include <cmath>

#include <iterator>

#include "lang/utf8.h"

namespace moult::lang {
namespace {

// The letter after the backslash that stands for a control character in JSON and in policies alike, or 0.
char ShortEscape(char32_t c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '"':
    case '\\':
      return static_cast<char>(c);
    default:
      return 0;
  }
}

// `must_escape` says which characters beside those with a short escape and invalid bytes do not stand for themselves.
template <class MustEscape>
void AppendQuoted(std::string& out, std::string_view text, MustEscape must_escape) {
  size_t plain = 0;  // from here to `i` text is copied as it is
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = DecodeUtf8(text, i);
    const char letter = ShortEscape(c.value);
    if (letter != 0 || !c.valid || must_escape(c.value)) {
      out += text.substr(plain, i - plain);
      if (letter != 0) {
        out += {'\\', letter};
      } else {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<uint32_t>(c.value));
      }
      plain = i + c.length;
    }
    i += c.length;
  }
  out += text.substr(plain);
  out += '"';
}

}  // namespace

std::string QuoteText(std::string_view text) {
  std::string out;
  AppendQuoted(out, text, IsUnprintable);
  return out;
}

std::string RealText(double value) {
  if (std::isnan(value)) return "nan";  // whatever its sign
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

void AppendJsonString(std::string& out, std::string_view text) {
  AppendQuoted(out, text, [](char32_t c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace moult::lang
