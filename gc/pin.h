// Pin: an owning reference to a version that may live anywhere: on the heap, in a queue, in another thread.
#pragma once

#include <utility>

#include "gc/version.h"

namespace moult::gc {

// The only legal way to keep or hand over a version outside a stack. Thread-safety: distinct Pins may be used by distinct
// threads; one Pin, as any value, by one at a time. Copying and dropping cost one atomic operation each and register the thread.
// Dropping the last pin of a superseded version wakes the collector.
class Pin {
 public:
  Pin() = default;
  Pin(const Pin& other);
  Pin(Pin&& other) noexcept : version_(std::exchange(other.version_, nullptr)) {}
  Pin& operator=(Pin other) noexcept {
    std::swap(version_, other.version_);
    return *this;
  }
  ~Pin() { Reset(); }

  void Reset() noexcept {
    if (version_ != nullptr) Drop(std::exchange(version_, nullptr));
  }
  explicit operator bool() const { return version_ != nullptr; }
  // Valid while this Pin is.
  const Version* get() const { return version_; }
  const Version* operator->() const { return version_; }
  friend bool operator==(const Pin& a, const Pin& b) { return a.version_ == b.version_; }

 private:
  friend class Heap;
  friend class Slot;
  // Takes over one count that the caller has already added.
  explicit Pin(Version* counted) : version_(counted) {}
  static void Drop(Version* version) noexcept;

  Version* version_ = nullptr;
};

}  // namespace moult::gc
