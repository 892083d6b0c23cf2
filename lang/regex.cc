#include "lang/regex.h"

#include <re2/re2.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "lang/utf8.h"

namespace moult::lang {
namespace {

RE2::Options MakeOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

constexpr size_t kBytesPerInstruction = 16;

// How many bytes of ASCII `text` begins with, rounded down to whole words.
size_t AsciiWords(std::string_view text) noexcept {
  size_t i = 0;
  for (uint64_t word; i + sizeof(word) <= text.size(); i += sizeof(word)) {
    std::memcpy(&word, text.data() + i, sizeof(word));
    if ((word & 0x8080808080808080u) != 0) break;
  }
  return i;
}

// Where the first byte that is not valid UTF-8 stands, or the text's size.
size_t ValidPrefix(std::string_view text) noexcept {
  size_t i = AsciiWords(text);
  while (i < text.size()) {
    const CodePoint c = DecodeUtf8(text, i);
    if (!c.valid) break;
    i += c.length;
  }
  return i;
}

// `text` with U+FFFD for each invalid byte.
std::string WithReplacements(std::string_view text, size_t valid_prefix) {
  std::string out(text.substr(0, valid_prefix));
  for (size_t i = valid_prefix; i < text.size();) {
    const CodePoint c = DecodeUtf8(text, i);
    AppendUtf8(c.value, out);
    i += c.length;
  }
  return out;
}

}  // namespace

struct Regex::Impl {
  explicit Impl(std::string_view pattern) : re(re2::StringPiece(pattern.data(), pattern.size()), MakeOptions()) {}
  RE2 re;
};

Regex::Regex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Regex::~Regex() = default;

std::unique_ptr<Regex> Regex::Create(std::string_view pattern, std::string* error) {
  auto impl = std::make_unique<Impl>(pattern);
  if (!impl->re.ok()) {
    *error = impl->re.error();
    return nullptr;
  }
  return std::unique_ptr<Regex>(new Regex(std::move(impl)));
}

// RE2 lets nothing match an invalid byte: left as it is, one such byte would hide what surrounds it from every pattern.
bool Regex::Matches(std::string_view text) const noexcept {
  const auto matches = [this](std::string_view t) {
    return impl_->re.Match(re2::StringPiece(t.data(), t.size()), 0, t.size(), RE2::UNANCHORED, nullptr, 0);
  };
  const size_t valid_prefix = ValidPrefix(text);
  if (valid_prefix == text.size()) return matches(text);
  try {
    return matches(WithReplacements(text, valid_prefix));
  } catch (const std::bad_alloc&) {
    return matches(text);
  }
}

size_t Regex::MemoryBytes() const {
  const auto instructions = static_cast<size_t>(impl_->re.ProgramSize());
  return sizeof(Regex) + sizeof(Impl) + impl_->re.pattern().size() + instructions * kBytesPerInstruction;
}

}  // namespace moult::lang
