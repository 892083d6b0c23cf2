#include "lang/time.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/support/seed.h"

namespace moult::lang {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kSecond = kNanosPerSecond;

std::string Canonical(std::string_view text) {
  const std::optional<Timestamp> t = ParseTimestamp(text);
  return t ? FormatTimestamp(*t) : "refused";
}

std::string CanonicalDuration(std::string_view text) {
  const std::optional<int64_t> d = ParseDuration(text);
  return d ? FormatDuration(*d) : "refused";
}

TEST(Timestamp, ReadsAndWritesRfc3339) {
  EXPECT_EQ(ParseTimestamp("1970-01-01T00:00:00Z"), (Timestamp{0, 0}));
  EXPECT_EQ(ParseTimestamp("2009-02-13T23:31:30Z"), (Timestamp{1'234'567'890, 0}));
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:59:59.5Z"), (Timestamp{-1, 500'000'000}));
  EXPECT_EQ(Canonical("2009-02-13t23:31:30z"), "2009-02-13T23:31:30Z");
  EXPECT_EQ(Canonical("2026-01-02T03:04:05.678+02:00"), "2026-01-02T01:04:05.678Z");
  EXPECT_EQ(Canonical("2026-01-02T03:04:05-09:30"), "2026-01-02T12:34:05Z");
  EXPECT_EQ(Canonical("2026-01-02T03:04:05.1234567899Z"), "2026-01-02T03:04:05.123456789Z");
  EXPECT_EQ(Canonical("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(Canonical("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Canonical("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999999Z");
  EXPECT_EQ(Canonical("0000-12-31T23:30:00-01:00"), "0001-01-01T00:30:00Z");
}

TEST(Timestamp, RefusesOtherTexts) {
  for (const char* bad :
       {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-1-2T03:04:05Z", "2023-02-29T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05+2:00", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+02:60", "2026-01-02T03:04:05+0200", "2026-01-02T03:04:05Z ",
        "10000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "-001-01-01T00:00:00Z"}) {
    EXPECT_EQ(Canonical(bad), "refused") << bad;
  }
}

TEST(Duration, ReadsSumsOfNumbersWithUnits) {
  EXPECT_EQ(ParseDuration("1.5s"), 1'500'000'000);
  EXPECT_EQ(ParseDuration("10m"), 600 * kSecond);
  EXPECT_EQ(ParseDuration("1h30m"), 5400 * kSecond);
  EXPECT_EQ(ParseDuration("-1h1ns"), -3600 * kSecond - 1);
  EXPECT_EQ(ParseDuration("+2ms"), 2'000'000);
  EXPECT_EQ(ParseDuration("3us"), 3'000);
  EXPECT_EQ(ParseDuration("3µs"), 3'000);
  EXPECT_EQ(ParseDuration("3μs"), 3'000);
  EXPECT_EQ(ParseDuration(".5h"), 1800 * kSecond);
  EXPECT_EQ(ParseDuration("5.h"), 18'000 * kSecond);
  EXPECT_EQ(ParseDuration("0.1234567899s"), 123'456'789);
  EXPECT_EQ(ParseDuration("0.0000000000000000000000001h"), 0);
  EXPECT_EQ(ParseDuration("0"), 0);
  EXPECT_EQ(ParseDuration("-0"), 0);
  EXPECT_EQ(ParseDuration("9223372036854775807ns"), kMax);
  EXPECT_EQ(ParseDuration("-9223372036854775808ns"), kMin);
  for (const char* bad : {"", "+", "-", "s", ".s", "1", "1.5", "1 s", "1s ", " 1s", "1d", "1S", "--1s", "1s-1s", "1e3s", "9223372036854775808ns",
                          "-9223372036854775809ns", "320000000000s", "99999999999999999999999999999999999999999999999h", "9223372036s9223372036s"}) {
    EXPECT_EQ(CanonicalDuration(bad), "refused") << bad;
  }
}

TEST(Duration, IsWrittenInSeconds) {
  EXPECT_EQ(FormatDuration(0), "0s");
  EXPECT_EQ(FormatDuration(5400 * kSecond), "5400s");
  EXPECT_EQ(FormatDuration(1'500'000'000), "1.5s");
  EXPECT_EQ(FormatDuration(-500'000'000), "-0.5s");
  EXPECT_EQ(FormatDuration(-1'500'000'000), "-1.5s");
  EXPECT_EQ(FormatDuration(1), "0.000000001s");
  EXPECT_EQ(CanonicalDuration(FormatDuration(kMin)), FormatDuration(kMin));
  EXPECT_EQ(CanonicalDuration(FormatDuration(kMax)), FormatDuration(kMax));
}

TEST(TimeArithmetic, StaysInRange) {
  const Timestamp first{kFirstSecond, 0};
  const Timestamp last{kLastSecond, 999'999'999};
  EXPECT_EQ(*AddDuration({10, 999'999'999}, 1), (Timestamp{11, 0}));
  EXPECT_EQ(*AddDuration({10, 0}, -1), (Timestamp{9, 999'999'999}));
  EXPECT_EQ(*SubtractDuration({10, 0}, 1), (Timestamp{9, 999'999'999}));
  EXPECT_EQ(*SubtractDuration({10, 999'999'999}, -1), (Timestamp{11, 0}));
  EXPECT_EQ(AddDuration(last, 1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(AddDuration(first, -1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(SubtractDuration(first, 1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(SubtractDuration(last, -1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(AddDuration(first, kMin).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(SubtractDuration(last, kMin).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(*Difference({5, 1}, {3, 2}), 2 * kSecond - 1);
  EXPECT_EQ(Difference(last, first).error(), ErrorKind::kDurationOutOfRange);
  EXPECT_EQ(Difference(first, last).error(), ErrorKind::kDurationOutOfRange);
}

TEST(TimeArithmetic, AddingAndSubtractingAreInverse) {
  const uint64_t seed = test::Seed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 5000; ++round) {
    const Timestamp t{static_cast<int64_t>(random() % 20'000'000'000) - 10'000'000'000, static_cast<int64_t>(random() % kSecond)};
    const auto duration = static_cast<int64_t>(random()) >> random() % 64;
    const Result<Timestamp, ErrorKind> later = AddDuration(t, duration);
    ASSERT_TRUE(later.ok()) << "seed " << seed;
    EXPECT_EQ(*SubtractDuration(*later, duration), t) << duration << " seed " << seed;
    EXPECT_EQ(*Difference(*later, t), duration) << "seed " << seed;
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(*later)), *later) << "seed " << seed;
    EXPECT_EQ(ParseDuration(FormatDuration(duration)), duration) << "seed " << seed;
  }
}

TEST(TimeArithmetic, TicksBecomeMomentsAndDurations) {
  EXPECT_EQ(*TimestampOfTicks(-1, 1'000'000'000), (Timestamp{-1, 999'999'999}));
  EXPECT_EQ(*TimestampOfTicks(-1, 1000), (Timestamp{-1, 999'000'000}));
  EXPECT_EQ(*TimestampOfTicks(1500, 1000), (Timestamp{1, 500'000'000}));
  EXPECT_EQ(*TimestampOfTicks(kLastSecond, 1), (Timestamp{kLastSecond, 0}));
  EXPECT_EQ(TimestampOfTicks(kLastSecond + 1, 1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_EQ(TimestampOfTicks(kMin, 1).error(), ErrorKind::kTimestampOutOfRange);
  EXPECT_TRUE(TimestampOfTicks(kMin, 1'000'000'000).ok());
  EXPECT_EQ(*DurationOfTicks(-3, 1000), -3'000'000);
  EXPECT_EQ(*DurationOfTicks(kMin, 1'000'000'000), kMin);
  EXPECT_EQ(DurationOfTicks(kMax, 1000).error(), ErrorKind::kDurationOutOfRange);
}

// Day by day through four centuries, beside a calendar that only counts.
TEST(CivilTime, CountsDaysAsTheCalendarDoes) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t day = DaysFromCivil(1799, 1, 1);
  for (int year = 1799; year <= 2205; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int day_of_year = 0;
    for (int month = 1; month <= 12; ++month) {
      for (int date = 1; date <= kLengths[month - 1] + (month == 2 && leap); ++date, ++day, ++day_of_year) {
        ASSERT_EQ(DaysFromCivil(year, month, date), day);
        const CivilTime c = ToCivil({day * 86'400 + 3'661, 0});
        ASSERT_EQ(c.year, year);
        ASSERT_EQ(c.month, month);
        ASSERT_EQ(c.day, date);
        ASSERT_EQ(c.day_of_year, day_of_year);
        ASSERT_EQ(c.day_of_week, (day % 7 + 7 + 4) % 7);
        ASSERT_EQ(c.hour * 10'000 + c.minute * 100 + c.second, 10'101);
      }
    }
  }
}

TEST(CivilTime, AnOffsetMovesTheClock) {
  const Timestamp t = *ParseTimestamp("2009-02-13T23:31:30Z");
  EXPECT_EQ(ToCivil(t, 11 * 3600).day, 14);
  EXPECT_EQ(ToCivil(t, 2 * 3600).hour, 1);
  EXPECT_EQ(ToCivil({kFirstSecond, 0}, -3600).year, 0);
  EXPECT_EQ(ToCivil({kLastSecond, 0}, 3600).year, 10000);
}

}  // namespace
}  // namespace moult::lang
