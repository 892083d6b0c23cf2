// Heap: the process's collected heap of versions, and the one thread that runs it.
//
//   gc::VersionSpec spec;
//   spec.number = 7;
//   spec.blocks.push_back({code_bytes});
//   Result<gc::Pin, Error> version = gc::Heap::Create(std::move(spec));
//   slot.Publish(*version);
//
// All of bdwgc is behind this header: no other layer includes <gc/...>. The heap and its thread start at the first use and
// live as long as the process; there is one of each.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "gc/events.h"
#include "gc/pin.h"
#include "moult/result.h"

namespace moult::gc {

struct HeapOptions {
  int signal = 0;                          // 0: SIGURG (SIGSYS under TSan)
  bool unblock_signal = true;              // in each thread, at its registration
  uint64_t max_live_versions = 4096;       // at the limit Create fails at once, naming the holder or the silent thread
  std::chrono::milliseconds silent_after{100};   // a thread that has not answered for so long is reported, once a cycle
  std::chrono::milliseconds backoff_first{10};   // between cycles while superseded versions remain
  std::chrono::milliseconds backoff_last{1000};
  bool automatic = true;                   // collect after publishes; tests turn it off and call Collect
};

// Code to seal: 1 byte to 1 GiB, position-independent, complete. It finds the code address of callee i in the word at
// `its own code - 8 * (i + 1)`.
struct BlockSpec {
  std::span<const std::byte> code;         // copied; need not outlive the call
  std::vector<uint32_t> callees;           // earlier blocks of the same spec that this one must keep alive
};

// An object that belongs to the version: destroyed on the heap thread after the last version that holds it was found dead.
struct ForeignSpec {
  void* object = nullptr;
  void (*destroy)(void*) noexcept = nullptr;
  size_t bytes = 0;                        // for counters
};
// Shares foreign resource `index` of a version that the caller has pinned.
struct SharedForeign {
  const Pin* base = nullptr;
  size_t index = 0;
};

struct VersionSpec {
  uint64_t number = 0;                     // the caller's; never an address
  std::vector<BlockSpec> blocks;
  std::vector<std::variant<ForeignSpec, SharedForeign>> foreigns;
};

struct CollectResult {
  bool verdict = false;                    // every thread answered in time
  uint64_t reclaimed = 0;                  // versions
  int silent_thread = 0;                   // tid of one that did not answer, when there is no verdict
};

class Heap {
 public:
  // Takes effect only before the heap's first use; afterwards an error. Without a call, the defaults hold.
  static Status Configure(const HeapOptions& options);

  // Installs the blocks (equal content shares a block), builds the record, and returns it pinned and unpublished. On failure
  // nothing is left behind; foreign objects not shared are destroyed in every case of failure. Errors: out of memory, mprotect
  // refused, the limit of live versions.
  static Result<Pin, Error> Create(VersionSpec spec);

  // Runs a whole cycle that begins after the call and waits for it, at most `timeout`. Callable from anywhere but the heap
  // thread and observers, from inside Enter too: the caller's own stack is scanned by its signal handler.
  static CollectResult Collect(std::chrono::milliseconds timeout = std::chrono::seconds(10));

  static Counters counters();
  static std::vector<LiveVersion> LiveVersions();

  // Added and removed on the heap thread; after Remove has returned the observer is not called again.
  static void AddObserver(Observer* observer);
  static void RemoveObserver(Observer* observer);
};

}  // namespace moult::gc
