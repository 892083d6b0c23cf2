#include "gc/root_table.h"

#include <algorithm>

#include "gc/bdwgc.h"

namespace moult::gc {

bool RootTable::Reserve(size_t count) {
  if (count <= capacity_) return true;
  const size_t capacity = std::max<size_t>({count, 2 * capacity_, 64});
  auto** entries = static_cast<void**>(internal::AllocateRoot(capacity * sizeof(void*)));
  if (entries == nullptr) return false;
  std::copy_n(entries_, size_, entries);
  if (entries_ != nullptr) internal::FreeRoot(entries_);
  entries_ = entries;
  capacity_ = capacity;
  return true;
}

void RootTable::SwapRemove(size_t i) {
  entries_[i] = entries_[--size_];
  entries_[size_] = nullptr;
}

void RootTable::Clear() {
  std::fill_n(entries_, size_, nullptr);
  size_ = 0;
}

}  // namespace moult::gc
