// What the heap tells: events as they happen, counters when asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moult::gc {

class Slot;

struct Event {
  enum class Kind : uint8_t { kPublished, kSuperseded, kReclaimed, kSilentThread };
  Kind kind;
  const Slot* slot = nullptr;      // kPublished, kSuperseded: where; kReclaimed: where it was last. For comparison only
  uint64_t version = 0;            // not for kSilentThread
  uint64_t code_bytes = 0;         // memory in whole pages. kPublished: of all its blocks; kReclaimed: of those that went with it
  uint64_t nanoseconds = 0;        // kReclaimed: since it was superseded; kSilentThread: since it was asked
  int thread = 0;                  // kSilentThread: its tid
};

// Called on the heap thread, in order. May only queue: must not block, call back into the heap, or throw.
class Observer {
 public:
  virtual void OnEvent(const Event& event) noexcept = 0;

 protected:
  ~Observer() = default;
};

// Totals since the process started, and the present. Times in nanoseconds.
struct Counters {
  uint64_t published = 0;
  uint64_t superseded = 0;
  uint64_t reclaimed = 0;
  uint64_t live_versions = 0;      // made and not reclaimed
  uint64_t live_blocks = 0;
  uint64_t live_code_bytes = 0;
  uint64_t cycles = 0;             // begun
  uint64_t verdicts = 0;           // cycles that came to a verdict
  uint64_t threads = 0;            // registered now
  uint64_t scans = 0;              // stacks scanned
  uint64_t scan_ns_total = 0;      // in the signal handler, entry to exit
  uint64_t scan_ns_max = 0;
  uint64_t reclaim_ns_total = 0;   // from superseded to free
  uint64_t reclaim_ns_max = 0;
};

// Where a scan saw a reference.
struct Place {
  enum class Kind : uint8_t { kNowhere = 0, kStack = 1, kGeneralRegister = 2, kVectorRegister = 3 };
  Kind kind = Kind::kNowhere;
  int thread = 0;       // tid
  uint32_t detail = 0;  // kStack: words from the stack's base down to it. kGeneralRegister: its index in ucontext's gregs
};

// A version that is alive, for `moult run` and WhyAlive.
struct LiveVersion {
  uint64_t version = 0;
  bool current = false;
  uint64_t code_bytes = 0;
  uint32_t pins = 0;
  uint64_t superseded_ns_ago = 0;  // 0 while current; since it was made when it was never published
  uint64_t last_seen_ns_ago = 0;   // since a scan last saw it; 0 when none has
  int last_seen_thread = 0;        // tid
  Place last_seen;
};

}  // namespace moult::gc
