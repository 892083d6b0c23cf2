// The calls into the operating system that can fail while code is sealed, in one place so that tests can make them fail.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace moult::gc::internal {

// Replaced only by tests. Relaxed atomics: a replacement is ordered before the calls it is meant for by the job queue's mutex.
struct OsCalls {
  // mprotect(2).
  std::atomic<int (*)(void* address, size_t bytes, int protection)> protect;
  // Zeroed memory of the code kind, or null.
  std::atomic<void* (*)(size_t bytes, int kind)> allocate_code;
  // rt_tgsigqueueinfo(2) in this process: a signal that carries `mark`.
  std::atomic<int (*)(pid_t tid, int signal, void* mark)> signal_thread;
};
extern OsCalls os_calls;

// CLOCK_MONOTONIC in nanoseconds. Async-signal-safe.
uint64_t NowNs() noexcept;

// Makes every core that runs this process serialise before it executes anything again. Needed when memory that held code gets
// other code: a core may have fetched the old bytes. Where the kernel refuses membarrier, the inter-processor interrupt with
// which mprotect flushes other cores' translations, whose return serialises them, has to do.
void SerializeCores() noexcept;
void RegisterForSerializeCores() noexcept;

}  // namespace moult::gc::internal
