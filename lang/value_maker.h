// ValueMaker: the records and collections that the interpreter makes. They lie in the arena of the request, laid out as Moult
// does, just as those that generated code makes.
#pragma once

#include <map>
#include <span>

#include "lang/arena.h"
#include "lang/deep.h"
#include "lang/function.h"
#include "lang/layout_image.h"
#include "lang/value.h"

namespace moult::lang {

// Of one evaluation; `types` and `arena` must outlive it. Thread-safety: none.
class ValueMaker {
 public:
  ValueMaker(const TypeTable& types, Arena& arena) : types_(types), arena_(arena), pool_(types) {}

  // Moult's own layout of the type. REQUIRES: there is one (the checker refuses programs for which there is none).
  const Layout& Native(TypeId type);

  // Elements being stored one by one. What fails does so because the arena is full, or gives what is bad in the value.
  struct Array {
    const Layout* element = nullptr;
    std::byte* data = nullptr;
    size_t count = 0;
  };
  // Room for `capacity` elements of the collection type; for a map, of entries.
  Result<Array, ErrorKind> NewArray(TypeId collection, size_t capacity);
  ErrorKind Append(Array& array, TypeId element, const Value& value);
  ErrorKind AppendEntry(Array& array, TypeId map, const Value& key, const Value& value);
  Value Finish(const Array& array) const { return {.address = array.data, .layout = array.element, .count = array.count}; }
  // Drops equal elements but for the first of each.
  void KeepDistinct(Array& array, TypeId set);
  bool HasEqualKeys(const Array& array, TypeId map);

  // A record with all its fields to be stored, and one field of it.
  Result<Value, ErrorKind> NewRecord(TypeId type);
  ErrorKind StoreField(const Value& record, TypeId type, size_t k, const Value& value);

  ErrorKind Check(const Value& value, TypeId type);  // CheckWhole; of an optional if it is present
  bool Equal(const Value& a, TypeId a_type, const Value& b, TypeId b_type);
  // The position of the first element that equals `item`, or kNotFound.
  uint64_t Find(const Value& collection, TypeId type, const Value& item, TypeId item_type);

  // As library functions take values and give them. A record or collection is looked into, and copied unless it lies natively.
  Result<Words, ErrorKind> ToWords(const Value& value, TypeId type);
  Value FromWords(Words words, TypeId type);
  // What the Call of a generic function knows of its types; until the next call of any of these functions.
  const void* DescribeCall(std::span<const TypeId> types);

 private:
  // A value put where it has an address: one of the members below that, unless it is a record or a cidr.
  struct Spilled {
    uint32_t image = 0;
    const void* address = nullptr;
    struct { const void* data; uint64_t size; } pair = {nullptr, 0};
    int64_t words[2] = {0, 0};
    double real = 0;
  };

  void Spill(const Value& value, TypeId type, Spilled* out);
  Place PlaceOf(const Spilled& spilled) const { return {pool_.image(spilled.image), spilled.address}; }
  ErrorKind Store(const Value& value, TypeId type, const Layout& native, std::byte* target);

  const TypeTable& types_;
  Arena& arena_;
  std::map<uint32_t, LayoutRef> natives_;  // by TypeId
  LayoutPool pool_;
};

}  // namespace moult::lang
