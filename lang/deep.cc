#include "lang/deep.h"

#include <cmath>
#include <cstring>
#include <functional>

#include "lang/memory.h"
#include "lang/scalar_ops.h"

namespace moult::lang {
namespace {

using Kind = Layout::Kind;
using Collection = ImageHead::Collection;

constexpr uint64_t kFewElements = 8;  // so many are compared one by one

// Goes through the optionals around a value; false if it is missing.
bool Strip(Place& value) {
  while (value.image.kind() == Kind::kOptional) {
    if (LoadAs<uint8_t>(AddressAt(value.address, value.image.head().flag_offset)) == 0) return false;
    value.image = value.image.element();
  }
  return true;
}

// Of an int, or the ordinal of an enum.
Result<int64_t, ErrorKind> ReadInteger(const Place& value) {
  const ImageHead& head = value.image.head();
  const int64_t bits = LoadInteger(head.width, head.is_signed, value.address);
  if (head.kind == Kind::kInt) {
    if (head.may_be_bad && bits < 0) return Failure(ErrorKind::kIntOutOfRange);
    return bits;
  }
  for (uint32_t ordinal = 0; ordinal < head.count; ++ordinal) {
    if (value.image.enumerator(ordinal) == bits) return int64_t{ordinal};
  }
  return Failure(ErrorKind::kUnknownEnumValue);
}

double ReadReal(const Place& value) { return LoadReal(value.image.head().width, value.address); }
std::string_view ReadText(const Place& value) { return LoadText(value.image.head().form, value.address); }

uint32_t TicksPerSecond(const Place& value) {
  constexpr uint32_t kPowers[] = {1, 1'000, 1'000'000, 1'000'000'000};
  return kPowers[value.image.head().thousands];
}
Result<Timestamp, ErrorKind> ReadTimestamp(const Place& value) {
  return LoadTimestamp(value.image.head().form, TicksPerSecond(value), value.address);
}
Result<int64_t, ErrorKind> ReadDuration(const Place& value) {
  return DurationOfTicks(LoadAs<int64_t>(value.address), TicksPerSecond(value));
}
std::string_view ReadBytes(const Place& value) { return LoadBytes(value.image.head().form, value.address); }

// Stores what was read, or says why it could not be.
template <class T>
ErrorKind StoreRead(const Result<T, ErrorKind>& read, void* target) {
  if (!read) return read.error();
  StoreAs(target, *read);
  return ErrorKind::kNone;
}

template <class T>
bool EqualReads(const Result<T, ErrorKind>& a, const Result<T, ErrorKind>& b) {
  return a && b && *a == *b;
}

// REQUIRES: the policy reads the field.
Place FieldOf(const Place& record, const ImageField& field) {
  return {record.image.At(field.image), AddressAt(record.address, field.offset)};
}

ErrorKind CheckElements(const Place& sequence) {
  const LayoutImage element = sequence.image.element();
  const NativeSpan span = LoadSpan(sequence.image.head().form, element.size(), sequence.address);
  for (uint64_t i = 0; i < span.count; ++i) {
    const ErrorKind bad = CheckWhole({element, AddressAt(span.data, i * element.size())});
    if (bad != ErrorKind::kNone) return bad;
  }
  return ErrorKind::kNone;
}

ErrorKind CopyRecord(const Place& record, const LayoutImage& to, void* target, Arena& arena) {
  for (uint32_t k = 0; k < to.head().count; ++k) {
    const ImageField from = record.image.field(k);
    const ImageField into = to.field(k);
    const LayoutImage image = to.At(into.image);
    void* const at = AddressAt(target, into.offset);
    if (from.image == 0) {  // nothing reads it
      std::memset(at, 0, image.size());
      continue;
    }
    const ErrorKind error = CopyWhole(FieldOf(record, from), image, at, arena);
    if (error != ErrorKind::kNone) return error;
  }
  return ErrorKind::kNone;
}

ErrorKind CopySequence(const Place& sequence, const LayoutImage& to, void* target, Arena& arena) {
  const LayoutImage element = sequence.image.element();
  const LayoutImage into = to.element();
  NativeSpan span = LoadSpan(sequence.image.head().form, element.size(), sequence.address);
  if (!(element == into) || element.may_be_bad()) {
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(span.count, into.size(), &bytes)) return ErrorKind::kArenaExhausted;
    void* const copy = arena.Allocate(bytes);
    if (copy == nullptr) return ErrorKind::kArenaExhausted;
    for (uint64_t i = 0; i < span.count; ++i) {
      const ErrorKind error = CopyWhole({element, AddressAt(span.data, i * element.size())}, into,
                                        AddressAt(copy, i * into.size()), arena);
      if (error != ErrorKind::kNone) return error;
    }
    span.data = copy;
  }
  StoreAs(target, span);
  return ErrorKind::kNone;
}

// Where the payload lies, its flags set or, if it is missing, the outermost cleared.
LayoutImage SetPresence(LayoutImage to, void* target, bool present) {
  while (to.kind() == Kind::kOptional) {
    StoreAs(AddressAt(target, to.head().flag_offset), uint8_t{present});
    to = to.element();
  }
  return to;
}

bool EqualNumbers(const Place& a, const Place& b) {
  const bool a_real = a.image.kind() == Kind::kDouble;
  const bool b_real = b.image.kind() == Kind::kDouble;
  if (a_real && b_real) return ReadReal(a) == ReadReal(b);
  const Result<int64_t, ErrorKind> integer = ReadInteger(a_real ? b : a);
  if (!integer) return false;
  if (a_real || b_real) return CompareExactly(*integer, ReadReal(a_real ? a : b)) == 0;
  const Result<int64_t, ErrorKind> other = ReadInteger(b);
  return other && *integer == *other;
}

bool EqualRecords(const Place& a, const Place& b, Arena* scratch) {
  for (uint32_t k = 0; k < a.image.head().count; ++k) {
    const ImageField x = a.image.field(k);
    const ImageField y = b.image.field(k);
    if (x.image == 0 || y.image == 0) continue;
    if (!EqualWhole(FieldOf(a, x), FieldOf(b, y), scratch)) return false;
  }
  return true;
}

bool EqualLists(const Elements& a, const Elements& b, Arena* scratch) {
  if (a.count != b.count) return false;
  for (uint64_t i = 0; i < a.count; ++i) {
    if (!EqualWhole(a[i], b[i], scratch)) return false;
  }
  return true;
}

// Whether every element of `a` is in `b`.
bool IsSubset(const Elements& a, const Elements& b, Arena* scratch) {
  ElementTable table(b, scratch);
  table.AddAll();
  for (uint64_t i = 0; i < a.count; ++i) {
    if (table.Find(a[i]) == kNotFound) return false;
  }
  return true;
}

Place MappedOf(const Place& map, const Elements& keys, uint64_t i) {
  const LayoutImage entry = map.image.element();
  return FieldOf({entry, keys.data - entry.field(0).offset + i * keys.stride}, entry.field(1));
}

bool EqualMaps(const Place& a, const Place& b, Arena* scratch) {
  const Elements a_keys(a), b_keys(b);
  if (a_keys.count != b_keys.count) return false;
  ElementTable table(b_keys, scratch);
  table.AddAll();
  for (uint64_t i = 0; i < a_keys.count; ++i) {
    const uint64_t found = table.Find(a_keys[i]);
    if (found == kNotFound || !EqualWhole(MappedOf(a, a_keys, i), MappedOf(b, b_keys, found), scratch)) return false;
  }
  return true;
}

bool EqualSequences(const Place& a, const Place& b, Arena* scratch) {
  switch (a.image.head().collection) {
    case Collection::kList:
      return EqualLists(Elements(a), Elements(b), scratch);
    case Collection::kSet: {
      const Elements x(a), y(b);
      return IsSubset(x, y, scratch) && IsSubset(y, x, scratch);
    }
    case Collection::kMap:
      return EqualMaps(a, b, scratch);
  }
  return false;
}

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15;
  return hash ^ hash >> 32;
}

