// Version: the heap record that a slot publishes. It holds sealed code blocks and foreign resources, and nothing else.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace moult::gc {

struct VersionInfo;

// Immutable but for the words of the collector's protocol. Lives in the collected heap: a `const Version*` may be held only in a
// frame of a registered stack (INVARIANT(no-hidden-references)), and used only inside Enter (slot.h), which keeps it in its own
// frame (INVARIANT(frame-roots)). Elsewhere, hold a Pin.
class Version {
 public:
  uint64_t number() const { return number_; }
  size_t block_count() const { return block_count_; }
  // The first code byte of block i, aligned to 64.
  const void* code(size_t i) const { return words_[i]; }
  size_t foreign_count() const { return foreign_count_; }
  // The object of foreign resource i.
  void* foreign(size_t i) const { return const_cast<void*>(words_[block_count_ + i]); }

 private:
  friend class Heap;
  friend class Pin;
  friend class Slot;
  friend class VersionTable;
  Version() = default;

  uint64_t number_ = 0;
  uint32_t block_count_ = 0;
  uint32_t foreign_count_ = 0;
  // Pins that exist; see INVARIANT(pins-then-touched) for the order in which the verdict reads these two.
  std::atomic<uint32_t> pins_{0};
  // Set before a pin falls and before an existing version is stored in a slot; cleared only by the collector.
  std::atomic<uint32_t> touched_{0};
  // No slot holds it. A hint for Pin::Reset, which wakes the collector by it; the truth is VersionInfo::slots.
  std::atomic<uint32_t> superseded_{1};
  VersionInfo* info_ = nullptr;  // the heap thread's
  // block_count_ code addresses, foreign_count_ object addresses, foreign_count_ foreign records. bdwgc traces them.
  const void* words_[1];
};

}  // namespace moult::gc
