#include "lang/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace moult::lang {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;

// The floor of a / b, and what is left. REQUIRES: b > 0.
struct Division {
  int64_t quotient;
  int64_t rest;  // 0 .. b-1
};
constexpr Division FloorDivide(int64_t a, int64_t b) {
  const int64_t rest = a % b;
  return rest < 0 ? Division{a / b - 1, rest + b} : Division{a / b, rest};
}

// Reads a text from its front; once something does not fit, everything after fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  // Exactly `count` digits.
  int Digits(size_t count) {
    int value = 0;
    for (size_t k = 0; k < count; ++k) value = value * 10 + Digit();
    return value;
  }
  bool Accept(std::string_view characters) {
    if (failed_ || text_.empty() || characters.find(text_[0]) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  void Expect(std::string_view characters) { failed_ = !Accept(characters) || failed_; }
  // As billionths; the digits after the ninth are cut off.
  int64_t Fraction() {
    int64_t value = Digit();
    int64_t unit = kNanosPerSecond / 10;
    value *= unit;
    while (AtDigit()) {
      unit /= 10;
      value += Digit() * unit;
    }
    return value;
  }
  bool Done() const { return !failed_ && text_.empty(); }

 private:
  bool AtDigit() const { return !failed_ && !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; }
  int Digit() {
    if (!AtDigit()) {
      failed_ = true;
      return 0;
    }
    const int value = text_[0] - '0';
    text_.remove_prefix(1);
    return value;
  }

  std::string_view text_;
  bool failed_ = false;
};

struct Unit {
  std::string_view name;
  int64_t nanos;
};
// Of two that fit the first is the longer.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"\u00b5s", 1'000},  // micro sign
                           {"\u03bcs", 1'000},  // Greek letter mu
                           {"ms", 1'000'000},
                           {"s", kNanosPerSecond},
                           {"m", 60 * kNanosPerSecond},
                           {"h", 3600 * kNanosPerSecond}};

constexpr unsigned __int128 kMagnitudeLimit = static_cast<unsigned __int128>(1) << 63;

size_t CountDigits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// The number's whole and fractional digits in units of `nanos`, what is below a nanosecond cut off; kMagnitudeLimit + 1 for any
// magnitude above the limit.
unsigned __int128 Scale(std::string_view whole, std::string_view fraction, int64_t nanos) {
  unsigned __int128 value = 0;
  for (char c : whole) {
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > kMagnitudeLimit) return kMagnitudeLimit + 1;
  }
  value *= static_cast<unsigned __int128>(nanos);
  constexpr size_t kMostDigits = 18;  // more do not fit in 64 bits, and are far below a nanosecond
  unsigned __int128 part = 0;
  unsigned __int128 unit = 1;
  for (char c : fraction.substr(0, kMostDigits)) {
    part = part * 10 + static_cast<unsigned>(c - '0');
    unit *= 10;
  }
  return value + part * static_cast<unsigned __int128>(nanos) / unit;
}

std::string FormatFraction(int64_t nanos) {
  if (nanos == 0) return {};
  std::string digits = fmt::format(".{:09}", nanos);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

Result<Timestamp, ErrorKind> Checked(int64_t seconds, int64_t nanos) {
  const Timestamp t{seconds, nanos};
  if (!InRange(t)) return Failure(ErrorKind::kTimestampOutOfRange);
  return t;
}

}  // namespace

int64_t DaysFromCivil(int64_t year, int month, int day) noexcept {
  // Years begin in March, so that a leap day is the last; 400 of them are an era.
  year -= month <= 2;
  const Division era = FloorDivide(year, 400);
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = era.rest * 365 + era.rest / 4 - era.rest / 100 + day_of_year;
  return era.quotient * 146'097 + day_of_era - 719'468;
}

CivilTime ToCivil(const Timestamp& t, int64_t offset) noexcept {
  const Division days = FloorDivide(t.seconds + offset, kSecondsPerDay);
  const Division era = FloorDivide(days.quotient + 719'468, 146'097);
  const int64_t year_of_era = (era.rest - era.rest / 1460 + era.rest / 36'524 - era.rest / 146'096) / 365;
  const int64_t day_of_year = era.rest - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);  // from 1 March
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  CivilTime civil;
  civil.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  civil.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  civil.year = year_of_era + era.quotient * 400 + (civil.month <= 2 ? 1 : 0);
  civil.hour = static_cast<int>(days.rest / 3600);
  civil.minute = static_cast<int>(days.rest / 60 % 60);
  civil.second = static_cast<int>(days.rest % 60);
  civil.day_of_week = static_cast<int>(FloorDivide(days.quotient + 4, 7).rest);  // 1970-01-01 was a Thursday
  civil.day_of_year = static_cast<int>(days.quotient - DaysFromCivil(civil.year, 1, 1));
  return civil;
}

