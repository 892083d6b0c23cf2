#include "lang/time_zone.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "lang/time.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

int64_t At(const char* text) { return ParseTimestamp(text)->seconds; }

std::optional<int64_t> Minutes(const char* zone, const char* text) {
  const std::optional<int64_t> offset = ZoneOffset(zone, At(text));
  if (!offset) return std::nullopt;
  return *offset / 60;
}

TEST(ZoneOffset, ReadsFixedOffsets) {
  const char* now = "2026-01-02T00:00:00Z";
  EXPECT_EQ(Minutes("UTC", now), 0);
  EXPECT_EQ(Minutes("+02:00", now), 120);
  EXPECT_EQ(Minutes("02:00", now), 120);
  EXPECT_EQ(Minutes("-09:30", now), -570);
  EXPECT_EQ(Minutes("-00:00", now), 0);
  for (const char* bad : {"", "+2:00", "02:0", "24:00", "00:60", "+-2:00", "a2:00", "02:00 ", ":", "Nowhere/Land", "../passwd", "posix/UTC", "utc"}) {
    EXPECT_EQ(Minutes(bad, now), std::nullopt) << bad;
  }
}

TEST(ZoneOffset, KnowsTheSystemsZones) {
  if (!ZoneOffset("America/New_York", 0)) GTEST_SKIP() << "no tzdata";
  EXPECT_EQ(Minutes("America/New_York", "2026-03-08T06:59:59Z"), -300);
  EXPECT_EQ(Minutes("America/New_York", "2026-03-08T07:00:00Z"), -240);
  EXPECT_EQ(Minutes("America/New_York", "2026-11-01T05:59:59Z"), -240);
  EXPECT_EQ(Minutes("America/New_York", "2026-11-01T06:00:00Z"), -300);
  EXPECT_EQ(Minutes("America/New_York", "2500-07-01T00:00:00Z"), -240);  // by the rule that goes on
  EXPECT_EQ(Minutes("America/New_York", "2500-12-01T00:00:00Z"), -300);
  EXPECT_EQ(Minutes("America/New_York", "1850-01-01T00:00:00Z"), -296);  // local mean time
  EXPECT_EQ(Minutes("Australia/Sydney", "2500-12-31T23:59:59Z"), 660);   // summer over the turn of the year
  EXPECT_EQ(Minutes("Australia/Sydney", "2500-07-01T00:00:00Z"), 600);
  EXPECT_EQ(Minutes("America/St_Johns", "2009-02-13T02:00:00Z"), -210);
  EXPECT_EQ(Minutes("Asia/Kathmandu", "2009-02-13T02:00:00Z"), 345);
}

TEST(ZoneRule, ReadsEveryForm) {
  const auto at = [](const char* rule, const char* text) { return ZoneRule::Parse(rule)->OffsetAt(At(text)) / 60; };
  EXPECT_EQ(at("JST-9", "2026-07-01T00:00:00Z"), 540);
  EXPECT_EQ(at("<+0330>-3:30", "2026-07-01T00:00:00Z"), 210);
  EXPECT_EQ(at("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z"), -240);
  EXPECT_EQ(at("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z"), 60);
  EXPECT_EQ(at("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z"), 120);
  EXPECT_EQ(at("A0B-2,J60/0,J300/0", "2024-02-29T23:59:59Z"), 0);  // J60 is 1 March in every year
  EXPECT_EQ(at("A0B-2,J60/0,J300/0", "2024-03-01T00:00:00Z"), 120);
  EXPECT_EQ(at("A0B-2,59/0,300/0", "2024-02-29T00:00:00Z"), 120);
  EXPECT_EQ(at("A3<B>2,M3.4.4/50,M10.4.4/50", "2026-03-28T04:59:59Z"), -180);
  EXPECT_EQ(at("A3<B>2,M3.4.4/50,M10.4.4/50", "2026-03-28T05:00:00Z"), -120);
  EXPECT_EQ(at("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z"), 0);  // "summer" in winter
  for (const char* bad : {"", "5", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
                          "EST5EDT,M3.2.0,M11.1.0,", "<EST5", "EST999", "EST5EDT,J366,J1", "EST5:60"}) {
    EXPECT_FALSE(ZoneRule::Parse(bad).has_value()) << bad;
  }
}

// A file of version 2: no change, one type, then the rule.
std::string File(const std::string& rule) {
  const std::string counts(20, '\0');
  std::string header = "TZif2" + std::string(15, '\0');
  const std::string block = std::string(4, '\0') + std::string(2, '\0') + std::string("X\0", 2);  // one type at UTC, two characters
  header += std::string(16, '\0') + std::string("\0\0\0\1\0\0\0\2", 8);
  return header + block + header + block + "\n" + rule + "\n";
}

TEST(TimeZone, ReadsAFileWithoutChanges) {
  const std::optional<TimeZone> zone = TimeZone::Parse(File("EST5EDT,M3.2.0,M11.1.0"));
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->OffsetAt(At("2026-07-01T00:00:00Z")), -4 * 3600);
  EXPECT_EQ(TimeZone::Parse(File("?"))->OffsetAt(0), 0);
}

TEST(TimeZone, SurvivesAnyBytes) {
  const uint64_t seed = test::Seed();
  std::mt19937_64 random(seed);
  const std::string whole = File("CET-1CEST,M3.5.0,M10.5.0/3");
  for (size_t size = 0; size < 88; ++size) EXPECT_FALSE(TimeZone::Parse(std::string_view(whole).substr(0, size)).has_value()) << size;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    const std::optional<TimeZone> zone = TimeZone::Parse(bytes);
    if (!zone) continue;
    const int64_t offset = zone->OffsetAt(static_cast<int64_t>(random() % 4'000'000'000));
    EXPECT_LT(std::abs(offset), 14 * 86'400) << "seed " << seed;
  }
}

}  // namespace
}  // namespace moult::lang
