// Timestamps and durations: their texts, their ranges and their arithmetic, as the CEL specification has them. One definition
// serves the checker, the interpreter, generated code and JSON input.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/eval.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::lang {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;

// A moment from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
struct Timestamp {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z, rounded down
  int64_t nanos = 0;    // 0 .. 999,999,999
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};
static_assert(sizeof(Timestamp) == sizeof(NativeTimestamp));  // one is stored as the other
inline constexpr int64_t kFirstSecond = -62'135'596'800;
inline constexpr int64_t kLastSecond = 253'402'300'799;
constexpr bool InRange(const Timestamp& t) { return t.seconds >= kFirstSecond && t.seconds <= kLastSecond; }

// RFC 3339, "2026-01-02T03:04:05.678+02:00": upper- or lower-case `T` and `Z`; what is below a nanosecond is cut off, a leap
// second is refused. Nothing for any other text or a moment out of range.
std::optional<Timestamp> ParseTimestamp(std::string_view text) noexcept;
// In UTC, with as many digits of the second as are needed: "2026-01-02T01:04:05.678Z".
std::string FormatTimestamp(const Timestamp& t);

// A duration is a count of nanoseconds. The text is a sequence of decimal numbers with units, "1h30m", "-1.5s": h, m, s, ms, us
// (also µs), ns; "0" alone needs none. Nothing for any other text or what is beyond 64 bits.
std::optional<int64_t> ParseDuration(std::string_view text) noexcept;
// In seconds, with as many digits as are needed: "5400s", "-1.5s".
std::string FormatDuration(int64_t nanos);

// Errors: kTimestampOutOfRange, kDurationOutOfRange.
Result<Timestamp, ErrorKind> AddDuration(const Timestamp& t, int64_t nanos) noexcept;
Result<Timestamp, ErrorKind> SubtractDuration(const Timestamp& t, int64_t nanos) noexcept;
Result<int64_t, ErrorKind> Difference(const Timestamp& a, const Timestamp& b) noexcept;

// What a host counts in units of 1/ticks_per_second: 1, 1000, 1'000'000 or 1'000'000'000. Errors as above.
Result<Timestamp, ErrorKind> TimestampOfTicks(int64_t ticks, uint32_t ticks_per_second) noexcept;
Result<int64_t, ErrorKind> DurationOfTicks(int64_t ticks, uint32_t ticks_per_second) noexcept;

// A moment as a calendar and a clock show it, after `offset` seconds have been added to it.
struct CivilTime {
  int64_t year = 0;  // 0 .. 10000: an offset may lead out of the range of timestamps
  int month = 0;     // 1 .. 12
  int day = 0;       // 1 .. 31
  int hour = 0, minute = 0, second = 0;
  int day_of_week = 0;  // 0 is Sunday
  int day_of_year = 0;  // from 0
};
CivilTime ToCivil(const Timestamp& t, int64_t offset = 0) noexcept;

// Days from 1970-01-01 to a date of the Gregorian calendar.
int64_t DaysFromCivil(int64_t year, int month, int day) noexcept;

}  // namespace moult::lang
