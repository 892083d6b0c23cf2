#include "lang/value_maker.h"

#include <bit>
#include <vector>

#include "lang/bind.h"
#include "lang/memory.h"

namespace moult::lang {

const Layout& ValueMaker::Native(TypeId type) {
  LayoutRef& native = natives_[type.index];
  if (native == nullptr) {
    native = NativeLayout(types_, type);
    arena_.Hold(native);  // values refer to it, and may outlive the interpreter
  }
  return *native;
}

Result<ValueMaker::Array, ErrorKind> ValueMaker::NewArray(TypeId collection, size_t capacity) {
  Array array;
  array.element = Native(collection).element.get();
  size_t bytes = 0;
  const bool overflow = __builtin_mul_overflow(capacity, array.element->size, &bytes);
  if (!overflow) array.data = static_cast<std::byte*>(arena_.Allocate(bytes));
  if (array.data == nullptr) return Failure(ErrorKind::kArenaExhausted);
  return array;
}

ErrorKind ValueMaker::Append(Array& array, TypeId element, const Value& value) {
  return Store(value, element, *array.element, array.data + array.count++ * array.element->size);
}

ErrorKind ValueMaker::AppendEntry(Array& array, TypeId map, const Value& key, const Value& value) {
  std::byte* const entry = array.data + array.count++ * array.element->size;
  const std::vector<FieldLayout>& fields = array.element->fields;
  const ErrorKind error = Store(key, types_[map].key, *fields[0].layout, entry + fields[0].offset);
  if (error != ErrorKind::kNone) return error;
  return Store(value, types_[map].element, *fields[1].layout, entry + fields[1].offset);
}

void ValueMaker::KeepDistinct(Array& array, TypeId set) {
  const uint32_t image = pool_.Add(types_[set].element, *array.element);
  array.count = lang::KeepDistinct(pool_.image(image), array.data, array.count, &arena_);
}

bool ValueMaker::HasEqualKeys(const Array& array, TypeId map) {
  Spilled spilled;
  Spill(Finish(array), map, &spilled);
  return HaveEqual(Elements(PlaceOf(spilled)), &arena_);
}

Result<Value, ErrorKind> ValueMaker::NewRecord(TypeId type) {
  const Layout& native = Native(type);
  void* const record = arena_.Allocate(native.size);
  if (record == nullptr) return Failure(ErrorKind::kArenaExhausted);
  return Value{.address = record, .layout = &native};
}

ErrorKind ValueMaker::StoreField(const Value& record, TypeId type, size_t k, const Value& value) {
  const FieldLayout& field = record.layout->fields[k];
  auto* const base = static_cast<std::byte*>(const_cast<void*>(record.address));  // NewRecord's
  return Store(value, types_.record(type).fields[k].type, *field.layout, base + field.offset);
}

ErrorKind ValueMaker::Check(const Value& value, TypeId type) {
  if (types_.IsOptional(type)) return value.present ? Check(value, types_[type].element) : ErrorKind::kNone;
  if (!types_.IsComposite(type)) return ErrorKind::kNone;
  Spilled spilled;
  Spill(value, type, &spilled);
  return CheckWhole(PlaceOf(spilled));
}

bool ValueMaker::Equal(const Value& a, TypeId a_type, const Value& b, TypeId b_type) {
  Spilled x, y;
  Spill(a, a_type, &x);
  Spill(b, b_type, &y);
  return EqualWhole(PlaceOf(x), PlaceOf(y), &arena_);
}

uint64_t ValueMaker::Find(const Value& collection, TypeId type, const Value& item, TypeId item_type) {
  Spilled in, what;
  Spill(collection, type, &in);
  Spill(item, item_type, &what);
  return FindElement(PlaceOf(in), PlaceOf(what));
}

Result<Words, ErrorKind> ValueMaker::ToWords(const Value& value, TypeId type) {
  switch (types_.kind(type)) {
    case TypeKind::kDouble:
      return Words{.a = std::bit_cast<uint64_t>(value.real)};
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kCidr:
      return Words{reinterpret_cast<uint64_t>(value.text.data()), value.text.size()};
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      return Words{static_cast<uint64_t>(value.integer), static_cast<uint64_t>(value.low)};
    case TypeKind::kRecord: {
      void* const copy = arena_.Allocate(Native(type).size);
      if (copy == nullptr) return Failure(ErrorKind::kArenaExhausted);
      const ErrorKind error = Store(value, type, Native(type), static_cast<std::byte*>(copy));
      if (error != ErrorKind::kNone) return Failure(error);
      return Words{.a = reinterpret_cast<uint64_t>(copy)};
    }
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      NativeSpan span;
      const ErrorKind error = Store(value, type, Native(type), reinterpret_cast<std::byte*>(&span));
      if (error != ErrorKind::kNone) return Failure(error);
      return Words{reinterpret_cast<uint64_t>(span.data), span.count};
    }
    default:
      return Words{.a = static_cast<uint64_t>(value.integer)};
  }
}

