// VersionTable: every version from its creation to its reclamation.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "gc/code_heap.h"
#include "gc/event_log.h"
#include "gc/heap.h"
#include "gc/root_table.h"
#include "gc/scan_table.h"
#include "gc/version.h"

namespace moult::gc {

// What is known of a version outside its record.
struct VersionInfo {
  Version* version = nullptr;  // null once a verdict has dropped its root
  uint64_t number = 0;
  uint64_t code_bytes = 0;
  std::vector<uint64_t> block_ids;
  uint32_t slots = 0;          // that hold it
  const Slot* last_slot = nullptr;
  uint64_t superseded_at = 0;  // when the last slot let go of it; for one never published, when it was made
  uint64_t last_seen_at = 0;
  Place last_seen;
  bool candidate = false;      // of the running cycle
  bool dead = false;           // its finalizer has run
  size_t index = 0;            // in rooted_, and in roots_
};

// The heap thread's. A version is rooted from its creation until Drop, whatever refers to it: so a collection that bdwgc starts
// by itself takes nothing that a verdict has not passed.
class VersionTable {
 public:
  VersionTable(CodeHeap* code, EventLog* events) : code_(code), events_(events) {}

  // Builds the record, with one pin that the caller takes over. On failure the foreign objects are the caller's again.
  Result<Version*, Error> Create(const VersionSpec& spec, uint64_t now);
  // REQUIRES: the caller holds a pin of `next`.
  void Publish(Slot* slot, Version* next, uint64_t now);
  void Retire(Slot* slot, uint64_t now);

  // Adds every live version to a scan's table; marks the superseded ones as candidates and clears their `touched` flags
  // (INVARIANT(superseded-first), INVARIANT(clear-then-snapshot)).
  void BeginCycle(ScanTable* table);
  // The verdict on one candidate: whether it is in no slot, has no pins, and was not touched since BeginCycle.
  // INVARIANT(pins-then-touched).
  static bool Unused(const VersionInfo& info);
  // Drops the root: the next collection takes the version unless something else in the heap refers to it.
  void Drop(VersionInfo* info);
  // After a collection: destroys foreign objects that died, and reports the versions that did. Returns their number.
  uint64_t Reap(uint64_t now);

  size_t live() const { return rooted_.size() + dropped_.size(); }
  // Versions that a collection could one day free: in no slot, or dropped but found by bdwgc in a stale word.
  bool AnySuperseded() const { return in_slots_ < rooted_.size() || !dropped_.empty(); }
  size_t superseded() const { return live() - in_slots_; }
  const std::vector<std::unique_ptr<VersionInfo>>& rooted() const { return rooted_; }
  std::vector<LiveVersion> List(uint64_t now) const;
  // The oldest version that is in no slot, or null.
  const VersionInfo* OldestSuperseded() const;
  static uint32_t PinsOf(const VersionInfo& info);

 private:
  struct Foreign {
    VersionTable* owner;
    void* object;
    void (*destroy)(void*) noexcept;
    size_t bytes;
    std::list<Foreign>::iterator self;
  };
  class Builder;

  static void OnVersionDead(void* version, void* info);
  static void OnForeignDead(void* record, void* foreign);
  void Leave(Slot* slot, Version* version, uint64_t now);

  CodeHeap* code_;
  EventLog* events_;
  RootTable roots_;                                     // entry i is rooted_[i]'s version
  std::vector<std::unique_ptr<VersionInfo>> rooted_;
  std::vector<std::unique_ptr<VersionInfo>> dropped_;   // not yet found dead
  size_t in_slots_ = 0;                                 // versions that some slot holds
  std::list<Foreign> foreigns_;
};

}  // namespace moult::gc
