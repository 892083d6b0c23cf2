#include "lang/function.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace moult::lang {

double Call::Double(size_t k) const { return std::bit_cast<double>(arguments_[k].a); }

std::string_view Call::Text(size_t k) const {
  return {reinterpret_cast<const char*>(arguments_[k].a), static_cast<size_t>(arguments_[k].b)};
}

NativeSpan Call::Items(size_t k) const { return {reinterpret_cast<const void*>(arguments_[k].a), arguments_[k].b}; }

NativeType Call::type(size_t k) const {
  uint32_t offset;
  std::memcpy(&offset, types_ + k * sizeof offset, sizeof offset);
  return NativeType(types_ + offset);
}

ErrorKind Call::Give(Words words) {
  result_ = words;
  return ErrorKind::kNone;
}

ErrorKind Call::GiveDouble(double value) { return Give({.a = std::bit_cast<uint64_t>(value)}); }

ErrorKind Call::GiveText(std::optional<std::string_view> text) {
  if (!text) return ErrorKind::kArenaExhausted;
  return Give({reinterpret_cast<uint64_t>(text->data()), text->size()});
}

ErrorKind Call::GiveItems(std::optional<NativeSpan> items) {
  if (!items) return ErrorKind::kArenaExhausted;
  return Give({reinterpret_cast<uint64_t>(items->data), items->count});
}

ErrorKind CallFunction(Function function, Call& call) noexcept {
  using Implementation = ErrorKind (*)(Call&) noexcept;
  static constexpr Implementation kImplementations[] = {
#define MOULT_FUNCTION(id, style, name, signature, fails) &library::id,
#define MOULT_OPERATION(id, style, name, signature, op) nullptr,
#include "lang/functions.def"
#undef MOULT_FUNCTION
#undef MOULT_OPERATION
  };
  return kImplementations[static_cast<size_t>(function)](call);
}

std::string DescribeCall(const TypeTable& types, std::span<const TypeId> of, std::span<const Layout* const> layouts) {
  std::string offsets;
  std::string descriptions;
  for (size_t k = 0; k < of.size(); ++k) {
    const auto offset = static_cast<uint32_t>(of.size() * sizeof(uint32_t) + descriptions.size());
    offsets.append(reinterpret_cast<const char*>(&offset), sizeof offset);
    descriptions += DescribeNative(types, of[k], *layouts[k]);
  }
  return offsets + descriptions;
}

}  // namespace moult::lang
