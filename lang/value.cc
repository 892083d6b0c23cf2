#include "lang/value.h"

#include <cassert>
#include <cstring>

namespace moult::lang {
namespace {

template <class T>
T Load(const void* address) {
  T value;
  std::memcpy(&value, address, sizeof value);
  return value;
}

const void* At(const void* base, size_t offset) { return static_cast<const std::byte*>(base) + offset; }

// The bits of an integer of `layout`, extended to 64 as its signedness says.
int64_t LoadInteger(const Layout& layout, const void* address) {
  switch (layout.width) {
    case 1:
      return layout.is_signed ? Load<int8_t>(address) : Load<uint8_t>(address);
    case 2:
      return layout.is_signed ? Load<int16_t>(address) : Load<uint16_t>(address);
    case 4:  // both sides as int64_t: their common type would else be uint32_t
      return layout.is_signed ? int64_t{Load<int32_t>(address)} : int64_t{Load<uint32_t>(address)};
    default:
      return Load<int64_t>(address);
  }
}

ReadResult ReadInt(const Layout& layout, const void* address) {
  const int64_t bits = LoadInteger(layout, address);
  if (layout.width == 8 && !layout.is_signed && bits < 0) return Failure(ErrorKind::kIntOutOfRange);
  return Value::Int(bits);
}

ReadResult ReadEnum(const Layout& layout, const void* address) {
  const int64_t bits = LoadInteger(layout, address);
  for (size_t ordinal = 0; ordinal < layout.enumerators.size(); ++ordinal) {
    if (layout.enumerators[ordinal].second == bits) return Value::Int(static_cast<int64_t>(ordinal));
  }
  return Failure(ErrorKind::kUnknownEnumValue);
}

// A std::string begins with {data, size} in libstdc++, a std::string_view is {size, data}; HostLayoutsAsExpected()
// checks both.
Value ReadText(const Layout& layout, const void* address) {
  const bool owned = layout.form == Layout::Form::kOwned;
  const auto* data = Load<const char*>(At(address, owned ? 0 : 8));
  const auto size = Load<size_t>(At(address, owned ? 8 : 0));
  return Value::Text({data, size});
}

Value ReadSequence(const Layout& layout, const void* address) {
  Value value;
  value.layout = layout.element.get();
  value.address = Load<const void*>(address);
  if (layout.form == Layout::Form::kView) {
    value.count = Load<NativeSpan>(address).count;
  } else {
    const auto* begin = static_cast<const std::byte*>(value.address);
    const auto* end = Load<const std::byte*>(At(address, 8));
    value.count = static_cast<size_t>(end - begin) / layout.element->size;
  }
  return value;
}

const void* ElementAddress(const Value& collection, size_t i) {
  return At(collection.address, i * collection.layout->size);
}

ReadResult ReadFieldAt(const Layout& record, const void* address, size_t k) {
  const FieldLayout& field = record.fields[k];
  assert(field.layout != nullptr && "the program reads a field that its binding left out");
  return ReadValue(*field.layout, At(address, field.offset));
}

}  // namespace

ReadResult ReadValue(const Layout& layout, const void* address) {
  switch (layout.kind) {
    case Layout::Kind::kBool:
      return Value::Bool(Load<uint8_t>(address) != 0);
    case Layout::Kind::kInt:
      return ReadInt(layout, address);
    case Layout::Kind::kDouble:
      return Value::Double(layout.width == 4 ? Load<float>(address) : Load<double>(address));
    case Layout::Kind::kString:
      return ReadText(layout, address);
    case Layout::Kind::kEnum:
      return ReadEnum(layout, address);
    case Layout::Kind::kRecord:
      return Value{.address = address, .layout = &layout};
    case Layout::Kind::kSequence:
      return ReadSequence(layout, address);
    case Layout::Kind::kOptional:
      if (Load<uint8_t>(At(address, layout.flag_offset)) == 0) return Value::Missing();
      return ReadValue(*layout.element, address);
  }
  return Value();
}

ReadResult ReadField(const Value& record, size_t k) { return ReadFieldAt(*record.layout, record.address, k); }

size_t CollectionSize(const Value& collection) {
  if (collection.items != nullptr) return collection.items->size();
  if (collection.strings != nullptr) return collection.strings->size();
  return collection.count;
}

ReadResult ReadElement(const Value& collection, size_t i) {
  if (collection.items != nullptr) return (*collection.items)[i];
  if (collection.strings != nullptr) return Value::Text(collection.strings->item(i));
  return ReadValue(*collection.layout, ElementAddress(collection, i));
}

ReadResult ReadKey(const Value& map, size_t i) { return ReadFieldAt(*map.layout, ElementAddress(map, i), 0); }
ReadResult ReadMapped(const Value& map, size_t i) { return ReadFieldAt(*map.layout, ElementAddress(map, i), 1); }

}  // namespace moult::lang
