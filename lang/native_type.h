// NativeType: what a library function may know of a type at run time. It describes how values of the type lie in memory in Moult's
// own layout, as a few words without addresses, so that generated code carries it among its data.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "lang/types.h"
#include "moult/layout.h"

namespace moult::lang {

// A view of a description; the words it was made from must outlive it. Immutable; any number of threads may read one.
class NativeType {
 public:
  explicit NativeType(const void* words) : words_(static_cast<const char*>(words)) {}

  TypeKind kind() const { return static_cast<TypeKind>(word(0)); }
  uint32_t size() const { return word(1); }  // bytes of one value, tail padding included: the stride in a list

  // Of a list, set or optional: its element or payload. Of a map: its value.
  NativeType element() const { return child(kind() == TypeKind::kMap ? 1 : 0).second; }
  NativeType key() const { return child(0).second; }  // of a map
  // The bytes of one entry of a map, which begins with the key, and where in it the value lies.
  uint32_t entry_size() const { return word(4); }
  uint32_t value_offset() const { return child(1).first; }
  uint32_t flag_offset() const { return word(4); }  // of an optional: of the byte that says whether there is a value
  // The fields of a record.
  uint32_t field_count() const { return word(3); }
  uint32_t field_offset(uint32_t k) const { return child(k).first; }
  NativeType field(uint32_t k) const { return child(k).second; }

 private:
  uint32_t word(uint32_t k) const;
  std::pair<uint32_t, NativeType> child(uint32_t k) const;  // with its offset

  // kind, size, number of words of all this, number of children, one word by kind; then each child: its offset, itself.
  const char* words_;
};

// The words of a description. `layout` is the type's native layout (NativeLayout in lang/bind.h).
std::string DescribeNative(const TypeTable& types, TypeId type, const Layout& layout);

}  // namespace moult::lang
