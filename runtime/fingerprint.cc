#include "runtime/fingerprint.h"

#include <bit>
#include <cstring>
#include <random>

namespace moult::runtime {
namespace {

// The state of SipHash: https://www.aumasson.jp/siphash/siphash.pdf, with 128 bits of output as its authors' program
// has them.
struct Sip {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Absorb(uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
  uint64_t Squeeze() {
    for (int k = 0; k < 4; ++k) Round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

FingerprintKey RandomKey() {
  std::random_device device;
  const auto word = [&] { return uint64_t{device()} << 32 | device(); };
  return {word(), word()};
}

}  // namespace

Fingerprint FingerprintOf(std::string_view text, const FingerprintKey& key) noexcept {
  static_assert(std::endian::native == std::endian::little);
  Sip sip{key.low ^ 0x736F'6D65'7073'6575, key.high ^ 0x646F'7261'6E64'6F6D ^ 0xEE, key.low ^ 0x6C79'6765'6E65'7261,
          key.high ^ 0x7465'6462'7974'6573};
  uint64_t last = uint64_t{text.size()} << 56;
  for (; text.size() >= sizeof(uint64_t); text.remove_prefix(sizeof(uint64_t))) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    sip.Absorb(word);
  }
  uint64_t rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  sip.Absorb(last | rest);
  sip.v2 ^= 0xEE;
  Fingerprint result;
  result.low = sip.Squeeze();
  sip.v1 ^= 0xDD;
  result.high = sip.Squeeze();
  return result;
}

Fingerprint FingerprintOf(std::string_view text) {
  static const FingerprintKey key = RandomKey();
  return FingerprintOf(text, key);
}

}  // namespace moult::runtime
