// HostValue: a value that passes between a policy and its host.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "moult/layout.h"
#include "moult/net.h"

namespace moult {

// An argument or the result of a source, or an argument of an effect: a value of a scalar type. Reading one as another type gives what a
// default-constructed value of that type is: false, 0, 0.0, "", the epoch, `::`. Of a source an enum is the int of its ordinal, of an effect
// the string of its name. A string and bytes are views: whoever gives the value says how long they live.
class HostValue {
 public:
  enum class Kind : uint8_t { kBool, kInt, kDouble, kString, kBytes, kTimestamp, kDuration, kIp, kCidr };
  // A policy's timestamps reach from year 1 to 9999, further than sys_time<nanoseconds> does: seconds, and nanoseconds on top.
  using Timestamp = NativeTimestamp;

  HostValue() = default;
  static HostValue Bool(bool v) { HostValue s(Kind::kBool); s.integer_ = v; return s; }
  static HostValue Int(int64_t v) { HostValue s(Kind::kInt); s.integer_ = v; return s; }
  static HostValue Double(double v) { HostValue s(Kind::kDouble); s.real_ = v; return s; }
  static HostValue String(std::string_view v) { HostValue s(Kind::kString); s.text_ = v; return s; }
  static HostValue Bytes(std::span<const std::byte> v) {
    HostValue s(Kind::kBytes);
    s.text_ = {reinterpret_cast<const char*>(v.data()), v.size()};
    return s;
  }
  // Outside of the policies' range, or with nanoseconds that are none, it counts as a failure of the source.
  static HostValue Time(Timestamp v) { HostValue s(Kind::kTimestamp); s.integer_ = v.seconds; s.low_ = v.nanos; return s; }
  static HostValue Time(std::chrono::sys_time<std::chrono::nanoseconds> v) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(v);
    return Time(Timestamp{seconds.time_since_epoch().count(), (v - seconds).count()});
  }
  static HostValue Duration(std::chrono::nanoseconds v) { HostValue s(Kind::kDuration); s.integer_ = v.count(); return s; }
  static HostValue Address(Ip v) {
    HostValue s(Kind::kIp);
    s.integer_ = static_cast<int64_t>(v.high());
    s.low_ = static_cast<int64_t>(v.low());
    return s;
  }
  static HostValue Range(Cidr v) { HostValue s(Kind::kCidr); s.range_ = v; return s; }
  Kind kind() const { return kind_; }
  bool AsBool() const { return kind_ == Kind::kBool && integer_ != 0; }
  int64_t AsInt() const { return kind_ == Kind::kInt ? integer_ : 0; }
  double AsDouble() const { return real_; }
  std::string_view AsString() const { return kind_ == Kind::kString ? text_ : std::string_view(); }
  // Live as long as a string does: until the source returns.
  std::span<const std::byte> AsBytes() const {
    return kind_ == Kind::kBytes ? std::as_bytes(std::span<const char>(text_)) : std::span<const std::byte>();
  }
  Timestamp AsTime() const { return kind_ == Kind::kTimestamp ? Timestamp{integer_, low_} : Timestamp(); }
  std::chrono::nanoseconds AsDuration() const { return std::chrono::nanoseconds(kind_ == Kind::kDuration ? integer_ : 0); }
  Ip AsAddress() const { return kind_ == Kind::kIp ? Ip(static_cast<uint64_t>(integer_), static_cast<uint64_t>(low_)) : Ip(); }
  Cidr AsRange() const { return range_; }
  // The memory that a string or bytes view; of other values empty.
  std::string_view Viewed() const { return text_; }
  // Makes it view a copy of that memory.
  void Review(const char* copy) { text_ = {copy, text_.size()}; }

  // Of one kind, and equal as `==` of the language has it; texts by their content.
  friend bool operator==(const HostValue&, const HostValue&) = default;

 private:
  explicit HostValue(Kind kind) : kind_(kind) {}
  Kind kind_ = Kind::kBool;
  int64_t integer_ = 0;
  int64_t low_ = 0;
  double real_ = 0;
  std::string_view text_;
  Cidr range_;
};

}  // namespace moult
