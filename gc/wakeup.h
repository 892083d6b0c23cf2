// Wakeup: wakes the heap thread, from a signal handler too.
#pragma once

#include <atomic>
#include <cstdint>

namespace moult::gc::internal {

// Any number of signals before a wait count as one. One waiter.
class Wakeup {
 public:
  static constexpr uint64_t kNever = UINT64_MAX;

  // Async-signal-safe but for errno, which the handler keeps.
  void Signal() noexcept;
  // Returns after a Signal that no earlier wait took, or at `deadline` (NowNs), or now and then for no reason.
  void WaitUntil(uint64_t deadline) noexcept;

 private:
  // Signal's release exchange pairs with WaitUntil's acquire exchange: what was done before the one is seen after the other.
  // Both are read-modify-writes, so that a signal which finds the word set still passes on what came before it.
  std::atomic<uint32_t> word_{0};
};

}  // namespace moult::gc::internal
