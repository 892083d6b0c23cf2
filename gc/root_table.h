// RootTable: a growing array of references that bdwgc treats as roots.
#pragma once

#include <cstddef>

namespace moult::gc {

// The heap thread's. Its memory is uncollectable heap memory, the only place outside stacks that bdwgc starts from.
class RootTable {
 public:
  RootTable() = default;
  RootTable(const RootTable&) = delete;
  RootTable& operator=(const RootTable&) = delete;

  // Room for `count` entries in all; false when there is no memory, and then nothing has changed.
  bool Reserve(size_t count);
  size_t size() const { return size_; }
  // REQUIRES: reserved.
  void Push(void* object) { entries_[size_++] = object; }
  // Removes entry i by moving the last one there.
  void SwapRemove(size_t i);
  void Clear();

 private:
  void** entries_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace moult::gc
