#include "gc/handshake.h"

#include <errno.h>

#include "gc/os.h"
#include "gc/scan.h"

namespace moult::gc {

using internal::scan_state;

void Handshake::Ask(int signal, uint64_t now) {
  ThreadRegistry::Get().Snapshot(&snapshot_, [&] {
    if (++cycle_ == 0) cycle_ = 1;  // 0 means no question
    asked_at_ = now;
    running_ = true;
    // Relaxed: the release stores below order all three before any handler of this cycle.
    scan_state.table = &table_;
    scan_state.unknown_thread.store(0, std::memory_order_relaxed);
    scan_state.pending.store(static_cast<uint32_t>(snapshot_.size()), std::memory_order_relaxed);
    for (ThreadRecord* record : snapshot_) {
      // Release: pairs with the handler's acquire exchange. What this thread did before (slots stored, `touched` cleared, table
      // frozen) happens before the scan, and so before anything that the thread does after its scan.
      record->asked.store(cycle_, std::memory_order_release);
      SendSignal(*record, signal);
    }
  });
}

void Handshake::SendSignal(ThreadRecord& record, int signal) {
  if (internal::os_calls.signal_thread.load(std::memory_order_relaxed)(record.tid, signal, &scan_state) == 0 ||
      errno != ESRCH) {
    return;
  }
  ThreadRegistry::Get().MarkGone(record);
  internal::AnswerFor(record);
}

bool Handshake::AllAnswered() const { return scan_state.pending.load(std::memory_order_acquire) == 0; }

int Handshake::UnknownThread() const { return scan_state.unknown_thread.load(std::memory_order_relaxed); }

void Handshake::End() {
  ThreadRegistry::Get().Release(&snapshot_);
  running_ = false;
}

std::vector<int> Handshake::Remind(int signal) {
  internal::EnsureScanHandler(signal);
  std::vector<int> silent;
  ThreadRegistry::Get().ForPresent(snapshot_, [&](ThreadRecord& record) {
    if (record.answered.load(std::memory_order_acquire) == cycle_) return;
    SendSignal(record, signal);
    if (!record.left) silent.push_back(record.tid);
  });
  return silent;
}

int Handshake::SilentThread() {
  int tid = 0;
  ThreadRegistry::Get().ForPresent(snapshot_, [&](ThreadRecord& record) {
    if (record.answered.load(std::memory_order_acquire) != cycle_) tid = record.tid;
  });
  return tid;
}

void Handshake::Abandon() {
  snapshot_.clear();
  scan_state.pending.store(0, std::memory_order_relaxed);  // one thread is left
  running_ = false;
}

}  // namespace moult::gc
