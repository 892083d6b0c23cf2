// Value: what an expression came to in the interpreter, and how one is read out of memory by a Layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lang/eval.h"
#include "lang/time.h"
#include "moult/layout.h"
#include "moult/net.h"
#include "moult/result.h"

namespace moult::lang {

// A value of any type; its type says which members count. A T? is a T with `present`. Cheap enough to copy.
struct Value {
  bool present = true;
  int64_t integer = 0;  // bool (0 or 1), int, enum (its ordinal), duration, a timestamp's seconds, an ip's upper half
  int64_t low = 0;      // a timestamp's nanoseconds, an ip's lower half
  double real = 0;
  std::string_view text;  // string, bytes; a cidr is the bytes of a moult::Cidr
  // A record or a collection that lies in memory: where and how. The layout of a collection is its element's.
  const void* address = nullptr;
  const Layout* layout = nullptr;
  size_t count = 0;

  static Value Bool(bool v) { return {.integer = v}; }
  static Value Int(int64_t v) { return {.integer = v}; }
  static Value Double(double v) { return {.real = v}; }
  static Value Text(std::string_view v) { return {.text = v}; }
  static Value Moment(const Timestamp& t) { return {.integer = t.seconds, .low = t.nanos}; }
  static Value Address(const Ip& ip) {
    return {.integer = static_cast<int64_t>(ip.high()), .low = static_cast<int64_t>(ip.low())};
  }
  static Value Missing() { return {.present = false}; }

  // REQUIRES: it is one.
  Timestamp timestamp() const { return {integer, low}; }
  Ip ip() const { return {static_cast<uint64_t>(integer), static_cast<uint64_t>(low)}; }
  Cidr cidr() const;
};

// As sources and effects have it. REQUIRES: a scalar that is present.
inline Scalar ToScalar(TypeKind kind, const Value& value) { return {kind, value.integer, value.real, value.text, value.low}; }

// The value of a ConstBool ... ConstEnum. It refers to the program.
Value ConstantValue(const Program& program, const Node& node);

// A value, or that memory holds what the language has no value for: kUnknownEnumValue, kIntOutOfRange, kTimestampOutOfRange or
// kDurationOutOfRange.
using ReadResult = Result<Value, ErrorKind>;

// Reads the value that lies at `address`. Scalars and optionals are checked; records and collections are not looked
// into.
ReadResult ReadValue(const Layout& layout, const void* address);
// Reads field `k` of a record. REQUIRES: the binding supplies it.
ReadResult ReadField(const Value& record, size_t k);

size_t CollectionSize(const Value& collection);
// REQUIRES: i < CollectionSize(collection).
ReadResult ReadElement(const Value& collection, size_t i);  // of a list or set
ReadResult ReadKey(const Value& map, size_t i);
ReadResult ReadMapped(const Value& map, size_t i);

}  // namespace moult::lang
