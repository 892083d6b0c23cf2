// ThreadRegistry: the threads that may hold versions on their stacks.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "gc/thread.h"

namespace moult::gc {

// One per registration. Made and marked as left by its thread, freed by whoever next walks the registry, but never while a cycle
// has it in its snapshot.
struct ThreadRecord {
  // The cycle that wants an answer; 0: none. Stored by the heap thread (release), taken by an exchange (acquire) either by the
  // thread's handler or by its leaving: whoever gets it gives the one answer. The pair also publishes the frozen ScanTable and
  // the cleared `touched` flags to the handler.
  std::atomic<uint32_t> asked{0};
  // The last cycle answered; only to name those that have not. The answer itself is Handshake's count.
  std::atomic<uint32_t> answered{0};
  uintptr_t stack_low = 0;
  uintptr_t stack_high = 0;
  int tid = 0;
  bool left = false;         // registry mutex
  bool in_snapshot = false;  // registry mutex
};

// Registration and leaving take the mutex that sending signals takes too, so a thread is asked only while its record is in place
// (INVARIANT(handler-safe)).
class ThreadRegistry {
 public:
  static ThreadRegistry& Get();

  // Registers the calling thread.
  void Enter();
  // Takes the calling thread's record off it, and answers for it if it was asked: at its exit no frame holds a version.
  void Leave(ThreadRecord* record);

  // The registered threads, in `snapshot`; then `ask` for each, with the mutex held. Throws std::bad_alloc before any is asked.
  template <class Ask>
  void Snapshot(std::vector<ThreadRecord*>* snapshot, Ask ask) {
    std::lock_guard lock(mutex_);
    FreeLeft();
    snapshot->clear();
    snapshot->reserve(records_.size());
    for (auto& record : records_) {
      if (record->left) continue;
      record->in_snapshot = true;
      snapshot->push_back(record.get());
    }
    ask();
  }
  // Again with the mutex held, for those of a snapshot that have not left.
  template <class Visit>
  void ForPresent(const std::vector<ThreadRecord*>& snapshot, Visit visit) {
    std::lock_guard lock(mutex_);
    for (ThreadRecord* record : snapshot) {
      if (!record->left) visit(*record);
    }
  }
  // Marks a thread that is gone without having left.
  void MarkGone(ThreadRecord& record) { record.left = true; }  // REQUIRES: in Snapshot's or ForPresent's callback
  // The snapshot is over: its records may be freed.
  void Release(std::vector<ThreadRecord*>* snapshot);

  size_t size();

  // Around fork. In the child only the calling thread is left.
  void LockForFork() { mutex_.lock(); }
  void UnlockInParent() { mutex_.unlock(); }
  void UnlockInChild();

 private:
  void FreeLeft();  // REQUIRES: mutex_

  std::mutex mutex_;
  std::vector<std::unique_ptr<ThreadRecord>> records_;
};

}  // namespace moult::gc
