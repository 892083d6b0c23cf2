#include "gc/settings.h"

#include <fmt/format.h>
#include <signal.h>

#include <mutex>

#include "gc/scan.h"

namespace moult::gc::internal {
namespace {

// ThreadSanitizer delivers other signals late, and never to a loop without calls; SIGSYS it takes for synchronous.
#ifdef __SANITIZE_THREAD__
constexpr int kDefaultSignal = SIGSYS;
#else
constexpr int kDefaultSignal = SIGURG;
#endif

struct Settings {
  std::mutex mutex;
  HeapOptions options;
  bool frozen = false;
};

Settings& TheSettings() {
  static Settings& settings = *new Settings;
  return settings;
}

bool CanBeHandled(int signal) {
  if (signal == 0) return true;
  const bool synchronous = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP;
  return signal > 0 && signal <= SIGRTMAX && signal != SIGKILL && signal != SIGSTOP && !synchronous &&
         (signal < 32 || signal >= SIGRTMIN);
}

const HeapOptions& Freeze() {
  Settings& settings = TheSettings();
  std::lock_guard lock(settings.mutex);
  settings.frozen = true;
  if (settings.options.signal == 0) settings.options.signal = kDefaultSignal;
  EnsureScanHandler(settings.options.signal);
  return settings.options;
}

}  // namespace

Status SetOptions(const HeapOptions& options) {
  if (!CanBeHandled(options.signal)) {
    return Error{"E-heap-option", fmt::format("signal {} cannot be used to ask threads", options.signal)};
  }
  if (options.max_live_versions == 0) return Error{"E-heap-option", "max_live_versions must be at least 1"};
  using std::chrono::milliseconds;
  constexpr milliseconds kLongest = std::chrono::hours(24);
  for (milliseconds duration : {options.silent_after, options.backoff_first, options.backoff_last}) {
    if (duration < milliseconds(1) || duration > kLongest) {
      return Error{"E-heap-option", "silent_after and the back-off times must be between 1 ms and a day"};
    }
  }
  Settings& settings = TheSettings();
  std::lock_guard lock(settings.mutex);
  if (settings.frozen) return Error{"E-heap-started", "the heap is in use already: configure it first"};
  settings.options = options;
  return {};
}

const HeapOptions& FrozenOptions() {
  static const HeapOptions& options = Freeze();
  return options;
}

}  // namespace moult::gc::internal
