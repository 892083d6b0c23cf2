#include "runtime/json_scalar.h"

#include <cstring>
#include <string_view>

namespace moult::runtime {
namespace {

int CompareWide(const Layout& layout, const std::byte* a, const std::byte* b) {
  if (layout.kind != Layout::Kind::kBytes) return std::memcmp(a, b, layout.size);  // no order that means anything is needed
  const auto text = [](const std::byte* at) {
    const auto& span = *reinterpret_cast<const NativeSpan*>(at);
    return std::string_view(static_cast<const char*>(span.data), span.count);
  };
  return text(a).compare(text(b));
}

}  // namespace

int CompareScalars(const Layout& layout, const std::byte* a, const std::byte* b) {
  auto order = [](auto x, auto y) { return x < y ? -1 : (y < x ? 1 : 0); };
  switch (layout.kind) {
    case Layout::Kind::kString:
      return reinterpret_cast<const std::string_view*>(a)->compare(*reinterpret_cast<const std::string_view*>(b));
    case Layout::Kind::kBytes:
    case Layout::Kind::kTimestamp:
    case Layout::Kind::kIp:
    case Layout::Kind::kCidr:
      return CompareWide(layout, a, b);
    case Layout::Kind::kDouble:
      return order(*reinterpret_cast<const double*>(a), *reinterpret_cast<const double*>(b));
    case Layout::Kind::kBool:
      return order(std::to_integer<int>(*a), std::to_integer<int>(*b));
    default:
      return order(*reinterpret_cast<const int64_t*>(a), *reinterpret_cast<const int64_t*>(b));
  }
}

bool IsScalarLayout(const Layout& layout) {
  switch (layout.kind) {
    case Layout::Kind::kBool:
    case Layout::Kind::kInt:
    case Layout::Kind::kDouble:
    case Layout::Kind::kString:
    case Layout::Kind::kBytes:
    case Layout::Kind::kTimestamp:
    case Layout::Kind::kDuration:
    case Layout::Kind::kIp:
    case Layout::Kind::kCidr:
    case Layout::Kind::kEnum:
      return true;
    default:
      return false;
  }
}

}  // namespace moult::runtime