Value ValueMaker::FromWords(Words words, TypeId type) {
  const void* const address = reinterpret_cast<const void*>(words.a);
  switch (types_.kind(type)) {
    case TypeKind::kDouble:
      return Value::Double(std::bit_cast<double>(words.a));
    case TypeKind::kString:
    case TypeKind::kBytes:
      return Value::Text({static_cast<const char*>(address), static_cast<size_t>(words.b)});
    case TypeKind::kCidr:
      return Value::Text({static_cast<const char*>(address), sizeof(Cidr)});
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      return Value{.integer = static_cast<int64_t>(words.a), .low = static_cast<int64_t>(words.b)};
    case TypeKind::kRecord:
      return Value{.address = address, .layout = &Native(type)};
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return Value{.address = address, .layout = Native(type).element.get(), .count = static_cast<size_t>(words.b)};
    default:
      return Value::Int(static_cast<int64_t>(words.a));
  }
}

const void* ValueMaker::DescribeCall(std::span<const TypeId> types) {
  std::vector<uint32_t> images;
  for (const TypeId type : types) images.push_back(pool_.AddWords(type, Native(type)));
  return pool_.address(pool_.AddTuple(images));
}

void ValueMaker::Spill(const Value& value, TypeId type, Spilled* out) {
  if (types_.kind(type) == TypeKind::kRecord) {
    out->image = pool_.Add(type, *value.layout);
    out->address = value.address;
    return;
  }
  if (types_.IsComposite(type)) {
    out->image = pool_.AddSpan(type, *value.layout);
    out->pair = {value.address, value.count};
    out->address = &out->pair;
    return;
  }
  out->image = pool_.AddWord(type);
  switch (types_.kind(type)) {
    case TypeKind::kDouble:
      out->real = value.real;
      out->address = &out->real;
      return;
    case TypeKind::kString:
    case TypeKind::kBytes:
      out->pair = {value.text.data(), value.text.size()};
      out->address = &out->pair;
      return;
    case TypeKind::kCidr:
      out->address = value.text.data();
      return;
    default:
      out->words[0] = value.integer;
      out->words[1] = value.low;
      out->address = &out->words;
  }
}

ErrorKind ValueMaker::Store(const Value& value, TypeId type, const Layout& native, std::byte* target) {
  if (native.kind == Layout::Kind::kOptional) {
    StoreAs(target + native.flag_offset, uint8_t{value.present});
    return value.present ? Store(value, types_[type].element, *native.element, target) : ErrorKind::kNone;
  }
  Spilled spilled;
  Spill(value, type, &spilled);
  const uint32_t into = pool_.Add(type, native);
  return CopyWhole(PlaceOf(spilled), pool_.image(into), target, arena_);
}

}  // namespace moult::lang