// An int and the double that it equals have the same.
uint64_t HashReal(double value) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  const bool integral = value >= -kTwoTo63 && value < kTwoTo63 && value == std::trunc(value);
  return integral ? static_cast<uint64_t>(static_cast<int64_t>(value)) : LoadAs<uint64_t>(&value);
}

uint64_t HashElements(const Place& sequence) {
  const Elements elements(sequence);
  const bool ordered = sequence.image.head().collection == Collection::kList;
  uint64_t hash = ordered ? elements.count : 0;  // a host's set may repeat itself
  for (uint64_t i = 0; i < elements.count && ordered; ++i) hash = Mix(hash, HashWhole(elements[i]));
  return hash;
}

}  // namespace

ErrorKind CheckWhole(const Place& whole) noexcept {
  Place value = whole;
  if (!value.image.may_be_bad() || !Strip(value)) return ErrorKind::kNone;
  switch (value.image.kind()) {
    case Kind::kInt:
    case Kind::kEnum: {
      const Result<int64_t, ErrorKind> read = ReadInteger(value);
      return read ? ErrorKind::kNone : read.error();
    }
    case Kind::kTimestamp: {
      const Result<Timestamp, ErrorKind> read = ReadTimestamp(value);
      return read ? ErrorKind::kNone : read.error();
    }
    case Kind::kDuration: {
      const Result<int64_t, ErrorKind> read = ReadDuration(value);
      return read ? ErrorKind::kNone : read.error();
    }
    case Kind::kRecord:
      for (uint32_t k = 0; k < value.image.head().count; ++k) {
        const ImageField field = value.image.field(k);
        if (field.image == 0) continue;
        const ErrorKind bad = CheckWhole(FieldOf(value, field));
        if (bad != ErrorKind::kNone) return bad;
      }
      return ErrorKind::kNone;
    case Kind::kSequence:
      return CheckElements(value);
    default:
      return ErrorKind::kNone;
  }
}

