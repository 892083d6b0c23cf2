#include "runtime/json_scalar.h"

#include <cstring>
#include <optional>

#include "lang/base64.h"
#include "lang/time.h"
#include "moult/layout.h"
#include "moult/net.h"

namespace moult::runtime {
namespace {

template <class T>
TextStatus Store(const std::optional<T>& value, std::byte* out) {
  if (!value) return TextStatus::kRefused;
  std::memcpy(out, &*value, sizeof *value);
  return TextStatus::kStored;
}

TextStatus StoreBytes(std::string_view text, lang::Arena& arena, std::byte* out) {
  auto* data = static_cast<char*>(arena.Allocate(lang::MaxDecodedSize(text.size())));
  if (data == nullptr) return TextStatus::kArenaFull;
  const std::optional<size_t> size = lang::DecodeBase64(text, data);
  if (!size) return TextStatus::kRefused;
  return Store(std::optional(NativeSpan{data, *size}), out);
}

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

TextStatus StoreScalarText(lang::TypeKind kind, std::string_view text, lang::Arena& arena, std::byte* out) {
  switch (kind) {
    case lang::TypeKind::kBytes:
      return StoreBytes(text, arena, out);
    case lang::TypeKind::kTimestamp:
      return Store(lang::ParseTimestamp(text), out);
    case lang::TypeKind::kDuration:
      return Store(lang::ParseDuration(text), out);
    case lang::TypeKind::kIp:
      return Store(Ip::Parse(text), out);
    default:
      return Store(Cidr::Parse(text), out);
  }
}

const char* ScalarTextForm(lang::TypeKind kind) {
  switch (kind) {
    case lang::TypeKind::kBytes:
      return "bytes (base64, as \"YWI=\")";
    case lang::TypeKind::kTimestamp:
      return "timestamp (RFC 3339, as \"2026-01-02T03:04:05Z\")";
    case lang::TypeKind::kDuration:
      return "duration (as \"1.5s\" or \"10m\")";
    case lang::TypeKind::kIp:
      return "ip (as \"192.0.2.1\" or \"2001:db8::1\")";
    default:
      return "cidr (as \"192.0.2.0/24\")";
  }
}

}  // namespace moult::runtime
