// The signal handler in which each thread scans its own stack, and its side of the handshake.
#pragma once

#include <atomic>
#include <cstdint>

#include "gc/scan_table.h"
#include "gc/thread_registry.h"
#include "gc/wakeup.h"

namespace moult::gc::internal {

// What handlers and the heap thread share. Constant-initialised, so a stray signal finds it in order at any time.
struct ScanState {
  ScanTable* table = nullptr;  // set before the first thread is asked
  Wakeup* heap_thread = nullptr;
  // Answers that the cycle still waits for. Set before any thread is asked. Each answer's fetch_sub (acq_rel, after the
  // sightings) is in the release sequence that the heap thread's acquire load of 0 reads: it sees every sighting.
  std::atomic<uint32_t> pending{0};
  // Tid of a thread that could not scan, since its handler ran on some other stack. Same ordering as a sighting.
  std::atomic<int> unknown_thread{0};
  // Totals; relaxed, for people.
  std::atomic<uint64_t> scans{0};
  std::atomic<uint64_t> scan_ns_total{0};
  std::atomic<uint64_t> scan_ns_max{0};
};
extern constinit ScanState scan_state;

// A handler under ThreadSanitizer may have to leave the question standing; then it is asked again this soon. Else there is no
// reason to ask again before a thread counts as silent.
#if defined(__SANITIZE_THREAD__)
inline constexpr uint64_t kAskAgainNs = 1'000'000;
#else
inline constexpr uint64_t kAskAgainNs = UINT64_MAX;
#endif

// Takes the question off a record and gives the answer for a thread that will not: it has left, or is gone. Nothing when there
// is no question.
void AnswerFor(ThreadRecord& record) noexcept;

// Installs the handler, or puts it back in front of one that the host has installed since; other handlers of the signal are
// chained to, except for the collector's own signals.
void EnsureScanHandler(int signal);

}  // namespace moult::gc::internal
