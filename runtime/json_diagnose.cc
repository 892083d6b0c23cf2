#include "runtime/json_diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "lang/report.h"
#include "lang/text.h"
#include "lang/utf8.h"
#include "runtime/json_path.h"

namespace moult::runtime {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// What may be meant as one number or literal, well written or not.
bool IsWordCharacter(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' || c == '-' || c == '.';
}

// Every function returns false after it has recorded the first fault.
class JsonWalk {
 public:
  JsonWalk(std::string_view text, JsonRoot root, int max_depth) : text_(text), root_(root), max_depth_(max_depth) {}

  std::optional<JsonFault> Run() {
    if (Document()) return std::nullopt;
    return std::move(fault_);
  }

 private:
  bool Document() {
    if (text_.starts_with(kByteOrderMark)) return Fault(0, "a byte order mark, which JSON does not have");
    SkipSpace();
    const bool array = root_ == JsonRoot::kCollection && Peek() == '[';
    if (!array && Peek() != '{') return Expected(root_ == JsonRoot::kObject ? "an object" : "an array or an object");
    if (!(array ? Array(JsonPath{}, 0) : Object(JsonPath{}, 0))) return false;
    SkipSpace();
    return AtEnd() || Fault(at_, fmt::format("text after the {}: {}", array ? "array" : "object", Found()));
  }

  bool Value(const JsonPath& path, int depth) {
    if (depth > max_depth_) return TooDeep(path);
    SkipSpace();
    switch (Peek()) {
      case '{':
        return Object(path, depth);
      case '[':
        return Array(path, depth);
      case '"':
        return String();
      default:
        return Word();
    }
  }

  bool Object(const JsonPath& path, int depth) {
    ++at_;
    SkipSpace();
    if (Take('}')) return true;
    do {
      SkipSpace();
      const size_t key = at_ + 1;
      if (Peek() != '"') return Expected("a member's name in double quotes");
      if (!String()) return false;
      const JsonPath step{&path, {}, text_.substr(key, at_ - 1 - key)};
      SkipSpace();
      if (!Take(':')) return Expected("`:` after the member's name");
      if (!Value(step, depth + 1)) return false;
      SkipSpace();
    } while (Take(','));
    return Take('}') || Expected("`,` or `}`");
  }

  bool Array(const JsonPath& path, int depth) {
    ++at_;
    SkipSpace();
    if (Take(']')) return true;
    JsonPath step{&path, {}, {}, 0};
    do {
      if (!Value(step, depth + 1)) return false;
      ++step.index;
      SkipSpace();
    } while (Take(','));
    return Take(']') || Expected("`,` or `]`");
  }

  bool Word() {
    const std::string_view word = WordHere();
    const bool literal = word == "true" || word == "false" || word == "null";
    if (!literal && !IsJsonNumber(word)) {
      if (!word.empty() && (IsDigit(word[0]) || word[0] == '-'))
        return Fault(at_, lang::Quoted(word) + " is no number");
      return Expected("a value");
    }
    at_ += word.size();
    return true;
  }

  bool String() {
    const size_t open = at_++;
    while (!AtEnd()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (!Escape()) return false;
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        return Fault(at_, fmt::format("a control character in a string, to be written as `\\u{:04x}`", int{c}));
      }
      const lang::CodePoint code_point = lang::DecodeUtf8(text_, at_);
      if (!code_point.valid) return NotUtf8();
      at_ += code_point.length;
    }
    return Fault(open, "the string that begins here does not end");
  }

  bool Escape() {
    const std::string_view escape = text_.substr(at_, 2);
    if (escape == "\\u") return UnicodeEscape();
    constexpr std::string_view kKinds = "\"\\/bfnrt";
    if (escape.size() == 2 && kKinds.find(escape[1]) == std::string_view::npos) {
      return Fault(at_, lang::Quoted(escape) + " is no escape");
    }
    at_ += escape.size();
    return true;
  }

