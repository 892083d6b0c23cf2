// How scalars and collections lie in memory, for whoever walks values without knowing their type beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "lang/time.h"
#include "moult/layout.h"

namespace moult::lang {

template <class T>
T LoadAs(const void* address) {
  T value;
  std::memcpy(&value, address, sizeof value);
  return value;
}

template <class T>
void StoreAs(void* address, const T& value) {
  std::memcpy(address, &value, sizeof value);
}

inline const std::byte* AddressAt(const void* base, size_t offset) { return static_cast<const std::byte*>(base) + offset; }
inline std::byte* AddressAt(void* base, size_t offset) { return static_cast<std::byte*>(base) + offset; }

// An integer of `width` bytes, extended to 64 bits as its signedness says.
inline int64_t LoadInteger(uint8_t width, bool is_signed, const void* address) {
  switch (width) {
    case 1:
      return is_signed ? LoadAs<int8_t>(address) : LoadAs<uint8_t>(address);
    case 2:
      return is_signed ? LoadAs<int16_t>(address) : LoadAs<uint16_t>(address);
    case 4:  // both sides as int64_t: their common type would else be uint32_t
      return is_signed ? int64_t{LoadAs<int32_t>(address)} : int64_t{LoadAs<uint32_t>(address)};
    default:
      return LoadAs<int64_t>(address);
  }
}

inline double LoadReal(uint8_t width, const void* address) {
  return width == 4 ? static_cast<double>(LoadAs<float>(address)) : LoadAs<double>(address);
}

// A std::string begins with {data, size} in libstdc++, a std::string_view is {size, data}; HostLayoutsAsExpected()
// checks both.
inline std::string_view LoadText(Layout::Form form, const void* address) {
  const bool owned = form == Layout::Form::kOwned || form == Layout::Form::kOwnedText;
  return {LoadAs<const char*>(AddressAt(address, owned ? 0 : 8)), LoadAs<size_t>(AddressAt(address, owned ? 8 : 0))};
}

// Of a std::vector {begin, end, ...} or a NativeSpan {data, count}.
inline NativeSpan LoadSpan(Layout::Form form, uint32_t stride, const void* address) {
  if (form == Layout::Form::kView) return LoadAs<NativeSpan>(address);
  const auto* begin = LoadAs<const std::byte*>(address);
  const auto* end = LoadAs<const std::byte*>(AddressAt(address, sizeof begin));
  return {begin, static_cast<uint64_t>(end - begin) / stride};
}

// Of a kBytes.
inline std::string_view LoadBytes(Layout::Form form, const void* address) {
  if (form == Layout::Form::kOwnedText || form == Layout::Form::kViewText) return LoadText(form, address);
  const NativeSpan span = LoadSpan(form, 1, address);
  return {static_cast<const char*>(span.data), static_cast<size_t>(span.count)};
}

// Of a kTimestamp. Moult's own form has been checked when it was made.
inline Result<Timestamp, ErrorKind> LoadTimestamp(Layout::Form form, uint32_t ticks_per_second, const void* address) {
  if (form == Layout::Form::kView) return LoadAs<Timestamp>(address);
  return TimestampOfTicks(LoadAs<int64_t>(address), ticks_per_second);
}

}  // namespace moult::lang
