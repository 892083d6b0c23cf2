#include "lang/regex.h"

#include <re2/re2.h>

namespace moult::lang {
namespace {

RE2::Options MakeOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

constexpr size_t kBytesPerInstruction = 16;

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

bool Regex::Matches(std::string_view text) const noexcept {
  return impl_->re.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

size_t Regex::MemoryBytes() const {
  const auto instructions = static_cast<size_t>(impl_->re.ProgramSize());
  return sizeof(Regex) + sizeof(Impl) + impl_->re.pattern().size() + instructions * kBytesPerInstruction;
}

}  // namespace moult::lang
