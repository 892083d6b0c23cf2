#include "lang/scalar_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "lang/base64.h"

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

}  // namespace moult::lang
