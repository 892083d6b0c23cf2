#include "gc/heap.h"

#include "gc/heap_thread.h"
#include "gc/settings.h"
#include "gc/thread.h"

namespace moult::gc {
namespace {

// On the calling thread: the version that was to own them was not made.
void DestroyForeigns(const VersionSpec& spec) {
  for (const auto& foreign : spec.foreigns) {
    const auto* own = std::get_if<ForeignSpec>(&foreign);
    if (own != nullptr && own->destroy != nullptr) own->destroy(own->object);
  }
}

}  // namespace

Status Heap::Configure(const HeapOptions& options) { return internal::SetOptions(options); }

Result<Pin, Error> Heap::Create(VersionSpec spec) {
  EnsureRegistered();
  Result<Version*, Error> made = Failure(Error{});
  const Status called = HeapThread::Get().Call([&](Collector& collector) { made = collector.Create(spec); });
  if (called.ok() && made.ok()) return Pin(*made);
  DestroyForeigns(spec);
  return Failure(called.ok() ? made.error() : called.error());
}

CollectResult Heap::Collect(std::chrono::milliseconds timeout) { return HeapThread::Get().Collect(timeout); }

Counters Heap::counters() {
  Counters counters;
  (void)HeapThread::Get().Call([&](Collector& collector) { counters = collector.counters(); });
  return counters;
}

std::vector<LiveVersion> Heap::LiveVersions() {
  std::vector<LiveVersion> versions;
  (void)HeapThread::Get().Call([&](Collector& collector) { versions = collector.LiveVersions(); });
  return versions;
}

void Heap::AddObserver(Observer* observer) {
  (void)HeapThread::Get().Call([&](Collector& collector) { collector.events().Add(observer); });
}

void Heap::RemoveObserver(Observer* observer) {
  (void)HeapThread::Get().Call([&](Collector& collector) { collector.events().Remove(observer); });
}

}  // namespace moult::gc
