// Library functions of timestamps and durations; what their texts and ranges are is defined in lang/time.h and lang/time_zone.h.
#include "lang/function.h"
#include "lang/scalar_text.h"
#include "lang/time_zone.h"

namespace moult::lang::library {
namespace {

// What `select` finds in the calendar and the clock, in UTC or, with a second argument, in a zone.
template <class Select>
ErrorKind InUtc(Call& call, Select select) {
  return call.GiveInt(select(ToCivil(call.Moment(0))));
}
template <class Select>
ErrorKind InZone(Call& call, Select select) {
  const Timestamp moment = call.Moment(0);
  const std::optional<int64_t> offset = ZoneOffset(call.Text(1), moment.seconds);
  if (!offset) return ErrorKind::kBadTimeZone;
  return call.GiveInt(select(ToCivil(moment, *offset)));
}

constexpr auto kYear = [](const CivilTime& t) { return t.year; };
constexpr auto kMonth = [](const CivilTime& t) { return t.month - 1; };
constexpr auto kDate = [](const CivilTime& t) { return t.day; };
constexpr auto kDayOfMonth = [](const CivilTime& t) { return t.day - 1; };
constexpr auto kDayOfYear = [](const CivilTime& t) { return t.day_of_year; };
constexpr auto kDayOfWeek = [](const CivilTime& t) { return t.day_of_week; };
constexpr auto kHours = [](const CivilTime& t) { return t.hour; };
constexpr auto kMinutes = [](const CivilTime& t) { return t.minute; };
constexpr auto kSeconds = [](const CivilTime& t) { return t.second; };
constexpr int64_t kNanosPerMilli = 1'000'000;

}  // namespace

ErrorKind GetFullYear(Call& call) noexcept { return InUtc(call, kYear); }
ErrorKind GetFullYearIn(Call& call) noexcept { return InZone(call, kYear); }
ErrorKind GetMonth(Call& call) noexcept { return InUtc(call, kMonth); }
ErrorKind GetMonthIn(Call& call) noexcept { return InZone(call, kMonth); }
ErrorKind GetDate(Call& call) noexcept { return InUtc(call, kDate); }
ErrorKind GetDateIn(Call& call) noexcept { return InZone(call, kDate); }
ErrorKind GetDayOfMonth(Call& call) noexcept { return InUtc(call, kDayOfMonth); }
ErrorKind GetDayOfMonthIn(Call& call) noexcept { return InZone(call, kDayOfMonth); }
ErrorKind GetDayOfYear(Call& call) noexcept { return InUtc(call, kDayOfYear); }
ErrorKind GetDayOfYearIn(Call& call) noexcept { return InZone(call, kDayOfYear); }
ErrorKind GetDayOfWeek(Call& call) noexcept { return InUtc(call, kDayOfWeek); }
ErrorKind GetDayOfWeekIn(Call& call) noexcept { return InZone(call, kDayOfWeek); }
ErrorKind GetHours(Call& call) noexcept { return InUtc(call, kHours); }
ErrorKind GetHoursIn(Call& call) noexcept { return InZone(call, kHours); }
ErrorKind GetMinutes(Call& call) noexcept { return InUtc(call, kMinutes); }
ErrorKind GetMinutesIn(Call& call) noexcept { return InZone(call, kMinutes); }
ErrorKind GetSeconds(Call& call) noexcept { return InUtc(call, kSeconds); }
ErrorKind GetSecondsIn(Call& call) noexcept { return InZone(call, kSeconds); }
ErrorKind GetMilliseconds(Call& call) noexcept { return call.GiveInt(call.Moment(0).nanos / kNanosPerMilli); }
ErrorKind GetMillisecondsIn(Call& call) noexcept {
  return InZone(call, [&](const CivilTime&) { return call.Moment(0).nanos / kNanosPerMilli; });
}

// The whole duration in units, except for the milliseconds, which are those beyond its seconds.
ErrorKind DurationHours(Call& call) noexcept { return call.GiveInt(call.Int(0) / (3600 * kNanosPerSecond)); }
ErrorKind DurationMinutes(Call& call) noexcept { return call.GiveInt(call.Int(0) / (60 * kNanosPerSecond)); }
ErrorKind DurationSeconds(Call& call) noexcept { return call.GiveInt(call.Int(0) / kNanosPerSecond); }
ErrorKind DurationMilliseconds(Call& call) noexcept {
  return call.GiveInt(call.Int(0) % kNanosPerSecond / kNanosPerMilli);
}

ErrorKind TimestampOfTimestamp(Call& call) noexcept { return call.Give(call.words(0)); }
ErrorKind DurationOfDuration(Call& call) noexcept { return call.Give(call.words(0)); }
ErrorKind IntOfTimestamp(Call& call) noexcept { return call.GiveInt(call.Moment(0).seconds); }
ErrorKind ParseTimestampText(Call& call) noexcept {
  const std::optional<Timestamp> moment = ParseTimestamp(call.Text(0));
  return moment ? call.GiveMoment(*moment) : ErrorKind::kBadTimestamp;
}
ErrorKind TimestampOfInt(Call& call) noexcept {
  const Result<Timestamp, ErrorKind> moment = TimestampOfTicks(call.Int(0), 1);
  return moment ? call.GiveMoment(*moment) : moment.error();
}
ErrorKind ParseDurationText(Call& call) noexcept {
  const std::optional<int64_t> nanos = ParseDuration(call.Text(0));
  return nanos ? call.GiveInt(*nanos) : ErrorKind::kBadDuration;
}
ErrorKind StringOfTimestamp(Call& call) noexcept {
  return call.GiveText(RenderPlain(TypeKind::kTimestamp, Value::Moment(call.Moment(0)), call.arena()));
}
ErrorKind StringOfDuration(Call& call) noexcept {
  return call.GiveText(RenderPlain(TypeKind::kDuration, Value::Int(call.Int(0)), call.arena()));
}

}  // namespace moult::lang::library
