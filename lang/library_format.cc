// The clauses of `format`: each makes the text of one value.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "lang/convert.h"
#include "lang/deep.h"
#include "lang/function.h"
#include "lang/memory.h"
#include "lang/text.h"
#include "lang/utf8.h"

namespace moult::lang::library {
namespace {

constexpr size_t kDigits = 400;  // more than any double has before its point, or behind it when it is short

ErrorKind GiveCopy(Call& call, std::string_view text) {
  const std::string_view copy = call.arena().Copy(text);
  return copy.data() == nullptr ? ErrorKind::kArenaExhausted : call.GiveText(copy);
}

// The shortest text without an exponent.
std::string PlainText(double value) {
  if (const std::string_view special = SpecialText(value); !special.empty()) return std::string(special);
  char digits[kDigits];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
  return {digits, end.ptr};
}

// `form` is 'f' or 'e'.
ErrorKind GivePrecise(Call& call, double value, char form) {
  if (const std::string_view special = SpecialText(value); !special.empty()) return call.GiveText(special);
  // More is a defect of the checker, or a program made by hand.
  if (call.Int(1) < 0 || call.Int(1) > kMaxPrecision) return ErrorKind::kBadArgument;
  const auto precision = static_cast<int>(call.Int(1));
  return GiveCopy(call, form == 'f' ? fmt::format("{:.{}f}", value, precision) : fmt::format("{:.{}e}", value, precision));
}

// Values as `%s` shows them.
class ValueFormatter {
 public:
  // More than `limit` bytes are not made; `full()` says that there would be more.
  explicit ValueFormatter(size_t limit) : limit_(limit) {}

  // Recurses as deep as the type is nested.
  void Put(const Place& value) {
    if (full()) return;
    const ImageHead& head = value.image.head();
    switch (head.kind) {
      case Layout::Kind::kBool:
        out_ += LoadAs<uint8_t>(value.address) != 0 ? "true" : "false";
        return;
      case Layout::Kind::kInt:
      case Layout::Kind::kEnum:
        out_ += std::to_string(LoadInteger(head.width, head.is_signed, value.address));
        return;
      case Layout::Kind::kDouble:
        out_ += PlainText(LoadReal(head.width, value.address));
        return;
      case Layout::Kind::kString:
        out_ += LoadText(head.form, value.address);
        return;
      case Layout::Kind::kSequence:
        return head.collection == ImageHead::Collection::kMap ? PutEntries(value) : PutItems(Elements(value));
      case Layout::Kind::kBytes:
        return PutUtf8(LoadBytes(head.form, value.address));
      case Layout::Kind::kTimestamp:
        out_ += FormatTimestamp(LoadAs<Timestamp>(value.address));
        return;
      case Layout::Kind::kDuration:
        out_ += FormatDuration(LoadAs<int64_t>(value.address));
        return;
      case Layout::Kind::kIp:
        out_ += LoadAs<Ip>(value.address).ToString();
        return;
      case Layout::Kind::kCidr:
        out_ += LoadAs<Cidr>(value.address).ToString();
        return;
      default:
        return;  // the checker lets no other through
    }
  }

  bool full() const { return out_.size() > limit_; }
  const std::string& text() const { return out_; }

 private:
  // Each byte that is not UTF-8 becomes U+FFFD.
  void PutUtf8(std::string_view bytes) {
    for (size_t offset = 0; offset < bytes.size() && !full();) {
      const CodePoint c = DecodeUtf8(bytes, offset);
      AppendUtf8(c.value, out_);
      offset += c.length;
    }
  }

  void PutItems(const Elements& items) {
    out_ += '[';
    for (uint64_t i = 0; i < items.count && !full(); ++i) {
      if (i > 0) out_ += ", ";
      Put(items[i]);
    }
    out_ += ']';
  }

  // By the texts of the keys.
  void PutEntries(const Place& map) {
    struct Entry { std::string key, value; };
    std::vector<Entry> parts;
    const LayoutImage entry_image = map.image.element();
    const ImageField value_field = entry_image.field(1);
    const Elements keys(map);
    const std::string before = std::move(out_);
    size_t bytes = before.size();
    for (uint64_t i = 0; i < keys.count && bytes <= limit_; ++i) {
      Entry entry;
      out_.clear();
      Put(keys[i]);
      std::swap(out_, entry.key);
      Put({entry_image.At(value_field.image), keys.data + i * keys.stride + value_field.offset});
      std::swap(out_, entry.value);
      bytes += entry.key.size() + entry.value.size();
      parts.push_back(std::move(entry));
    }
    std::ranges::stable_sort(parts, {}, &Entry::key);
    out_ = before + "{";
    for (size_t i = 0; i < parts.size(); ++i) out_ += (i > 0 ? ", " : "") + parts[i].key + ": " + parts[i].value;
    out_ += '}';
  }

  size_t limit_;
  std::string out_;
};

}  // namespace

ErrorKind FormatBits(Call& call) noexcept {
  const int64_t value = call.Int(0);
  return GiveCopy(call, fmt::format("{:b}", value));
}
ErrorKind FormatBool(Call& call) noexcept { return call.GiveText(call.Bool(0) ? "1" : "0"); }
ErrorKind FormatOctal(Call& call) noexcept { return GiveCopy(call, fmt::format("{:o}", call.Int(0))); }
ErrorKind FormatHexInt(Call& call) noexcept { return GiveCopy(call, fmt::format("{:x}", call.Int(0))); }
ErrorKind FormatUpperHexInt(Call& call) noexcept { return GiveCopy(call, fmt::format("{:X}", call.Int(0))); }
ErrorKind FormatDecimalInt(Call& call) noexcept { return call.GiveText(RenderInt(call.Int(0), call.arena())); }
ErrorKind FormatDecimalDouble(Call& call) noexcept { return GiveCopy(call, PlainText(call.Double(0))); }
ErrorKind FormatFixed(Call& call) noexcept { return GivePrecise(call, call.Double(0), 'f'); }
ErrorKind FormatFixedInt(Call& call) noexcept { return GivePrecise(call, static_cast<double>(call.Int(0)), 'f'); }
ErrorKind FormatScientific(Call& call) noexcept { return GivePrecise(call, call.Double(0), 'e'); }
ErrorKind FormatScientificInt(Call& call) noexcept { return GivePrecise(call, static_cast<double>(call.Int(0)), 'e'); }

ErrorKind FormatValue(Call& call) noexcept {
  ValueFormatter formatter(call.arena().limit());
  formatter.Put(call.place(0));
  return formatter.full() ? ErrorKind::kArenaExhausted : GiveCopy(call, formatter.text());
}

}  // namespace moult::lang::library
