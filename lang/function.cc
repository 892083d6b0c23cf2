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

LayoutImage Call::type(size_t k) const {
  const LayoutImage all(types_);
  return all.At(all.field(k).image);
}

Place Call::place(size_t k) const {
  const LayoutImage image = type(k);
  const bool is_address = image.kind() == Layout::Kind::kRecord || image.kind() == Layout::Kind::kCidr;
  return {image, is_address ? reinterpret_cast<const void*>(arguments_[k].a) : &arguments_[k]};
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

Cidr Call::Range(size_t k) const {
  Cidr cidr;
  std::memcpy(&cidr, reinterpret_cast<const void*>(arguments_[k].a), sizeof cidr);
  return cidr;
}

ErrorKind Call::GiveRange(const Cidr& cidr) {
  void* at = arena_.Allocate(sizeof cidr);
  if (at == nullptr) return ErrorKind::kArenaExhausted;
  std::memcpy(at, &cidr, sizeof cidr);
  return Give({.a = reinterpret_cast<uint64_t>(at)});
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

}  // namespace moult::lang
