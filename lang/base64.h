// Base64 as RFC 4648 has it, with the standard alphabet.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace moult::lang {

// How many characters `size` bytes become, padding included.
constexpr size_t Base64Size(size_t size) noexcept { return (size + 2) / 3 * 4; }
// Writes Base64Size(bytes.size()) characters.
void EncodeBase64(std::string_view bytes, char* out) noexcept;

// How many bytes `text` may become at most.
constexpr size_t MaxDecodedSize(size_t size) noexcept { return size / 4 * 3 + 3; }
// Writes the bytes that `text` stands for and returns how many they are; nothing if it is no base64. Padding may be left out, but not
// in part; bits that pad the last byte have to be zero. REQUIRES: room for MaxDecodedSize(text.size()).
std::optional<size_t> DecodeBase64(std::string_view text, char* out) noexcept;

}  // namespace moult::lang
