// Handshake: one cycle's questions to the threads, and their answers.
#pragma once

#include <cstdint>
#include <vector>

#include "gc/scan_table.h"
#include "gc/thread_registry.h"

namespace moult::gc {

// The heap thread's. Never waits: Ask returns when the signals are sent, and the last answer wakes the heap thread.
class Handshake {
 public:
  // The table may be changed only while no cycle runs.
  ScanTable& table() { return table_; }

  // Snapshots the threads and asks each. REQUIRES: the table is frozen and the candidates' `touched` flags are cleared, in that
  // order before the snapshot (INVARIANT(clear-then-snapshot)). Throws std::bad_alloc before any thread is asked.
  void Ask(int signal, uint64_t now);
  bool running() const { return running_; }
  // INVARIANT(all-answered): until this is true there is no verdict.
  bool AllAnswered() const;
  // After all have answered: the tid of one that could not scan its stack, or 0.
  int UnknownThread() const;
  void End();

  // Asks those again that have not answered: a signal may have met another handler, or a thread may have ended without leaving.
  // Returns their tids.
  std::vector<int> Remind(int signal);
  // The tid of one that has not answered, or 0.
  int SilentThread();
  uint64_t asked_at() const { return asked_at_; }

  // In a forked child: nobody is left to answer.
  void Abandon();

 private:
  void SendSignal(ThreadRecord& record, int signal);

  ScanTable table_;
  std::vector<ThreadRecord*> snapshot_;
  uint32_t cycle_ = 0;
  uint64_t asked_at_ = 0;
  bool running_ = false;
};

}  // namespace moult::gc
