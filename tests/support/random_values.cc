#include "tests/support/random_values.h"

#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

namespace moult::lang::test {

int64_t RandomInt(Random& random) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kEdges[] = {kMax,         kMin, kMax - 1, kMin + 1, 1LL << 53, (1LL << 53) + 1, 1LL << 62,
                                -(1LL << 62), 255,  256,      -128,     65536,     3037000500,      4294967296};
  const size_t choice = Below(random, 20);
  if (choice < 15) return static_cast<int64_t>(Below(random, 8)) - 2;
  if (choice < 19) return kEdges[Below(random, std::size(kEdges))];
  return static_cast<int64_t>(random());
}

double RandomDouble(Random& random) {
  constexpr double kPool[] = {0.0,
                              -0.0,
                              0.5,
                              1.5,
                              2.5,
                              1e300,
                              5e-324,
                              9223372036854775808.0,
                              -9223372036854775808.0,
                              9007199254740993.0,
                              HUGE_VAL,
                              -HUGE_VAL,
                              std::numeric_limits<double>::quiet_NaN()};
  if (Chance(random, 60)) return static_cast<double>(static_cast<int64_t>(Below(random, 8)) - 2);
  return kPool[Below(random, std::size(kPool))];
}

Timestamp RandomTimestamp(Random& random) {
  constexpr Timestamp kPool[] = {{0, 0},
                                 {-1, 999'999'999},
                                 {1'234'567'890, 0},
                                 {1'234'567'890, 1},
                                 {1'767'323'045, 678'000'000},
                                 {kFirstSecond, 0},
                                 {kLastSecond, 999'999'999}};
  if (Chance(random, 80)) return kPool[Below(random, std::size(kPool))];
  const auto second = static_cast<int64_t>(Below(random, static_cast<size_t>(kLastSecond - kFirstSecond)));
  return {kFirstSecond + second, static_cast<int64_t>(Below(random, static_cast<size_t>(kNanosPerSecond)))};
}

int64_t RandomDuration(Random& random) {
  constexpr int64_t kSecond = kNanosPerSecond;
  constexpr int64_t kPool[] = {0,  1,  -1, kSecond, -kSecond, 90 * kSecond, 3600 * kSecond, 1'500'000'000, 999'999'999, std::numeric_limits<int64_t>::max(),
                               std::numeric_limits<int64_t>::min()};
  if (Chance(random, 85)) return kPool[Below(random, std::size(kPool))];
  return static_cast<int64_t>(random());
}

Ip RandomIp(Random& random) {
  constexpr Ip kPool[] = {Ip::FromV4(0x0A000001), Ip::FromV4(0x0A0000FF), Ip::FromV4(0x7F000001), Ip::FromV4(0), Ip(), Ip(0, 1),
                          Ip(0x20010DB800000000, 1), Ip(0x20010DB880000000, 1), Ip(0xFE80000000000000, 7)};
  if (Chance(random, 85)) return kPool[Below(random, std::size(kPool))];
  return Ip(random(), random());
}

Cidr RandomCidr(Random& random) {
  const Ip ip = RandomIp(random);
  const uint32_t most = ip.is_v4() ? 32 : 128;
  const uint32_t bits = Chance(random, 70) ? most / 4 * static_cast<uint32_t>(Below(random, 5)) : static_cast<uint32_t>(Below(random, most + 1));
  return *Cidr::Create(ip, bits);
}

std::string RandomText(Random& random, bool hostile) {
  constexpr std::string_view kWords[] = {"",     "a",     "b",   "ab",     "abc",           "www",
                                         "spam", "allow", "a,b", "a,b,,c", "http://a.top/1",
                                         "10.0.0.1", "::1", "10.0.0.0/8", "2026-01-02T03:04:05Z", "1h30m", "+02:00", "Asia/Kathmandu"};
  constexpr std::string_view kPieces[] = {"a",
                                          "b",
                                          "Z",
                                          ",",
                                          "/",
                                          "é",
                                          "€",
                                          "😀",
                                          "%41",
                                          "%2525",
                                          "%4",
                                          "+",
                                          "&lt;",
                                          "&#60",
                                          "&amp",
                                          "&",
                                          "0123456789abcdef"};
  constexpr std::string_view kBroken[] = {"\xC3", "\xA9", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"};
  if (Chance(random, 55)) return std::string(kWords[Below(random, std::size(kWords))]);
  std::string text;
  for (size_t i = Below(random, 8); i > 0; --i) {
    text += hostile && Chance(random, 25) ? kBroken[Below(random, std::size(kBroken))]
                                          : kPieces[Below(random, std::size(kPieces))];
    if (hostile && Chance(random, 3)) text += '\0';
  }
  return text;
}

}  // namespace moult::lang::test
