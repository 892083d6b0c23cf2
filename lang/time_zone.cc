#include "lang/time_zone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "lang/time.h"

namespace moult::lang {
namespace {

constexpr int64_t kDay = 86'400;

// Takes bytes from the front of a file; once there are too few, everything after fails.
class FileReader {
 public:
  explicit FileReader(std::string_view bytes) : rest_(bytes) {}
  std::string_view Take(uint64_t count) {
    failed_ = failed_ || count > rest_.size();
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  // Big-endian.
  int64_t Number(size_t bytes) {
    const std::string_view digits = Take(bytes);
    if (failed_) return 0;
    uint64_t value = static_cast<signed char>(digits[0]) < 0 ? ~uint64_t{0} : 0;
    for (char c : digits) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<int64_t>(value);
  }
  bool failed() const { return failed_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct Header {
  char version = 0;
  uint64_t ut_count = 0, standard_count = 0, leap_count = 0, time_count = 0, type_count = 0, char_count = 0;

  static std::optional<Header> Read(FileReader& in) {
    constexpr size_t kUnused = 15;
    if (in.Take(4) != "TZif") return std::nullopt;
    Header header;
    header.version = static_cast<char>(in.Number(1));
    in.Take(kUnused);
    for (uint64_t* count : {&header.ut_count, &header.standard_count, &header.leap_count, &header.time_count, &header.type_count,
                            &header.char_count}) {
      *count = static_cast<uint32_t>(in.Number(4));
    }
    if (in.failed()) return std::nullopt;
    return header;
  }
  uint64_t BlockSize(uint64_t time_size) const {
    return time_count * (time_size + 1) + type_count * 6 + char_count + leap_count * (time_size + 4) + standard_count + ut_count;
  }
};

// Reads the text of a rule.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  std::optional<ZoneRule> Read() {
    ZoneRule rule;
    Name();
    rule.standard = -Time();
    rule.has_summer = !failed_ && !rest_.empty();
    if (rule.has_summer) {
      Name();
      rule.summer = !rest_.empty() && rest_[0] != ',' ? -Time() : rule.standard + 3600;
      rule.begin = ReadChange();
      rule.end = ReadChange();
    }
    if (failed_ || !rest_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool Accept(char c) {
    if (failed_ || rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Name() {
    const bool quoted = Accept('<');
    const size_t size = quoted ? rest_.find('>') : rest_.find_first_of("+-0123456789,");
    if (size == 0 || (quoted && size == std::string_view::npos)) failed_ = true;
    rest_.remove_prefix(failed_ ? 0 : std::min(size, rest_.size()) + (quoted ? 1 : 0));
  }
  int Number(int max) {
    int value = 0;
    const size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || digits > 3) failed_ = true;
    for (size_t k = 0; k < digits && !failed_; ++k) value = value * 10 + (rest_[k] - '0');
    if (value > max) failed_ = true;
    if (!failed_) rest_.remove_prefix(digits);
    return value;
  }
  int64_t Time() {
    const bool negative = Accept('-');
    if (!negative) Accept('+');
    int64_t seconds = Number(167) * int64_t{3600};
    if (Accept(':')) seconds += Number(59) * int64_t{60};
    if (Accept(':')) seconds += Number(59);
    return negative ? -seconds : seconds;
  }
  ZoneRule::Change ReadChange() {
    ZoneRule::Change change;
    if (!Accept(',')) failed_ = true;
    if (Accept('M')) {
      change.month = Number(12);
      if (!Accept('.')) failed_ = true;
      change.week = Number(5);
      if (!Accept('.')) failed_ = true;
      change.day = Number(6);
      if (change.month == 0 || change.week == 0) failed_ = true;
    } else {
      change.kind = Accept('J') ? ZoneRule::Change::Kind::kJulian : ZoneRule::Change::Kind::kDayOfYear;
      change.day = Number(365);
    }
    if (Accept('/')) change.time = Time();
    return change;
  }

  std::string_view rest_;
  bool failed_ = false;
};

// The moment of a change in a year, in seconds of the local time before it.
int64_t LocalTimeOf(const ZoneRule::Change& change, int64_t year) {
  const int64_t new_year = DaysFromCivil(year, 1, 1);
  if (change.kind == ZoneRule::Change::Kind::kDayOfYear) return (new_year + change.day) * kDay + change.time;
  if (change.kind == ZoneRule::Change::Kind::kJulian) {  // 29 February is never counted
    const bool leap = DaysFromCivil(year + 1, 1, 1) - new_year == 366;
    return (new_year + change.day - 1 + (leap && change.day > 59 ? 1 : 0)) * kDay + change.time;
  }
  const int64_t first = DaysFromCivil(year, change.month, 1);
  const int64_t next = change.month == 12 ? DaysFromCivil(year + 1, 1, 1) : DaysFromCivil(year, change.month + 1, 1);
  const int weekday = ToCivil({first * kDay, 0}).day_of_week;
  int64_t day = first + (change.day - weekday + 7) % 7 + (change.week - 1) * 7;
  if (day >= next) day -= 7;
  return day * kDay + change.time;
}

using Zones = std::map<std::string, TimeZone, std::less<>>;

Zones ReadZones(const std::filesystem::path& folder) {
  Zones zones;
  std::error_code error;
  std::filesystem::recursive_directory_iterator files(folder, error), end;
  for (; !error && files != end; files.increment(error)) {
    const std::string name = files->path().lexically_relative(folder).string();
    if (name == "posix" || name == "right") files.disable_recursion_pending();  // the same again, and with leap seconds
    std::error_code ignored;
    if (!files->is_regular_file(ignored)) continue;
    std::ifstream file(files->path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (std::optional<TimeZone> zone = TimeZone::Parse(bytes)) zones.emplace(name, std::move(*zone));
  }
  return zones;
}

const Zones& SystemZones() {
  static const Zones kZones = ReadZones("/usr/share/zoneinfo");
  return kZones;
}

std::optional<int64_t> FixedOffset(std::string_view text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.remove_prefix(1);
  const auto digit = [&](size_t k) { return text[k] >= '0' && text[k] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (hours * 60 + minutes) * int64_t{west ? -60 : 60};
}

}  // namespace

std::optional<ZoneRule> ZoneRule::Parse(std::string_view text) { return RuleReader(text).Read(); }

int64_t ZoneRule::OffsetAt(int64_t seconds) const {
  if (!has_summer) return standard;
  const int64_t year = ToCivil({seconds, 0}, standard).year;
  const int64_t summer_begins = LocalTimeOf(begin, year) - standard;
  const int64_t summer_ends = LocalTimeOf(end, year) - summer;
  const bool in_summer = summer_begins < summer_ends ? seconds >= summer_begins && seconds < summer_ends
                                                     : seconds >= summer_begins || seconds < summer_ends;
  return in_summer ? summer : standard;
}

std::optional<TimeZone> TimeZone::Parse(std::string_view file) {
  FileReader in(file);
  std::optional<Header> header = Header::Read(in);
  if (!header) return std::nullopt;
  uint64_t time_size = 4;
  if (header->version >= '2') {  // all again, with times of 64 bits
    in.Take(header->BlockSize(time_size));
    header = Header::Read(in);
    time_size = 8;
  }
  if (!header || header->type_count == 0 || header->BlockSize(time_size) > in.rest().size()) return std::nullopt;
  TimeZone zone;
  for (uint64_t k = 0; k < header->time_count; ++k) zone.changes_.push_back(in.Number(time_size));
  const std::string_view types = in.Take(header->time_count);
  std::vector<int64_t> offsets;
  for (uint64_t k = 0; k < header->type_count; ++k) {
    offsets.push_back(in.Number(4));
    in.Take(2);
  }
  in.Take(header->char_count + header->leap_count * (time_size + 4) + header->standard_count + header->ut_count);
  for (char type : types) {
    if (static_cast<unsigned char>(type) >= offsets.size()) return std::nullopt;
    zone.offsets_.push_back(offsets[static_cast<unsigned char>(type)]);
  }
  const bool in_a_day = std::ranges::all_of(offsets, [](int64_t offset) { return offset > -2 * kDay && offset < 2 * kDay; });
  if (in.failed() || !in_a_day || !std::ranges::is_sorted(zone.changes_)) return std::nullopt;
  zone.first_ = offsets[0];
  std::string_view footer = in.rest();
  if (footer.size() > 2 && footer.front() == '\n' && footer.back() == '\n') {
    zone.rule_ = ZoneRule::Parse(footer.substr(1, footer.size() - 2));
  }
  return zone;
}

int64_t TimeZone::OffsetAt(int64_t seconds) const {
  const auto next = std::ranges::upper_bound(changes_, seconds);
  if (next == changes_.end() && rule_) return rule_->OffsetAt(seconds);
  if (next == changes_.begin()) return first_;
  return offsets_[static_cast<size_t>(next - changes_.begin()) - 1];
}

std::optional<int64_t> ZoneOffset(std::string_view zone, int64_t seconds) noexcept try {
  if (zone == "UTC") return 0;
  if (zone.find(':') != std::string_view::npos) return FixedOffset(zone);
  const auto found = SystemZones().find(zone);
  if (found == SystemZones().end()) return std::nullopt;
  return found->second.OffsetAt(seconds);
} catch (...) {
  return std::nullopt;  // no memory to read them: the next call tries again
}

}  // namespace moult::lang
