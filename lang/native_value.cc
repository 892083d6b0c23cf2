#include "lang/native_value.h"

#include <bit>
#include <cstring>

namespace moult::lang {
namespace {

using Stored = Result<Words, ErrorKind>;

std::byte* At(void* base, size_t offset) { return static_cast<std::byte*>(base) + offset; }

template <class T>
void Put(void* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

// Writes values into memory laid out natively.
class Writer {
 public:
  Writer(const TypeTable& types, Arena& arena) : types_(types), arena_(arena) {}

  // kNone, or why not. The memory's content is then of no meaning.
  ErrorKind Write(const ReadResult& read, TypeId type, const Layout& native, void* at) {
    if (read) return WriteValue(*read, type, native, at);
    if (read.error() != ErrorKind::kUnknownEnumValue) return read.error();
    const Layout* layout = &native;
    for (; layout->kind == Layout::Kind::kOptional; layout = layout->element.get()) {
      Put<uint8_t>(At(at, layout->flag_offset), 1);
    }
    Put<int64_t>(at, -1);
    return ErrorKind::kNone;
  }

  Stored Collection(const Value& value, TypeId type, const Layout& native) {
    const Layout& element = *native.element;
    const size_t count = CollectionSize(value);
    const bool is_map = types_.kind(type) == TypeKind::kMap;
    if (count > SIZE_MAX / element.size) return Failure(ErrorKind::kArenaExhausted);
    void* data = arena_.Allocate(count * element.size);
    if (data == nullptr) return Failure(ErrorKind::kArenaExhausted);
    for (size_t i = 0; i < count; ++i) {
      std::byte* at = At(data, i * element.size);
      const ErrorKind error = is_map ? WriteEntry(value, i, type, element, at)
                                     : Write(ReadElement(value, i), types_[type].element, element, at);
      if (error != ErrorKind::kNone) return Failure(error);
    }
    return Words{reinterpret_cast<uint64_t>(data), count};
  }

  // What the program does not read need not be there.
  ErrorKind Record(const Value& value, TypeId type, const Layout& native, void* at) {
    const std::vector<RecordField>& fields = types_.record(type).fields;
    for (size_t k = 0; k < fields.size(); ++k) {
      if (value.layout->fields[k].layout == nullptr) continue;
      const FieldLayout& to = native.fields[k];
      const ErrorKind error = Write(ReadField(value, k), fields[k].type, *to.layout, At(at, to.offset));
      if (error != ErrorKind::kNone) return error;
    }
    return ErrorKind::kNone;
  }

 private:
  ErrorKind WriteEntry(const Value& map, size_t i, TypeId type, const Layout& entry, void* at) {
    const FieldLayout& key = entry.fields[0];
    const FieldLayout& value = entry.fields[1];
    const ErrorKind error = Write(ReadKey(map, i), types_[type].key, *key.layout, At(at, key.offset));
    if (error != ErrorKind::kNone) return error;
    return Write(ReadMapped(map, i), types_[type].element, *value.layout, At(at, value.offset));
  }

  // Recurses as deep as the type is nested.
  ErrorKind WriteValue(const Value& value, TypeId type, const Layout& native, void* at) {
    switch (types_.kind(type)) {
      case TypeKind::kBool:
        Put<uint8_t>(at, value.integer != 0);
        return ErrorKind::kNone;
      case TypeKind::kInt:
      case TypeKind::kEnum:
        Put(at, value.integer);
        return ErrorKind::kNone;
      case TypeKind::kDouble:
        Put(at, value.real);
        return ErrorKind::kNone;
      case TypeKind::kString:
        Put(at, value.text);
        return ErrorKind::kNone;
      case TypeKind::kRecord:
        return Record(value, type, native, at);
      case TypeKind::kOptional:
        Put<uint8_t>(At(at, native.flag_offset), value.present);
        return value.present ? WriteValue(value, types_[type].element, *native.element, at) : ErrorKind::kNone;
      case TypeKind::kList:
      case TypeKind::kSet:
      case TypeKind::kMap: {
        const Stored stored = Collection(value, type, native);
        if (!stored) return stored.error();
        Put(at, NativeSpan{reinterpret_cast<const void*>(stored->a), stored->b});
        return ErrorKind::kNone;
      }
    }
    return ErrorKind::kNone;
  }

  const TypeTable& types_;
  Arena& arena_;
};

}  // namespace

Stored ToWords(const Value& value, const TypeTable& types, TypeId type, const Layout& native, Arena& arena) {
  switch (types.kind(type)) {
    case TypeKind::kDouble:
      return Words{.a = std::bit_cast<uint64_t>(value.real)};
    case TypeKind::kString:
      return Words{reinterpret_cast<uint64_t>(value.text.data()), value.text.size()};
    case TypeKind::kRecord: {
      void* copy = arena.Allocate(native.size);
      if (copy == nullptr) return Failure(ErrorKind::kArenaExhausted);
      const ErrorKind error = Writer(types, arena).Record(value, type, native, copy);
      if (error != ErrorKind::kNone) return Failure(error);
      return Words{.a = reinterpret_cast<uint64_t>(copy)};
    }
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return Writer(types, arena).Collection(value, type, native);
    default:
      return Words{.a = static_cast<uint64_t>(value.integer)};
  }
}

Value FromWords(Words words, const TypeTable& types, TypeId type, const Layout& native) {
  switch (types.kind(type)) {
    case TypeKind::kDouble:
      return Value::Double(std::bit_cast<double>(words.a));
    case TypeKind::kString:
      return Value::Text({reinterpret_cast<const char*>(words.a), static_cast<size_t>(words.b)});
    case TypeKind::kRecord:
      return Value{.address = reinterpret_cast<const void*>(words.a), .layout = &native};
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return Value{.address = reinterpret_cast<const void*>(words.a),
                   .layout = native.element.get(),
                   .count = static_cast<size_t>(words.b)};
    default:
      return Value::Int(static_cast<int64_t>(words.a));
  }
}

}  // namespace moult::lang
