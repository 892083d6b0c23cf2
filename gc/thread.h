// Threads as the collector sees them: registered at first use, left at exit, scanned by themselves.
#pragma once

#include <cstddef>

namespace moult::gc {

struct ThreadRecord;

namespace internal {
// The calling thread's record; stored last at registration, so the signal handler never sees a half-made one
// (INVARIANT(handler-safe)).
extern constinit thread_local ThreadRecord* current_thread __attribute__((tls_model("initial-exec")));
void RegisterThread();
}  // namespace internal

// Registers the calling thread with the collector if it is not (INVARIANT(register-first)). One TLS load when it is. The first
// call on a thread unblocks the collector's signal in it (HeapOptions::unblock_signal) and keeps errno. Registration ends with
// the thread; a thread that comes back later, from a TLS destructor, registers again.
inline void EnsureRegistered() {
  if (internal::current_thread == nullptr) [[unlikely]] internal::RegisterThread();
}

// Whether `address` lies in the part of the calling thread's own registered stack that a scan covers: where a reference to a
// version counts. False for malloc memory, TLS, coroutine frames, other stacks. Registers the thread.
bool OnOwnStack(const void* address);

}  // namespace moult::gc
