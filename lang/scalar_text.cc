#include "lang/scalar_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "lang/base64.h"
#include "lang/time.h"
#include "moult/layout.h"
#include "moult/net.h"

namespace moult::lang {
namespace {

std::string Base64(std::string_view bytes) {
  std::string text(Base64Size(bytes.size()), '\0');
  EncodeBase64(bytes, text.data());
  return text;
}

std::string BytesLiteral(std::string_view bytes, size_t max_bytes) {
  std::string out = "b\"";
  for (unsigned char c : bytes.substr(0, std::min(max_bytes, bytes.size()))) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c >= 0x7f) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + (bytes.size() > max_bytes ? "\"..." : "\"");
}

template <class T>
TextStatus Store(const std::optional<T>& value, std::byte* out) {
  if (!value) return TextStatus::kRefused;
  std::memcpy(out, &*value, sizeof *value);
  return TextStatus::kStored;
}

TextStatus StoreBytes(std::string_view text, Arena& arena, std::byte* out) {
  auto* data = static_cast<char*>(arena.Allocate(MaxDecodedSize(text.size())));
  if (data == nullptr) return TextStatus::kArenaFull;
  const std::optional<size_t> size = DecodeBase64(text, data);
  if (!size) return TextStatus::kRefused;
  return Store(std::optional(NativeSpan{data, *size}), out);
}

}  // namespace

std::string PlainText(TypeKind kind, const Value& value) {
  switch (kind) {
    case TypeKind::kBytes:
      return Base64(value.text);
    case TypeKind::kTimestamp:
      return FormatTimestamp(value.timestamp());
    case TypeKind::kDuration:
      return FormatDuration(value.integer);
    case TypeKind::kIp:
      return value.ip().ToString();
    case TypeKind::kCidr:
      return value.cidr().ToString();
    default:
      assert(false && "written elsewhere");
      return {};
  }
}

std::optional<std::string_view> RenderPlain(TypeKind kind, const Value& value, Arena& arena) noexcept {
  if (kind == TypeKind::kBytes) {  // of any size: made in place
    const size_t size = Base64Size(value.text.size());
    auto* text = static_cast<char*>(arena.Allocate(std::max<size_t>(size, 1)));
    if (text == nullptr) return std::nullopt;
    EncodeBase64(value.text, text);
    return std::string_view(text, size);
  }
  const std::string_view text = arena.Copy(PlainText(kind, value));
  if (text.data() == nullptr) return std::nullopt;
  return text;
}

std::string LiteralText(TypeKind kind, const Value& value, size_t max_bytes) {
  switch (kind) {
    case TypeKind::kBytes:
      return BytesLiteral(value.text, max_bytes);
    case TypeKind::kTimestamp:
      return "timestamp(\"" + PlainText(kind, value) + "\")";
    case TypeKind::kDuration:
      return "duration(\"" + PlainText(kind, value) + "\")";
    case TypeKind::kIp:
      return "ip(\"" + PlainText(kind, value) + "\")";
    default:
      return "cidr(\"" + PlainText(kind, value) + "\")";
  }
}

TextStatus StoreScalarText(TypeKind kind, std::string_view text, Arena& arena, std::byte* out) {
  switch (kind) {
    case TypeKind::kBytes:
      return StoreBytes(text, arena, out);
    case TypeKind::kTimestamp:
      return Store(ParseTimestamp(text), out);
    case TypeKind::kDuration:
      return Store(ParseDuration(text), out);
    case TypeKind::kIp:
      return Store(Ip::Parse(text), out);
    default:
      return Store(Cidr::Parse(text), out);
  }
}

const char* ScalarTextForm(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBytes:
      return "bytes (base64, as \"YWI=\")";
    case TypeKind::kTimestamp:
      return "timestamp (RFC 3339, as \"2026-01-02T03:04:05Z\")";
    case TypeKind::kDuration:
      return "duration (as \"1.5s\" or \"10m\")";
    case TypeKind::kIp:
      return "ip (as \"192.0.2.1\" or \"2001:db8::1\")";
    default:
      return "cidr (as \"192.0.2.0/24\")";
  }
}

}  // namespace moult::lang
