#include "lang/literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lang/utf8.h"

namespace moult::lang {
namespace {

constexpr uint64_t kMaxMagnitude = uint64_t{1} << 63;

// Whether a number that no double holds is too large, not too small: by the decimal exponent of its first digit.
bool TooLarge(std::string_view text) {
  const size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, e);
  const size_t dot = std::min(mantissa.find('.'), mantissa.size());
  const size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return false;
  const int64_t scale = static_cast<int64_t>(dot) - static_cast<int64_t>(first);
  if (e == text.size()) return scale > 0;
  std::string_view digits = text.substr(e + 1);
  const bool negative = digits.substr(0, 1) == "-";
  if (negative || digits.substr(0, 1) == "+") digits.remove_prefix(1);
  constexpr int64_t kLargest = int64_t{1} << 40;  // beyond any text's length
  int64_t exponent = 0;
  for (char c : digits) exponent = std::min(kLargest, exponent * 10 + (c - '0'));
  return scale + (negative ? -exponent : exponent) > 0;
}

// Reads one escape; see the table of the CEL specification. Works on a string's body, so a backslash may be the last byte only
// of a part of one.
class EscapeReader {
 public:
  EscapeReader(std::string_view text, TextSpan body, bool bytes) : text_(text.substr(0, body.end)), bytes_(bytes) {}

  // At a backslash: appends what it stands for, and returns the byte after it, or nothing for a bad one.
  std::optional<uint32_t> Read(uint32_t begin, std::string& out) const {
    const char c = begin + 1 < text_.size() ? text_[begin + 1] : '\0';
    constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";
    if (const size_t i = kLetters.find(c); c != '\0' && i != std::string_view::npos) {
      out += kMeanings[i];
      return begin + 2;
    }
    switch (c) {
      case 'x': case 'X': return Number(begin + 2, 2, 16, out);
      case 'u': return bytes_ ? std::nullopt : Number(begin + 2, 4, 16, out);
      case 'U': return bytes_ ? std::nullopt : Number(begin + 2, 8, 16, out);
      case '0': case '1': case '2': case '3': return Number(begin + 1, 3, 8, out);
      default: return std::nullopt;
    }
  }

 private:
  std::optional<uint32_t> Number(uint32_t begin, uint32_t count, int base, std::string& out) const {
    if (text_.size() < begin + count) return std::nullopt;
    uint32_t value = 0;
    const char* first = text_.data() + begin;
    const auto [end, error] = std::from_chars(first, first + count, value, base);
    if (error != std::errc() || end != first + count || !IsScalarValue(value)) return std::nullopt;
    if (bytes_) {
      out += static_cast<char>(value);  // two hexadecimal or three octal digits: a byte
    } else {
      AppendUtf8(value, out);
    }
    return begin + count;
  }

  std::string_view text_;
  bool bytes_;
};

// The half of a surrogate pair that the escape at `begin` names in full, as in `\ud83d`; empty for any other.
std::string_view SurrogateEscape(std::string_view text, uint32_t begin) {
  const std::string_view escape = text.substr(begin, 6);
  uint32_t value = 0;
  if (escape.size() < 6 || escape[1] != 'u') return {};
  const auto [end, error] = std::from_chars(escape.data() + 2, escape.data() + 6, value, 16);
  const bool whole = error == std::errc() && end == escape.data() + 6;
  return whole && value >= 0xD800 && value <= 0xDFFF ? escape : std::string_view();
}

const char* HintForEscape(char c, bool bytes) {
  if (bytes && (c == 'u' || c == 'U')) return "write the bytes, `\\x..`, or the character itself";
  switch (c) {
    case 'x': case 'X': return "write `\\x` and two hexadecimal digits";
    case 'u': return "write `\\u` and the four hexadecimal digits of a code point";
    case 'U': return "write `\\U` and the eight hexadecimal digits of a code point, at most 0010ffff";
    case '0': case '1': case '2': case '3': return "write three octal digits";
    default: return "write `\\\\` for a backslash, or a raw string, `r\"...\"`";
  }
}

}  // namespace

std::optional<uint64_t> ParseMagnitude(std::string_view digits) {
  const bool hex = digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'X');
  if (hex) digits.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error != std::errc() || value > kMaxMagnitude) return std::nullopt;
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  if (TooLarge(text)) return std::nullopt;
  return 0.0;
}

StringShape ShapeOf(std::string_view literal) {
  StringShape shape;
  for (; literal[shape.prefix] != '"' && literal[shape.prefix] != '\''; ++shape.prefix) {
    const char letter = literal[shape.prefix];
    (letter == 'r' || letter == 'R' ? shape.raw : shape.bytes) = true;
  }
  const std::string_view quotes = literal.substr(shape.prefix, 3);
  if (quotes == R"(""")" || quotes == "'''") shape.quotes = 3;
  return shape;
}

TextSpan BodyOf(std::string_view text, TextSpan span) {
  const StringShape shape = ShapeOf(text.substr(span.begin));
  return {span.begin + shape.prefix + shape.quotes, span.end - shape.quotes};
}

std::string DecodeLiteral(std::string_view text, TextSpan span, Reporter& reporter) {
  return DecodeString(text, BodyOf(text, span), ShapeOf(text.substr(span.begin)), reporter);
}

std::string DecodeString(std::string_view text, TextSpan body, const StringShape& shape, Reporter& reporter) {
  if (shape.raw) return std::string(text.substr(body.begin, body.end - body.begin));
  std::string out;
  const std::string_view bounded = text.substr(0, body.end);  // searching on to the end of the text would be quadratic
  const EscapeReader escapes(text, body, shape.bytes);
  for (uint32_t i = body.begin; i < body.end;) {
    const uint32_t backslash = static_cast<uint32_t>(std::min<size_t>(bounded.find('\\', i), body.end));
    out += text.substr(i, backslash - i);
    i = backslash;
    if (i == body.end) break;
    if (const std::optional<uint32_t> next = escapes.Read(i, out)) {
      i = *next;
      continue;
    }
    if (const std::string_view half = SurrogateEscape(bounded, i); !half.empty()) {
      reporter.Report(Code::kBadEscape, {i, i + 6}, fmt::format("{} is half of a surrogate pair, not a character", Quoted(half)),
                      "write the character itself, or `\\U` and the eight digits of its code point: `\\U0001f600`");
      i += 6;
      continue;
    }
    const uint32_t after = i + 1 < body.end ? i + 1 + DecodeUtf8(text, i + 1).length : body.end;
    const TextSpan escape{i, std::min(after, body.end)};
    reporter.Report(Code::kBadEscape, escape,
                    fmt::format("{} is not an escape", Quoted(text.substr(escape.begin, escape.end - escape.begin))),
                    HintForEscape(i + 1 < body.end ? text[i + 1] : '\0', shape.bytes));
    i = escape.end;
  }
  return out;
}

}  // namespace moult::lang
