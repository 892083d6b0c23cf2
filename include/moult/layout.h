// Layout: how a value of the policy language lies in memory.
//
// A C++ struct bound to a policy's input is described by a Layout, and so is what JSON input is parsed into; generated code
// and the interpreter read both in place, without copying. A Layout is immutable once built and shared by pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace moult {

struct Layout;
using LayoutRef = std::shared_ptr<const Layout>;

// One field of a record. `layout` is null in a bound layout for a field that the host lacks and the policy does not read.
struct FieldLayout {
  std::string name;
  uint32_t offset = 0;  // bytes from the record's start
  LayoutRef layout;
};

struct Layout {
  enum class Kind : uint8_t {
    kBool, kInt, kDouble, kString, kBytes, kTimestamp, kDuration, kIp, kCidr, kEnum, kRecord, kSequence, kOptional
  };
  // kString:   kOwned is a libstdc++ std::string {char* data, size_t size, ...}; kView a std::string_view {size, data}.
  // kSequence: kOwned is a std::vector {begin, end, capacity_end}; kView is NativeSpan below.
  // kBytes:    as a kSequence of bytes; kOwnedText and kViewText are what kOwned and kView are to a kString.
  // kTimestamp: kView is NativeTimestamp below; kOwned an int64 that counts from 1970-01-01T00:00:00Z by ticks_per_second.
  enum class Form : uint8_t { kOwned, kView, kOwnedText, kViewText };

  Kind kind = Kind::kInt;
  Form form = Form::kView;    // kString, kSequence
  uint8_t width = 8;          // kInt, kEnum: 1, 2, 4, 8 bytes; kDouble: 4 (float) or 8
  bool is_signed = true;      // kInt, kEnum
  uint32_t ticks_per_second = 1'000'000'000;  // kTimestamp of form kOwned, kDuration: what the int64 counts; a power of 1000
  uint32_t size = 8;          // bytes that one value takes, tail padding included: the stride in a sequence
  uint32_t align = 8;

  // kEnum: the host's value for each name. In a bound layout entry k is the value of enumerator k of the policy's enum.
  std::vector<std::pair<std::string, int64_t>> enumerators;
  // kRecord: in a bound layout parallel to the fields of the policy's record type.
  std::vector<FieldLayout> fields;
  // kSequence: its element, a list's or set's value, or for a map a kRecord with the two fields "key" and "value".
  // kOptional: its payload, at offset 0.
  LayoutRef element;
  uint32_t flag_offset = 0;   // kOptional: the offset of the byte that is 1 when there is a value

  std::string host_type;      // the C++ type's name, for messages; "JSON" for parsed input
};

// The memory of a kTimestamp of form kView: from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
struct NativeTimestamp {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z, rounded down
  int64_t nanos = 0;    // 0 .. 999,999,999
};

// The memory of a kSequence of form kView.
struct NativeSpan {
  const void* data = nullptr;
  uint64_t count = 0;
};

}  // namespace moult
