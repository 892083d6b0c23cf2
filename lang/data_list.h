// DataList: what a `list` declaration names: an immutable set or map of scalars with the index made for its type.
//
//   set<string>, map<string, V>   the texts end to end, and a hash table of where they are
//   set<int>, map<int, V> ...     the values as the language lays them out, and a hash table of their numbers
//   set<cidr>                     likewise, and the ranges that lie in no other, sorted, for the addresses that they
//   contain
//
// Both engines ask it: the interpreter directly, generated code through codegen/helpers.h. ListMaker makes one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/function.h"
#include "lang/types.h"
#include "moult/layout.h"
#include "moult/net.h"

namespace moult::lang {

// Whether scalars of the kind can be items of a list that is read from a file, or keys: all but bools and doubles.
bool CanBeItem(TypeKind kind);
// Whether such a list can be of the type: a set of such items, or a map from such keys to scalars.
bool CanBeList(const TypeTable& types, TypeId type);

// Immutable, safe to ask from many threads at once. Items are given as generated code holds them, in Words.
class DataList {
 public:
  virtual ~DataList() = default;
  DataList(const DataList&) = delete;
  DataList& operator=(const DataList&) = delete;

  // Whether `item` is in the set, or a key of the map. Cost: constant; some tens of nanoseconds.
  virtual bool Contains(const Words& item) const noexcept = 0;
  // Where the value that `key` is mapped to lies, as Moult lays it out; null when there is none, and for a set.
  virtual const void* Find(const Words& key) const noexcept = 0;
  // Whether a range of a set<cidr> contains `ip`; false of any other list. Cost: logarithmic in the ranges.
  virtual bool Covers(const Ip& ip) const noexcept = 0;
  size_t size() const { return size_; }
  // All items, or entries {key, value}, in the order of the file, as Moult lays them out. The first call may make them,
  // and throw std::bad_alloc; they are kept.
  virtual NativeSpan Items() const = 0;
  // What Items() makes aside.
  virtual size_t MemoryBytes() const = 0;

 protected:
  DataList() = default;
  size_t size_ = 0;
};

// One that is being made. Thread-safety: none; from Finish on, as a DataList.
class UnfinishedList : public DataList {
 public:
  // The number of the item, and whether it had been added before.
  virtual std::pair<uint32_t, bool> Add(const Words& item) = 0;
  // Of the entry last added to a map.
  virtual void AddValue(const Words& value) = 0;
  // Once, after the last entry and before the first question.
  virtual void Finish() = 0;
};

// A scalar type without its table.
struct ScalarType {
  TypeKind kind = TypeKind::kInt;
  std::string name;                      // of an enum
  std::vector<std::string> enumerators;  // of an enum
  friend bool operator==(const ScalarType&, const ScalarType&) = default;
};

// What kind of list a type is. Two types of one shape have the same lists.
struct ListShape {
  ScalarType item;                  // of a map: its keys
  std::optional<ScalarType> value;  // of a map
  friend bool operator==(const ListShape&, const ListShape&) = default;
};
// REQUIRES: CanBeList.
ListShape ShapeOfList(const TypeTable& types, TypeId type);

// For at most `entries` entries whose texts and bytes have `bytes` bytes together. REQUIRES: `entries` and `bytes` + 9
// * `entries` are below 2^32 - 1.
std::unique_ptr<UnfinishedList> NewList(const ListShape& shape, size_t entries, size_t bytes);

}  // namespace moult::lang
