#include "gc/thread_registry.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "gc/scan.h"
#include "gc/settings.h"

namespace moult::gc {
namespace {

struct StackBounds {
  uintptr_t low = 0;
  uintptr_t high = 0;
};

StackBounds OwnStack() {
  pthread_attr_t attributes;
  StackBounds bounds;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;  // then every scan answers "unknown"
  void* low = nullptr;
  size_t size = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    bounds.low = reinterpret_cast<uintptr_t>(low);
    bounds.high = bounds.low + size;
  }
  pthread_attr_destroy(&attributes);
  return bounds;
}

// A pthread key rather than a C++ thread_local: its destructors run after those, and again for a thread that registers anew from
// a destructor. Where no key can be had the collector finds that a thread is gone when it can no longer be signalled.
class ExitHook {
 public:
  ExitHook() : ok_(pthread_key_create(&key_, [](void* record) {
                     ThreadRegistry::Get().Leave(static_cast<ThreadRecord*>(record));
                   }) == 0) {}
  void Arm(ThreadRecord* record) const {
    if (ok_) pthread_setspecific(key_, record);
  }

 private:
  pthread_key_t key_;
  bool ok_;
};

void UnblockSignal(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

namespace internal {

constinit thread_local ThreadRecord* current_thread __attribute__((tls_model("initial-exec"))) = nullptr;

void RegisterThread() {
  const int saved_errno = errno;
  const HeapOptions& options = FrozenOptions();
  ThreadRegistry::Get().Enter();
  if (options.unblock_signal) UnblockSignal(options.signal);
  errno = saved_errno;
}

}  // namespace internal

bool OnOwnStack(const void* address) {
  EnsureRegistered();
  const ThreadRecord& record = *internal::current_thread;
  const auto word = reinterpret_cast<uintptr_t>(address);
  return word >= reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) && word >= record.stack_low &&
         word < record.stack_high;
}

ThreadRegistry& ThreadRegistry::Get() {
  static ThreadRegistry& registry = *new ThreadRegistry;
  return registry;
}

void ThreadRegistry::Enter() {
  static const ExitHook& hook = *new ExitHook;
  auto made = std::make_unique<ThreadRecord>();
  ThreadRecord* record = made.get();
  const StackBounds stack = OwnStack();
  record->stack_low = stack.low;
  record->stack_high = stack.high;
  record->tid = gettid();
  {
    std::lock_guard lock(mutex_);
    // Thread ids are used again: a record with ours belongs to a thread that ended without its exit hook.
    for (auto& other : records_) {
      if (other->tid != record->tid || other->left) continue;
      other->left = true;
      internal::AnswerFor(*other);
    }
    FreeLeft();
    records_.push_back(std::move(made));
    // Before the mutex is released, so before anyone can ask this record.
    internal::current_thread = record;
  }
  hook.Arm(record);
}

void ThreadRegistry::Leave(ThreadRecord* record) {
  std::lock_guard lock(mutex_);
  internal::current_thread = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);  // a handler from here on finds no record
  record->left = true;
  internal::AnswerFor(*record);
}

void ThreadRegistry::Release(std::vector<ThreadRecord*>* snapshot) {
  std::lock_guard lock(mutex_);
  for (ThreadRecord* record : *snapshot) record->in_snapshot = false;
  snapshot->clear();
  FreeLeft();
}

size_t ThreadRegistry::size() {
  std::lock_guard lock(mutex_);
  return static_cast<size_t>(std::count_if(records_.begin(), records_.end(), [](auto& r) { return !r->left; }));
}

void ThreadRegistry::UnlockInChild() {
  for (auto& record : records_) {
    record->left = record.get() != internal::current_thread;
    record->in_snapshot = false;
    record->asked.store(0, std::memory_order_relaxed);  // one thread is left: no ordering needed
  }
  FreeLeft();
  if (internal::current_thread != nullptr) internal::current_thread->tid = gettid();
  mutex_.unlock();
}

void ThreadRegistry::FreeLeft() {
  std::erase_if(records_, [](auto& record) { return record->left && !record->in_snapshot; });
}

}  // namespace moult::gc
