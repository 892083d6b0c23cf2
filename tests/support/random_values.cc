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

std::string RandomText(Random& random, bool hostile) {
  constexpr std::string_view kWords[] = {"",     "a",     "b",   "ab",     "abc",           "www",
                                         "spam", "allow", "a,b", "a,b,,c", "http://a.top/1"};
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
