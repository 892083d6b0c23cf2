#include "gc/wakeup.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace moult::gc::internal {

void Wakeup::Signal() noexcept {
  if (word_.exchange(1, std::memory_order_release) != 0) return;
  syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void Wakeup::WaitUntil(uint64_t deadline) noexcept {
  if (word_.exchange(0, std::memory_order_acquire) != 0) return;
  timespec until{static_cast<time_t>(deadline / 1'000'000'000), static_cast<long>(deadline % 1'000'000'000)};
  // FUTEX_WAIT_BITSET takes an absolute time. The kernel compares the word with 0 under its own lock: no signal is lost.
  syscall(SYS_futex, &word_, FUTEX_WAIT_BITSET_PRIVATE, 0, deadline == kNever ? nullptr : &until, nullptr,
          FUTEX_BITSET_MATCH_ANY);
  word_.exchange(0, std::memory_order_acquire);
}

}  // namespace moult::gc::internal