ErrorKind CopyWhole(const Place& whole, const LayoutImage& to, void* target, Arena& arena) noexcept {
  Place value = whole;
  const bool present = Strip(value);
  const LayoutImage payload = SetPresence(to, target, present);
  if (!present) {
    std::memset(target, 0, payload.size());
    return ErrorKind::kNone;
  }
  switch (value.image.kind()) {
    case Kind::kBool:
      StoreAs(target, uint8_t{LoadAs<uint8_t>(value.address) != 0});
      return ErrorKind::kNone;
    case Kind::kInt:
    case Kind::kEnum:
      return StoreRead(ReadInteger(value), target);
    case Kind::kTimestamp:
      return StoreRead(ReadTimestamp(value), target);
    case Kind::kDuration:
      return StoreRead(ReadDuration(value), target);
    case Kind::kIp:
    case Kind::kCidr:
      std::memcpy(target, value.address, value.image.size());
      return ErrorKind::kNone;
    case Kind::kBytes: {
      const std::string_view bytes = ReadBytes(value);
      StoreAs(target, NativeSpan{bytes.data(), bytes.size()});
      return ErrorKind::kNone;
    }
    case Kind::kDouble:
      StoreAs(target, ReadReal(value));
      return ErrorKind::kNone;
    case Kind::kString:
      StoreAs(target, ReadText(value));
      return ErrorKind::kNone;
    case Kind::kRecord:
      return CopyRecord(value, payload, target, arena);
    case Kind::kSequence:
      return CopySequence(value, payload, target, arena);
    case Kind::kOptional:  // stripped
      break;
  }
  return ErrorKind::kNone;
}

bool EqualWhole(const Place& left, const Place& right, Arena* scratch) noexcept {
  Place a = left, b = right;
  const bool a_present = Strip(a);
  if (Strip(b) != a_present) return false;
  if (!a_present) return true;
  switch (a.image.kind()) {
    case Kind::kBool:
      return (LoadAs<uint8_t>(a.address) != 0) == (LoadAs<uint8_t>(b.address) != 0);
    case Kind::kInt:
    case Kind::kEnum:
    case Kind::kDouble:
      return EqualNumbers(a, b);
    case Kind::kTimestamp:
      return EqualReads(ReadTimestamp(a), ReadTimestamp(b));
    case Kind::kDuration:
      return EqualReads(ReadDuration(a), ReadDuration(b));
    case Kind::kIp:
    case Kind::kCidr:
      return std::memcmp(a.address, b.address, a.image.size()) == 0;
    case Kind::kBytes:
      return ReadBytes(a) == ReadBytes(b);
    case Kind::kString:
      return ReadText(a) == ReadText(b);
    case Kind::kRecord:
      return EqualRecords(a, b, scratch);
    case Kind::kSequence:
      return EqualSequences(a, b, scratch);
    case Kind::kOptional:  // stripped
      break;
  }
  return false;
}

