// Collector: the cycle as a state machine on the heap thread, which never waits for a thread's answer.
#pragma once

#include <cstdint>
#include <vector>

#include "gc/code_heap.h"
#include "gc/event_log.h"
#include "gc/handshake.h"
#include "gc/heap.h"
#include "gc/root_table.h"
#include "gc/version_table.h"
#include "gc/wakeup.h"

namespace moult::gc {

// A call of Heap::Collect, on the caller's stack.
struct CollectRequest {
  uint64_t deadline = 0;
  CollectResult result;
  bool done = false;  // the heap thread's mutex
};

// idle -> Begin (candidates, `touched` cleared, table frozen, threads asked) -> asking, while jobs go on -> all answered: the
// verdict drops roots -> the caller of Step collects -> AfterCollection -> idle.
class Collector {
 public:
  explicit Collector(const HeapOptions& options) : options_(options), versions_(&CodeHeap::Get(), &events_) {}

  // Jobs.
  Result<Version*, Error> Create(const VersionSpec& spec);
  void Publish(Slot* slot, Version* next);
  void Retire(Slot* slot);
  void Request(CollectRequest* request) { waiting_.push_back(request); }
  EventLog& events() { return events_; }
  Counters counters() const;
  std::vector<LiveVersion> LiveVersions() const;

  // Does what can be done now. True after a verdict: the caller then collects garbage from its shallow frame, and calls
  // AfterCollection. Throws std::bad_alloc, and can go on afterwards.
  bool Step();
  void AfterCollection();
  // Whether the memory that the collection frees will hardly be wanted again soon: it was asked for, or publishes are few.
  bool Calm() const { return !served_.empty() || superseded_since_begin_ < kBatch; }
  // When to call Step again if nobody calls for it earlier.
  uint64_t NextDeadline() const;
  // The requests that have their result, for the heap thread to hand back.
  std::vector<CollectRequest*> TakeFinished() { return std::exchange(finished_, {}); }

  // Some version lost its last pin. Any thread.
  void NoteUnpin() noexcept { unpinned_.store(true, std::memory_order_relaxed); }

  void AfterForkInChild();

 private:
  // A publisher that never rests starts a cycle for this many superseded versions, or once in HeapOptions::backoff_first,
  // whichever comes first: the dead do not pile up, and threads are not asked for each version.
  static constexpr uint64_t kBatch = 64;

  void Begin(uint64_t now);
  bool Verdict();
  void NoteSightings();
  void ScheduleSoon(uint64_t now);
  void ScheduleRetry(uint64_t now);
  void RemindSilent(uint64_t now);
  void Finish(CollectRequest* request, const CollectResult& result);
  void FinishExpired(std::vector<CollectRequest*>* requests, uint64_t now);
  Error LimitError();
  uint64_t Silence() const { return static_cast<uint64_t>(std::chrono::nanoseconds(options_.silent_after).count()); }

  const HeapOptions& options_;
  EventLog events_;
  VersionTable versions_;
  Handshake handshake_;
  RootTable seen_blocks_;  // by the last verdict's scans, whether or not a version holds them

  std::vector<CollectRequest*> waiting_;   // for the next cycle
  std::vector<CollectRequest*> served_;    // by the running one
  std::vector<CollectRequest*> finished_;

  std::atomic<bool> unpinned_{false};
  uint64_t next_cycle_ = internal::Wakeup::kNever;
  uint64_t last_begin_ = 0;
  uint64_t backoff_ns_ = 0;
  uint64_t superseded_since_begin_ = 0;
  uint64_t next_reminder_ = 0;
  uint64_t reminder_interval_ = 0;
  bool silence_told_ = false;
};

}  // namespace moult::gc
