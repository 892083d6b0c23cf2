// EngineCore: one engine's slot, bindings, sources and publishes.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gc/slot.h"
#include "moult/engine.h"
#include "runtime/binding.h"
#include "runtime/observer.h"
#include "runtime/unit_set.h"
#include "runtime/version_builder.h"
#include "runtime/version_meta.h"

namespace moult::runtime {

// A gc::Slot whose address is not used again while a version that was published there is alive: events name the slot by
// its address, and a later engine must not take those of an earlier one for its own. Versions hold the memory, not the
// slot.
class EngineSlot {
 public:
  EngineSlot() : memory_(std::make_shared<Memory>()), slot_(new (memory_->bytes) gc::Slot) {}
  ~EngineSlot() { slot_->~Slot(); }
  EngineSlot(const EngineSlot&) = delete;
  EngineSlot& operator=(const EngineSlot&) = delete;

  gc::Slot& operator*() const { return *slot_; }
  gc::Slot* operator->() const { return slot_; }
  std::shared_ptr<const void> memory() const { return memory_; }

 private:
  struct Memory {
    alignas(gc::Slot) std::byte bytes[sizeof(gc::Slot)];
  };
  std::shared_ptr<Memory> memory_;
  gc::Slot* slot_;
};

// Thread-safety: every method may be called from any thread; publishes are serialised by a mutex that no request takes.
class EngineCore {
 public:
  explicit EngineCore(const EngineOptions& options);

  uint64_t id() const { return id_; }
  const EngineOptions& options() const { return options_; }
  const gc::Slot& slot() const { return *slot_; }

  Status BindSource(std::string name, SourceFunction function);
  Result<VersionInfo> Publish(const Bundle& bundle);
  Result<VersionInfo> Rollback(const gc::Pin& version);
  // A null `host` is JSON.
  Result<BindingRef> Bind(const std::string& policy, const LayoutRef& host);
  void SetObserver(std::function<void(const EngineEvent&)> observer);

 private:
  static constexpr uint64_t kLeastBacklog = 64;

  lang::CompileLimits Limits() const;
  // Builds and publishes. `begin` is when the compile began; `data` null: the units are the base version's. REQUIRES:
  // publish_mutex_ is held.
  Result<VersionInfo> BuildAndPublish(UnitSet units, const Bundle* data, const gc::Pin& base,
                                      Clock::time_point begin);
  Result<VersionInfo> Rebuild(const gc::Pin& version);
  // Waits for a collection, a bounded time, when versions pile up. REQUIRES: publish_mutex_ is held.
  void Pace();

  const uint64_t id_;
  const EngineOptions options_;
  EngineSlot slot_;

  std::mutex publish_mutex_;
  // Guarded by publish_mutex_:
  uint64_t last_number_ = 0;
  uint64_t pace_at_ = kLeastBacklog;  // live versions at which the next publish waits
  BindingRegistry bindings_;
  std::map<std::string, const SourceFunction*> sources_;
  std::vector<std::unique_ptr<const SourceFunction>>
      source_functions_;  // replaced ones too: versions in flight call them

  std::mutex observer_mutex_;
  std::unique_ptr<EngineObserver> observer_;  // guarded by observer_mutex_
};

}  // namespace moult::runtime
