// Slot: where a version is published, and Enter, the way into it.
#pragma once

#include <atomic>
#include <type_traits>

#include "gc/pin.h"
#include "gc/thread.h"
#include "gc/version.h"
#include "moult/result.h"

namespace moult::gc {

// One published version, or none. Readers load it; the heap thread stores it. The address is stable: neither copied nor moved.
class Slot {
 public:
  Slot();
  // Supersedes what it holds. Requests and pins in flight keep their versions. REQUIRES: no thread enters the slot any more.
  ~Slot();
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  // Makes `next` current with one release store, on the heap thread (INVARIANT(atomic-publish)); what was current is superseded.
  // `next` may be a version that was current before (a rollback) or is now (then nothing changes). Fails, changing nothing,
  // when `next` is empty or the heap thread cannot be reached. The limit of live versions is Create's to enforce: a version that
  // exists may be published.
  Status Publish(const Pin& next);

  // The current version, pinned; empty when there is none. Registers the thread.
  Pin Current() const;

  // One acquire load, pairing with Publish's release store: the version's contents are complete. The caller must be inside
  // Enter, or keep the result in a frame slot that it forces to exist, and have called EnsureRegistered before.
  const Version* LoadDangerously() const { return version_.load(std::memory_order_acquire); }

 private:
  friend class Heap;
  friend class VersionTable;
  std::atomic<Version*> version_{nullptr};
};

// Called with the entered version, or null when the slot is empty.
using EnterFunction = void (*)(const Version* version, void* argument);

// THE trampoline (INVARIANT(frame-roots)). Registers the thread, loads the slot, stores the version in its own frame before the
// first use, calls `function`, and keeps the word there until it has returned: that word alone keeps version, code and
// resources alive. Never inlined, never a tail call; a test reads its disassembly. Nested calls are fine.
void EnterSlot(const Slot& slot, EnterFunction function, void* argument);
// Likewise for a version that the caller holds by pin or in its own frame.
void EnterVersion(const Version* version, EnterFunction function, void* argument);

template <class F>
void Enter(const Slot& slot, F&& function) {
  EnterSlot(slot, [](const Version* v, void* f) { (*static_cast<std::remove_reference_t<F>*>(f))(v); }, &function);
}
template <class F>
void Enter(const Version* version, F&& function) {
  EnterVersion(version, [](const Version* v, void* f) { (*static_cast<std::remove_reference_t<F>*>(f))(v); }, &function);
}

}  // namespace moult::gc