std::optional<Timestamp> ParseTimestamp(std::string_view text) noexcept {
  Scanner scan(text);
  const int year = scan.Digits(4);
  scan.Expect("-");
  const int month = scan.Digits(2);
  scan.Expect("-");
  const int day = scan.Digits(2);
  scan.Expect("Tt");
  const int hour = scan.Digits(2);
  scan.Expect(":");
  const int minute = scan.Digits(2);
  scan.Expect(":");
  const int second = scan.Digits(2);
  const int64_t nanos = scan.Accept(".") ? scan.Fraction() : 0;
  int offset = 0;  // minutes
  if (!scan.Accept("Zz")) {
    const bool west = scan.Accept("-");
    if (!west) scan.Expect("+");
    const int hours = scan.Digits(2);
    scan.Expect(":");
    const int minutes = scan.Digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (hours * 60 + minutes) * (west ? -1 : 1);
  }
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!scan.Done() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int64_t seconds = DaysFromCivil(year, month, day) * kSecondsPerDay + hour * 3600 + minute * 60 + second;
  const Timestamp t{seconds - offset * 60, nanos};
  if (!InRange(t)) return std::nullopt;
  return t;
}

std::string FormatTimestamp(const Timestamp& t) {
  const CivilTime c = ToCivil(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     FormatFraction(t.nanos));
}

std::optional<int64_t> ParseDuration(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  unsigned __int128 total = 0;
  while (!text.empty()) {
    const std::string_view whole = text.substr(0, CountDigits(text));
    text.remove_prefix(whole.size());
    std::string_view fraction;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      fraction = text.substr(0, CountDigits(text));
      text.remove_prefix(fraction.size());
    }
    const Unit* unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == std::end(kUnits) || (whole.empty() && fraction.empty())) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += Scale(whole, fraction, unit->nanos);
    if (total > kMagnitudeLimit) return std::nullopt;
  }
  if (total == kMagnitudeLimit && !negative) return std::nullopt;
  const auto magnitude = static_cast<uint64_t>(total);
  return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

std::string FormatDuration(int64_t nanos) {
  const int64_t seconds = nanos / kNanosPerSecond;
  const int64_t rest = nanos % kNanosPerSecond;
  return fmt::format("{}{}{}s", nanos < 0 && seconds == 0 ? "-" : "", seconds, FormatFraction(rest < 0 ? -rest : rest));
}

Result<Timestamp, ErrorKind> AddDuration(const Timestamp& t, int64_t nanos) noexcept {
  const Division sum = FloorDivide(nanos, kNanosPerSecond);  // a duration is below 2^34 seconds: nothing overflows
  const bool carry = t.nanos + sum.rest >= kNanosPerSecond;
  return Checked(t.seconds + sum.quotient + (carry ? 1 : 0), t.nanos + sum.rest - (carry ? kNanosPerSecond : 0));
}

Result<Timestamp, ErrorKind> SubtractDuration(const Timestamp& t, int64_t nanos) noexcept {
  const Division part = FloorDivide(nanos, kNanosPerSecond);
  const bool borrow = t.nanos < part.rest;
  return Checked(t.seconds - part.quotient - (borrow ? 1 : 0), t.nanos - part.rest + (borrow ? kNanosPerSecond : 0));
}

Result<int64_t, ErrorKind> Difference(const Timestamp& a, const Timestamp& b) noexcept {
  const __int128 difference = static_cast<__int128>(a.seconds - b.seconds) * kNanosPerSecond + (a.nanos - b.nanos);
  if (difference < INT64_MIN || difference > INT64_MAX) return Failure(ErrorKind::kDurationOutOfRange);
  return static_cast<int64_t>(difference);
}

Result<Timestamp, ErrorKind> TimestampOfTicks(int64_t ticks, uint32_t ticks_per_second) noexcept {
  const Division parts = FloorDivide(ticks, ticks_per_second);
  return Checked(parts.quotient, parts.rest * (kNanosPerSecond / ticks_per_second));
}

Result<int64_t, ErrorKind> DurationOfTicks(int64_t ticks, uint32_t ticks_per_second) noexcept {
  int64_t nanos = 0;
  if (__builtin_mul_overflow(ticks, kNanosPerSecond / ticks_per_second, &nanos)) {
    return Failure(ErrorKind::kDurationOutOfRange);
  }
  return nanos;
}

}  // namespace moult::lang
