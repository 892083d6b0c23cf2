#include "gc/slot.h"

#include "gc/heap_thread.h"

namespace moult::gc {

Slot::Slot() = default;

Slot::~Slot() {
  // Relaxed: whether there is one; the heap thread reads it again.
  if (version_.load(std::memory_order_relaxed) == nullptr) return;
  HeapThread& heap = HeapThread::Get();
  if (heap.IsCurrentThread()) {  // the slot belongs to a foreign resource
    heap.collector().Retire(this);
    return;
  }
  // In a forked child that cannot start a heap thread the version stays, with the process.
  (void)heap.Call([this](Collector& collector) { collector.Retire(this); });
}

Status Slot::Publish(const Pin& next) {
  if (!next) return Error{"E-no-version", "nothing to publish: the pin is empty"};
  EnsureRegistered();
  return HeapThread::Get().Call([&](Collector& collector) { collector.Publish(this, next.version_); });
}

Pin Slot::Current() const {
  EnsureRegistered();
  // Between the load and the count the pointer is in this thread's registers, where a scan sees it. A scan before the load
  // happens after any superseding that its cycle knows of, so the load cannot return that cycle's candidates; a scan after the
  // count passes the count on to the verdict with its answer. Acquire: as LoadDangerously.
  Version* version = version_.load(std::memory_order_acquire);
  if (version == nullptr) return Pin();
  version->pins_.fetch_add(1, std::memory_order_relaxed);
  return Pin(version);
}

}  // namespace moult::gc