  bool UnicodeEscape() {
    const size_t begin = at_;
    const std::optional<uint32_t> unit = CodeUnit();
    if (!unit) return Fault(begin, "`\\u` needs four hexadecimal digits");
    if (lang::IsScalarValue(*unit)) return true;
    const std::optional<uint32_t> low = *unit < 0xDC00 ? CodeUnit() : std::nullopt;
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) return true;
    return Fault(begin, lang::Quoted(text_.substr(begin, 6)) + " is half of a surrogate pair");
  }

  // Reads `\uXXXX`, if it stands here.
  std::optional<uint32_t> CodeUnit() {
    constexpr size_t kLength = 6;
    const std::string_view escape = text_.substr(at_, kLength);
    if (escape.size() < kLength || !escape.starts_with("\\u")) return std::nullopt;
    uint32_t unit = 0;
    for (const char c : escape.substr(2)) {
      const size_t digit = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c);
      if (digit == std::string_view::npos) return std::nullopt;
      unit = unit << 4 | static_cast<uint32_t>(digit);
    }
    at_ += kLength;
    return unit;
  }

  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipSpace() {
    while (!AtEnd() && IsSpace(text_[at_])) ++at_;
  }
  std::string_view WordHere() const {
    const auto end = std::find_if_not(text_.begin() + static_cast<ptrdiff_t>(at_), text_.end(), IsWordCharacter);
    return text_.substr(at_, static_cast<size_t>(end - text_.begin()) - at_);
  }
  // What stands here, for a message. REQUIRES: not at the end.
  std::string Found() const {
    const std::string_view word = WordHere();
    return lang::Quoted(word.empty() ? text_.substr(at_, lang::DecodeUtf8(text_, at_).length) : word);
  }

  bool Expected(std::string_view what) {
    if (AtEnd()) return Fault(at_, fmt::format("expected {}, but the text ends", what));
    if (!lang::DecodeUtf8(text_, at_).valid) return NotUtf8();
    return Fault(at_, fmt::format("expected {}, found {}", what, Found()));
  }
  bool NotUtf8() { return Fault(at_, fmt::format("not UTF-8: byte 0x{:02x}", static_cast<unsigned char>(text_[at_]))); }
  bool TooDeep(const JsonPath& path) {
    // The outermost member: hundreds of steps would tell nothing more.
    const JsonPath* member = &path;
    while (member->up != nullptr && member->up->up != nullptr) member = member->up;
    fault_ = {at_, NestedTooDeep(max_depth_), fmt::format("{}: {} at {}", member->Text(), NestedTooDeep(max_depth_), Place(at_))};
    return false;
  }
  bool Fault(size_t at, const std::string& cause) {
    fault_ = {at, cause, fmt::format("malformed JSON at {}: {}", Place(at), cause)};
    return false;
  }
  std::string Place(size_t at) const {
    const std::string_view before = text_.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const size_t newline = before.rfind('\n');
    const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
    const std::string column = fmt::format("column {}", lang::CodePoints(line) + 1);
    return lines == 0 ? column : fmt::format("line {}, {}", lines + 1, column);
  }

  const std::string_view text_;
  const JsonRoot root_;
  const int max_depth_;
  size_t at_ = 0;
  JsonFault fault_;
};

}  // namespace

bool IsJsonNumber(std::string_view s) {
  size_t i = 0;
  auto digits = [&] {
    const size_t begin = i;
    while (i < s.size() && IsDigit(s[i])) ++i;
    return i > begin;
  };
  if (i < s.size() && s[i] == '-') ++i;
  if (i < s.size() && s[i] == '0') {
    ++i;
  } else if (!digits()) {
    return false;
  }
  if (i < s.size() && s[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == s.size();
}

std::string NestedTooDeep(int max_depth) { return fmt::format("nested more than {} levels deep", max_depth); }

std::optional<std::string> DiagnoseJson(std::string_view text, int max_depth) {
  std::optional<JsonFault> fault = FindJsonFault(text, JsonRoot::kObject, max_depth);
  if (!fault) return std::nullopt;
  return std::move(fault->message);
}

std::optional<JsonFault> FindJsonFault(std::string_view text, JsonRoot root, int max_depth) {
  return JsonWalk(text, root, max_depth).Run();
}

}  // namespace moult::runtime
