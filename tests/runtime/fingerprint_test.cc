#include "runtime/fingerprint.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

namespace moult::runtime {
namespace {

// Of the authors' program: the key is 00 01 .. 0f, the text 00 01 .. of each length; the bytes as it prints them.
TEST(FingerprintTest, IsSipHashOf128Bits) {
  constexpr FingerprintKey kKey{0x0706'0504'0302'0100, 0x0F0E'0D0C'0B0A'0908};
  struct Case {
    size_t size;
    unsigned char expected[16];
  };
  const Case kCases[] = {
      {0, {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93}},
      {1, {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45}},
  };
  for (const Case& c : kCases) {
    std::string text;
    for (size_t k = 0; k < c.size; ++k) text += static_cast<char>(k);
    const Fingerprint actual = FingerprintOf(text, kKey);
    Fingerprint expected;
    std::memcpy(&expected.low, c.expected, 8);
    std::memcpy(&expected.high, c.expected + 8, 8);
    EXPECT_EQ(actual, expected) << c.size;
  }
}

TEST(FingerprintTest, TellsTextsApart) {
  std::set<std::pair<uint64_t, uint64_t>> seen;
  const auto add = [&](const std::string& text) {
    const Fingerprint f = FingerprintOf(text);
    EXPECT_EQ(f, FingerprintOf(text));
    return seen.insert({f.low, f.high}).second;
  };
  for (size_t size = 0; size < 600; ++size) EXPECT_TRUE(add(std::string(size, '\0'))) << size;
  for (size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = 'y';
    EXPECT_TRUE(add(text)) << at;
  }
}

}  // namespace
}  // namespace moult::runtime
