#include "runtime/observer.h"

#include <utility>

#include "gc/heap.h"

namespace moult::runtime {
namespace {

EngineEvent::Kind ToHost(gc::Event::Kind kind) {
  switch (kind) {
    case gc::Event::Kind::kPublished:
      return EngineEvent::Kind::kPublished;
    case gc::Event::Kind::kSuperseded:
      return EngineEvent::Kind::kSuperseded;
    case gc::Event::Kind::kReclaimed:
      return EngineEvent::Kind::kReclaimed;
    case gc::Event::Kind::kSilentThread:
      break;
  }
  return EngineEvent::Kind::kSilentThread;
}

}  // namespace

EngineObserver::EngineObserver(const gc::Slot* slot, std::function<void(const EngineEvent&)> function)
    : slot_(slot), function_(std::move(function)) {
  gc::Heap::AddObserver(this);
}

EngineObserver::~EngineObserver() { gc::Heap::RemoveObserver(this); }

void EngineObserver::OnEvent(const gc::Event& event) noexcept {
  const bool silent = event.kind == gc::Event::Kind::kSilentThread;
  if (!silent && event.slot != slot_) return;
  EngineEvent out;
  out.kind = ToHost(event.kind);
  out.version = event.version;
  out.code_bytes = event.code_bytes;
  (silent ? out.silent_for : out.since_superseded) = std::chrono::nanoseconds(event.nanoseconds);
  out.thread = event.thread;
  function_(out);
}

}  // namespace moult::runtime
