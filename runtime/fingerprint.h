// Fingerprint: 128 bits that tell texts apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace moult::runtime {

struct Fingerprint {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// SipHash-2-4 of 128 bits. Without the key nobody can make two texts of one fingerprint.
struct FingerprintKey {
  uint64_t low = 0;
  uint64_t high = 0;
};
Fingerprint FingerprintOf(std::string_view text, const FingerprintKey& key) noexcept;

// By a key that this process drew at random: fingerprints are compared within it alone. Cost: about a nanosecond a
// byte.
Fingerprint FingerprintOf(std::string_view text);

}  // namespace moult::runtime
