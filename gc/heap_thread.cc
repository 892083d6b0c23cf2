#include "gc/heap_thread.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <new>

#include "gc/bdwgc.h"
#include "gc/os.h"
#include "gc/scan.h"
#include "gc/scrub.h"
#include "gc/settings.h"

namespace moult::gc {
namespace {

// The heap thread needs no scan of its own, since bdwgc scans its stack; the record lets it drop pins.
constinit ThreadRecord heap_thread_record;

int CreateDetachedThread(void* (*main)(void*), void* argument) {
  pthread_attr_t attributes;
  if (int error = pthread_attr_init(&attributes); error != 0) return error;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // Signals of the host are none of the heap thread's business.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, main, argument);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return error;
}

}  // namespace

HeapThread& HeapThread::Get() {
  static HeapThread& thread = *new HeapThread;
  return thread;
}

bool HeapThread::IsCurrentThread() const { return internal::current_thread == &heap_thread_record; }

Status HeapThread::EnsureStarted(std::unique_lock<std::mutex>* lock) {
  if (state_ == State::kStopped) {
    if (collector_ == nullptr) {
      collector_ = std::make_unique<Collector>(internal::FrozenOptions());
      internal::scan_state.heap_thread = &wakeup_;
    }
    state_ = State::kStarting;
    start_error_ = {};
    if (const int error = CreateDetachedThread(Main, this); error != 0) {
      state_ = State::kStopped;
      return Error{"E-heap", fmt::format("cannot start the heap thread: {}", strerror(error))};
    }
  }
  changed_.wait(*lock, [&] { return state_ != State::kStarting; });
  return start_error_;
}

Status HeapThread::Enqueue(Job* job) {
  if (IsCurrentThread()) return Error{"E-heap-thread", "called on the heap thread, from an observer or a destructor"};
  std::unique_lock lock(mutex_);
  if (Status status = EnsureStarted(&lock); !status) return status;
  *last_job_ = job;
  last_job_ = &job->next;
  wakeup_.Signal();
  changed_.wait(lock, [&] { return job->done; });
  return {};
}

CollectResult HeapThread::Collect(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365);
  const auto wait = std::clamp(timeout, std::chrono::milliseconds(0), kLongest);
  // The caller's own stack is scanned while it waits.
  internal::ScrubStack<2 * 1024>();
  CollectRequest request;
  request.deadline = internal::NowNs() + static_cast<uint64_t>(std::chrono::nanoseconds(wait).count());
  if (!Call([&](Collector& collector) { collector.Request(&request); })) return {};
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return request.done; });
  return request.result;
}

void HeapThread::NoteUnpin() noexcept {
  collector_->NoteUnpin();  // there are pins, so there is a collector
  wakeup_.Signal();
}

Status HeapThread::Start() {
  pthread_setname_np(pthread_self(), "moult-heap");
  internal::current_thread = &heap_thread_record;
  static bool first = true;
  if (Status status = internal::StartBdwgc(); !status) return status;
  internal::RegisterForSerializeCores();
  if (std::exchange(first, false)) CodeHeap::Get().Start();
  return {};
}

void* HeapThread::Main(void* argument) {
  auto* self = static_cast<HeapThread*>(argument);
  {
    std::lock_guard working(self->working_);
    const Status status = self->Start();
    std::lock_guard lock(self->mutex_);
    self->start_error_ = status;
    self->state_ = status.ok() ? State::kRunning : State::kStopped;
    self->changed_.notify_all();
    if (!status) return nullptr;
  }
  self->Loop();
}

void HeapThread::Loop() {
  for (;;) {
    uint64_t deadline = 0;
    {
      std::lock_guard working(working_);
      RunJobs();
      if (StepCollector()) {
        // From this frame, which has never held a heap pointer, and over a clean stack.
        internal::ScrubStack<64 * 1024>();
        internal::CollectGarbage(collector_->Calm());
        FinishCollection();
      }
      HandBackRequests();
      deadline = collector_->NextDeadline();
    }
    wakeup_.WaitUntil(deadline);
  }
}

__attribute__((noinline)) void HeapThread::RunJobs() {
  std::unique_lock lock(mutex_);
  Job* job = std::exchange(first_job_, nullptr);
  last_job_ = &first_job_;
  while (job != nullptr) {
    lock.unlock();
    job->run(job->function, *collector_);
    lock.lock();
    Job* next = job->next;  // the job goes with its caller's frame when it is done
    job->done = true;
    changed_.notify_all();
    job = next;
  }
}

// Without memory a cycle is put off, not given up: Begin sets the time of the next try before it allocates.
__attribute__((noinline)) bool HeapThread::StepCollector() try {
  return collector_->Step();
} catch (const std::bad_alloc&) {
  return false;
}

__attribute__((noinline)) void HeapThread::FinishCollection() try {
  collector_->AfterCollection();
} catch (const std::bad_alloc&) {
}

void HeapThread::HandBackRequests() {
  const auto finished = collector_->TakeFinished();
  if (finished.empty()) return;
  std::lock_guard lock(mutex_);
  for (CollectRequest* request : finished) request->done = true;
  changed_.notify_all();
}

// Fork. The parent goes on as before. The child has one thread and no heap thread; all that the heap thread guards is in order,
// since it was idle. The child's first use starts a new one.

namespace {

// Whether BeforeFork has run for the fork that this thread is in. Not so for a fork by the heap thread, from a destructor or an
// observer, which is forbidden, nor for one that was under way when the handlers were registered.
constinit thread_local bool prepared_to_fork = false;

}  // namespace

// When the program is loaded, before there are threads: a fork must not find the handlers registered half-way.
const int HeapThread::fork_handlers_ = pthread_atfork(BeforeFork, AfterForkInParent, AfterForkInChild);

void HeapThread::BeforeFork() {
  HeapThread& self = Get();
  if (self.IsCurrentThread()) return;
  prepared_to_fork = true;
  self.working_.lock();
  self.mutex_.lock();
  ThreadRegistry::Get().LockForFork();
  internal::BeforeFork();
}

void HeapThread::AfterForkInParent() {
  if (!std::exchange(prepared_to_fork, false)) return;
  internal::AfterForkInParent();
  ThreadRegistry::Get().UnlockInParent();
  HeapThread& self = Get();
  self.mutex_.unlock();
  self.working_.unlock();
}

void HeapThread::AfterForkInChild() {
  if (!std::exchange(prepared_to_fork, false)) return;
  internal::AfterForkInChild();
  ThreadRegistry::Get().UnlockInChild();
  HeapThread& self = Get();
  self.state_ = State::kStopped;
  self.first_job_ = nullptr;
  self.last_job_ = &self.first_job_;
  new (&self.changed_) std::condition_variable;  // its waiters are not in this process
  if (self.collector_ != nullptr) self.collector_->AfterForkInChild();
  self.mutex_.unlock();
  self.working_.unlock();
}

}  // namespace moult::gc