uint64_t HashWhole(const Place& whole) noexcept {
  Place value = whole;
  if (!Strip(value)) return 1;
  switch (value.image.kind()) {
    case Kind::kBool:
      return LoadAs<uint8_t>(value.address) != 0;
    case Kind::kInt:
    case Kind::kEnum: {
      const Result<int64_t, ErrorKind> read = ReadInteger(value);
      return read ? static_cast<uint64_t>(*read) : 0;
    }
    case Kind::kDouble:
      return HashReal(ReadReal(value));
    case Kind::kTimestamp: {
      const Result<Timestamp, ErrorKind> read = ReadTimestamp(value);
      return read ? Mix(static_cast<uint64_t>(read->seconds), static_cast<uint64_t>(read->nanos)) : 0;
    }
    case Kind::kDuration: {
      const Result<int64_t, ErrorKind> read = ReadDuration(value);
      return read ? static_cast<uint64_t>(*read) : 0;
    }
    case Kind::kIp:
    case Kind::kCidr:
      return std::hash<std::string_view>()({static_cast<const char*>(value.address), value.image.size()});
    case Kind::kBytes:
      return std::hash<std::string_view>()(ReadBytes(value));
    case Kind::kString:
      return std::hash<std::string_view>()(ReadText(value));
    case Kind::kRecord: {
      uint64_t hash = 0;
      for (uint32_t k = 0; k < value.image.head().count; ++k) {
        const ImageField field = value.image.field(k);
        if (field.image != 0) hash = Mix(hash, HashWhole(FieldOf(value, field)));
      }
      return hash;
    }
    case Kind::kSequence:
      return HashElements(value);
    case Kind::kOptional:  // stripped
      break;
  }
  return 0;
}

Elements::Elements(const LayoutImage& element, const void* first, uint64_t number)
    : image(element), data(static_cast<const std::byte*>(first)), count(number), stride(element.size()) {}

Elements::Elements(const Place& collection) : image(collection.image.element()), stride(image.size()) {
  const NativeSpan span = LoadSpan(collection.image.head().form, stride, collection.address);
  data = static_cast<const std::byte*>(span.data);
  count = span.count;
  if (collection.image.head().collection != Collection::kMap) return;
  const ImageField key = image.field(0);
  if (data != nullptr) data += key.offset;
  image = image.At(key.image);
}

ElementTable::ElementTable(const Elements& elements, Arena* scratch) noexcept : elements_(elements), scratch_(scratch) {
  if (elements.count <= kFewElements || elements.count >= UINT32_MAX / 2 || scratch == nullptr) return;
  uint64_t size = 2 * kFewElements;
  while (size < elements.count + elements.count / 2) size *= 2;
  slots_ = static_cast<uint32_t*>(scratch->Allocate(size * sizeof(uint32_t)));
  if (slots_ == nullptr) return;
  std::memset(slots_, 0, size * sizeof(uint32_t));
  mask_ = size - 1;
}

void ElementTable::Add() noexcept {
  const uint64_t i = added_++;
  if (slots_ == nullptr) return;
  uint64_t slot = Mix(0, HashWhole(elements_[i])) & mask_;
  while (slots_[slot] != 0) slot = (slot + 1) & mask_;
  slots_[slot] = static_cast<uint32_t>(i + 1);
}

void ElementTable::AddAll() noexcept {
  while (added_ < elements_.count) Add();
}

uint64_t ElementTable::Find(const Place& item) const noexcept {
  if (slots_ == nullptr) {
    for (uint64_t i = 0; i < added_; ++i) {
      if (EqualWhole(elements_[i], item, scratch_)) return i;
    }
    return kNotFound;
  }
  for (uint64_t slot = Mix(0, HashWhole(item)) & mask_; slots_[slot] != 0; slot = (slot + 1) & mask_) {
    if (EqualWhole(elements_[slots_[slot] - 1], item, scratch_)) return slots_[slot] - 1;
  }
  return kNotFound;
}

uint64_t FindElement(const Place& collection, const Place& item) noexcept {
  const Elements elements(collection);
  ElementTable table(elements, nullptr);
  table.AddAll();
  return table.Find(item);
}

uint64_t KeepDistinct(const LayoutImage& element, void* data, uint64_t count, Arena* scratch) noexcept {
  const Elements elements(element, data, count);
  ElementTable kept(elements, scratch);
  for (uint64_t i = 0; i < count; ++i) {
    if (kept.Find(elements[i]) != kNotFound) continue;
    std::memmove(AddressAt(data, kept.added() * elements.stride), elements[i].address, elements.stride);
    kept.Add();
  }
  return kept.added();
}

bool HaveEqual(const Elements& elements, Arena* scratch) noexcept {
  ElementTable seen(elements, scratch);
  for (uint64_t i = 0; i < elements.count; ++i) {
    if (seen.Find(elements[i]) != kNotFound) return true;
    seen.Add();
  }
  return false;
}

}  // namespace moult::lang
