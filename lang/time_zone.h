// Time zones: how far local time is from UTC, by the system's data (/usr/share/zoneinfo, the files of RFC 8536).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace moult::lang {

// The rule that goes on for ever after the last change that a file lists: "EST5EDT,M3.2.0,M11.1.0".
struct ZoneRule {
  struct Change {
    enum class Kind : uint8_t { kMonthWeekDay, kJulian, kDayOfYear } kind = Kind::kMonthWeekDay;
    int month = 1, week = 1, day = 0;  // kMonthWeekDay: the week-th (5: the last) weekday `day` (0: Sunday); else `day` alone
    int64_t time = 7200;               // seconds of local time after midnight
  };
  int64_t standard = 0;  // offsets in seconds east of UTC
  int64_t summer = 0;
  bool has_summer = false;
  Change begin, end;  // of summer time

  static std::optional<ZoneRule> Parse(std::string_view text);
  int64_t OffsetAt(int64_t seconds) const;
};

class TimeZone {
 public:
  // Nothing for bytes that are no such file. Total on any bytes.
  static std::optional<TimeZone> Parse(std::string_view file);
  // Seconds east of UTC at a moment. Cost: logarithmic in the zone's changes.
  int64_t OffsetAt(int64_t seconds) const;

 private:
  std::vector<int64_t> changes_;  // rising
  std::vector<int64_t> offsets_;  // after each change
  int64_t first_ = 0;             // before them all
  std::optional<ZoneRule> rule_;  // after the last
};

// Seconds east of UTC at a moment, in a zone that CEL knows: "Europe/Paris", "UTC", or a fixed offset, "+02:00", "02:00", "-09:30".
// Nothing for any other text. The first name asked for reads all zones of the system, once for the process (a few milliseconds and
// about a megabyte): publishing a policy that names a zone does it, so that no request has to. Thread-safe.
std::optional<int64_t> ZoneOffset(std::string_view zone, int64_t seconds) noexcept;

}  // namespace moult::lang
