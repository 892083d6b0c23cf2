// Operations on values of any depth, wherever they lie: one definition for the interpreter and for generated code.
//
// A value is given by its image and its address. What memory holds that the language has no value for (an unsigned value above
// the range of int, an unknown enum value) is called bad. None of these throws; recursion is as deep as the value's type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "lang/arena.h"
#include "lang/eval.h"
#include "lang/layout_image.h"

namespace moult::lang {

struct Place {
  LayoutImage image;
  const void* address;
};

// What is bad in the value, the first in the order of its parts, or kNone. Cost: linear in the value, nothing if its layout
// admits nothing bad.
ErrorKind CheckWhole(const Place& value) noexcept;

// Copies the value to `target`, laid out as `to` says: a layout of Moult's own for the same type. Collections that lie so
// already are shared, not copied. Fails with what is bad in the value, or with kArenaExhausted.
ErrorKind CopyWhole(const Place& value, const LayoutImage& to, void* target, Arena& arena) noexcept;

// Whether two values are equal: numbers by value, also an int and a double; a NaN and what is bad equal nothing; lists element by
// element, sets and maps whatever their order; fields that may be missing if both are, or both are there and equal. `scratch`, if
// given, makes large sets and maps linear; without it, or when it is full, they are compared pair by pair.
bool EqualWhole(const Place& a, const Place& b, Arena* scratch) noexcept;

// Equal values have equal hashes.
uint64_t HashWhole(const Place& value) noexcept;

// The elements of a sequence, of a map its keys.
struct Elements {
  LayoutImage image;  // of one
  const std::byte* data = nullptr;
  uint64_t count = 0;
  uint32_t stride = 0;

  explicit Elements(const Place& collection);
  Elements(const LayoutImage& element, const void* first, uint64_t number);
  Place operator[](uint64_t i) const { return {image, data + i * stride}; }
};

inline constexpr uint64_t kNotFound = UINT64_MAX;

// Looks elements up by value, among those added so far. Small numbers are compared one by one; others by hashes in a table that
// takes at most 16 bytes an element of `scratch`, or one by one when that is null or full.
class ElementTable {
 public:
  ElementTable(const Elements& elements, Arena* scratch) noexcept;

  // Element number added() is among them from now on.
  void Add() noexcept;
  void AddAll() noexcept;
  uint64_t added() const { return added_; }
  // The first equal one, or kNotFound.
  uint64_t Find(const Place& item) const noexcept;

 private:
  const Elements& elements_;
  Arena* const scratch_;
  uint32_t* slots_ = nullptr;  // one more than the element's number, or 0
  uint64_t mask_ = 0;
  uint64_t added_ = 0;
};

// The position of the first element (of a map: key) that equals `item`, or kNotFound. Cost: linear.
uint64_t FindElement(const Place& collection, const Place& item) noexcept;

// Moves the first of each group of equal elements to the front, in order; returns how many they are.
uint64_t KeepDistinct(const LayoutImage& element, void* data, uint64_t count, Arena* scratch) noexcept;
// Whether two elements (of a map: keys) are equal.
bool HaveEqual(const Elements& elements, Arena* scratch) noexcept;

}  // namespace moult::lang
