// Library functions of bytes: conversions to and from strings, base64 and hexadecimal digits.
#include <algorithm>

#include "lang/base64.h"
#include "lang/function.h"
#include "lang/hex.h"
#include "lang/utf8.h"

namespace moult::lang::library {
namespace {

char* NewText(Call& call, size_t size) { return static_cast<char*>(call.arena().Allocate(std::max<size_t>(size, 1))); }

// `decode` writes at most `most` bytes and says how many, or that the text is no encoding.
template <class Decode>
ErrorKind GiveDecoded(Call& call, size_t most, Decode decode) {
  char* bytes = NewText(call, most);
  if (bytes == nullptr) return ErrorKind::kArenaExhausted;
  const std::optional<size_t> size = decode(call.Text(0), bytes);
  return size ? call.GiveText(std::string_view(bytes, *size)) : ErrorKind::kBadConversion;
}

ErrorKind GiveHex(Call& call, bool upper) {
  const std::string_view bytes = call.Text(0);
  if (bytes.size() > SIZE_MAX / 2) return ErrorKind::kArenaExhausted;
  char* text = NewText(call, bytes.size() * 2);
  if (text == nullptr) return ErrorKind::kArenaExhausted;
  EncodeHex(bytes, text, upper);
  return call.GiveText(std::string_view(text, bytes.size() * 2));
}

}  // namespace

ErrorKind BytesOfBytes(Call& call) noexcept { return call.Give(call.words(0)); }
ErrorKind BytesOfString(Call& call) noexcept { return call.Give(call.words(0)); }
ErrorKind StringOfBytes(Call& call) noexcept {
  if (FirstInvalidUtf8(call.Text(0)) != std::string_view::npos) return ErrorKind::kNotUtf8;
  return call.GiveText(call.Text(0));
}

ErrorKind Base64Encode(Call& call) noexcept {
  const std::string_view bytes = call.Text(0);
  if (bytes.size() > SIZE_MAX / 2) return ErrorKind::kArenaExhausted;
  char* text = NewText(call, Base64Size(bytes.size()));
  if (text == nullptr) return ErrorKind::kArenaExhausted;
  EncodeBase64(bytes, text);
  return call.GiveText(std::string_view(text, Base64Size(bytes.size())));
}
ErrorKind Base64Decode(Call& call) noexcept { return GiveDecoded(call, MaxDecodedSize(call.Text(0).size()), DecodeBase64); }

ErrorKind HexEncode(Call& call) noexcept { return GiveHex(call, false); }
ErrorKind HexDecode(Call& call) noexcept { return GiveDecoded(call, call.Text(0).size() / 2, DecodeHex); }

// The clauses `%x` and `%X` of a format.
ErrorKind FormatHexText(Call& call) noexcept { return GiveHex(call, false); }
ErrorKind FormatHexBytes(Call& call) noexcept { return GiveHex(call, false); }
ErrorKind FormatUpperHexText(Call& call) noexcept { return GiveHex(call, true); }
ErrorKind FormatUpperHexBytes(Call& call) noexcept { return GiveHex(call, true); }

}  // namespace moult::lang::library
