#include "gc/pin.h"

#include "gc/heap_thread.h"
#include "gc/thread.h"

namespace moult::gc {

Pin::Pin(const Pin& other) : version_(other.version_) {
  if (version_ == nullptr) return;
  EnsureRegistered();
  // Relaxed: the count is at least one already, by `other`, and no verdict passes a version whose count it cannot see at 0.
  version_->pins_.fetch_add(1, std::memory_order_relaxed);
}

void Pin::Drop(Version* version) noexcept {
  EnsureRegistered();
  const bool superseded = version->superseded_.load(std::memory_order_relaxed) != 0;
  // INVARIANT(touched): whoever drops a pin may have handed the version on, to a stack that the running cycle has scanned
  // already. Relaxed: the fetch_sub's release orders it before the count, which the verdict reads first (VersionTable::Unused).
  version->touched_.store(1, std::memory_order_relaxed);
  // After this nothing of the version may be read: it may be gone.
  if (version->pins_.fetch_sub(1, std::memory_order_release) == 1 && superseded) HeapThread::Get().NoteUnpin();
}

}  // namespace moult::gc
