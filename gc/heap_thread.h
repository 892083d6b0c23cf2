// HeapThread: the one thread that allocates, installs, publishes and collects, and the queue of jobs for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "gc/collector.h"
#include "gc/wakeup.h"
#include "moult/result.h"

namespace moult::gc {

// Starts at the first call and lives as long as the process (INVARIANT(heap-thread)).
class HeapThread {
 public:
  static HeapThread& Get();

  // Runs `job(Collector&)` on the heap thread and waits for it. Any thread but the heap thread itself, for which it is an error,
  // as when the heap thread cannot be started. The job does not wait for other threads, so neither does the caller for long.
  template <class F>
  Status Call(F&& job) {
    Job queued;
    queued.run = [](void* function, Collector& collector) { (*static_cast<std::remove_reference_t<F>*>(function))(collector); };
    queued.function = &job;
    return Enqueue(&queued);
  }

  CollectResult Collect(std::chrono::milliseconds timeout);

  // A superseded version lost its last pin. Any thread, the heap thread too; does not wait.
  void NoteUnpin() noexcept;
  bool IsCurrentThread() const;
  // For a job that comes from the heap thread itself, from the destruction of a foreign resource. REQUIRES: IsCurrentThread().
  Collector& collector() { return *collector_; }

 private:
  struct Job {
    void (*run)(void* function, Collector& collector) = nullptr;
    void* function = nullptr;
    Job* next = nullptr;
    bool done = false;
  };
  enum class State { kStopped, kStarting, kRunning };

  HeapThread() = default;
  Status Enqueue(Job* job);
  Status EnsureStarted(std::unique_lock<std::mutex>* lock);
  static void* Main(void* self);
  Status Start();
  [[noreturn]] void Loop();
  void RunJobs();
  bool StepCollector();
  void FinishCollection();
  void HandBackRequests();

  static const int fork_handlers_;
  static void BeforeFork();
  static void AfterForkInParent();
  static void AfterForkInChild();

  // Held by the heap thread while it is at work, so fork waits until it is idle. Taken before mutex_.
  std::mutex working_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  State state_ = State::kStopped;
  Status start_error_;
  Job* first_job_ = nullptr;
  Job** last_job_ = &first_job_;

  internal::Wakeup wakeup_;
  std::unique_ptr<Collector> collector_;  // the heap thread's, but for NoteUnpin; made before it runs, never destroyed
};

}  // namespace moult::gc
