#include "lang/base64.h"

#include <array>
#include <cstdint>

namespace moult::lang {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kNone = 255;

constexpr std::array<uint8_t, 256> MakeValues() {
  std::array<uint8_t, 256> values{};
  values.fill(kNone);
  for (size_t k = 0; k < kAlphabet.size(); ++k) values[static_cast<unsigned char>(kAlphabet[k])] = static_cast<uint8_t>(k);
  return values;
}
constexpr std::array<uint8_t, 256> kValues = MakeValues();

}  // namespace

void EncodeBase64(std::string_view bytes, char* out) noexcept {
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) *out++ = k <= count ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
}

std::optional<size_t> DecodeBase64(std::string_view text, char* out) noexcept {
  if (text.size() % 4 == 0 && text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  if (text.size() % 4 == 1) return std::nullopt;
  const char* begin = out;
  uint32_t bits = 0;
  int count = 0;  // of bits not yet written
  for (char c : text) {
    const uint8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNone) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    *out++ = static_cast<char>(bits >> count);
    bits &= (1u << count) - 1;
  }
  if (bits != 0) return std::nullopt;
  return static_cast<size_t>(out - begin);
}

}  // namespace moult::lang
