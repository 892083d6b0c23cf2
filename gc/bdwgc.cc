#include "gc/bdwgc.h"

#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_disclaim.h>
#include <gc/gc_mark.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

namespace moult::gc::internal {
namespace {

// Hides the variables that start with GC_ while it exists. The environment of the host is not touched in the usual case, when
// there are none: changing it is not safe against getenv in other threads.
class HiddenEnvironment {
 public:
  HiddenEnvironment() {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const char* equals = strchr(*entry, '=');
      if (equals == nullptr || strncmp(*entry, "GC_", 3) != 0) continue;
      hidden_.emplace_back(std::string(*entry, static_cast<size_t>(equals - *entry)), std::string(equals + 1));
    }
    for (const auto& [name, value] : hidden_) unsetenv(name.c_str());
  }
  ~HiddenEnvironment() {
    for (const auto& [name, value] : hidden_) setenv(name.c_str(), value.c_str(), 0);
  }
  HiddenEnvironment(const HiddenEnvironment&) = delete;
  HiddenEnvironment& operator=(const HiddenEnvironment&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> hidden_;
};

bool started = false;
DisclaimFunction disclaim_function = nullptr;

GC_stack_base heap_thread_base;

// While bdwgc marks, its own frames hold addresses of pages that it has just swept. Such a word keeps the object at the start of
// the page, the same one in collection after collection (ran: one dead version of 120 lived on, always the first of its page).
// So none of ours is put there; the memory passed over is garbage. A large object has a page to itself and must take what comes.
void* AllocateNotAtPageStart(void* (*allocate)(size_t), size_t bytes) {
  constexpr uintptr_t kPage = 4096;
  for (;;) {
    void* memory = allocate(bytes);
    if (memory == nullptr || bytes > kPage / 4 || reinterpret_cast<uintptr_t>(memory) % kPage != 0) return memory;
  }
}

void SetStackBottom(GC_stack_base* base) {
  GC_call_with_alloc_lock(
      [](void* b) -> void* {
        GC_set_stackbottom(nullptr, static_cast<GC_stack_base*>(b));
        return nullptr;
      },
      base);
}

// Between jobs the heap thread's frames hold nothing that must stay: every root is in a table. What they do hold is stale words
// (ran: one dead version of 150 outlived its collection by one), so bdwgc is told that the stack begins here.
__attribute__((noinline)) void CollectFromHere() {
  GC_stack_base here = heap_thread_base;
  here.mem_base = __builtin_frame_address(0);
  SetStackBottom(&here);
  GC_gcollect();
  SetStackBottom(&heap_thread_base);
}

int Disclaim(void* object) { return disclaim_function(object, GC_size(object)) ? 0 : 1; }

}  // namespace

Status StartBdwgc() {
  GC_stack_base base;
  GC_get_stack_base(&base);
  heap_thread_base = base;
  if (started) {
    if (GC_register_my_thread(&base) == GC_SUCCESS) return {};
    return Error{"E-heap", "the collector refused the new heap thread of a forked process"};
  }
  HiddenEnvironment hidden;
  // By BeforeFork and its partners, when the heap thread is idle. With 1 or -1 bdwgc registers handlers of its own, which take its
  // lock before ours wait for the heap thread: a deadlock (ran).
  GC_set_handle_fork(0);
  GC_set_no_dls(1);                          // no static data is a root
  GC_set_markers_count(1);                   // for small heaps one marker is faster
  GC_set_finalize_on_demand(1);
  GC_set_java_finalization(0);               // a dead version must not keep its blocks for one collection more
  GC_set_all_interior_pointers(1);           // code addresses point into blocks
  GC_set_disable_automatic_collection(1);
  GC_set_warn_proc(GC_ignore_warn_proc);
  GC_set_stackbottom(nullptr, &base);        // else it takes the main thread's
  GC_init();
  if (GC_is_incremental_mode() || GC_get_find_leak()) {
    return Error{"E-heap", "bdwgc was started by another part of the process in a mode that breaks sealed code"};
  }
  GC_set_disable_automatic_collection(1);
  GC_allow_register_threads();               // without it a forked child aborts
  started = true;
  return {};
}

int MakeCodeKind(DisclaimFunction disclaim) {
  disclaim_function = disclaim;
  static_assert(GC_DS_LENGTH == 0, "CodeDescriptor leaves the tag out");
  int kind = static_cast<int>(GC_new_kind(GC_new_free_list(), 8 | GC_DS_PER_OBJECT, 0, 1));
  GC_register_disclaim_proc(kind, Disclaim, 0);  // before the first allocation of the kind
  return kind;
}

void* AllocateOfKind(size_t bytes, int kind) { return GC_generic_malloc(bytes, kind); }
void* AllocateTraced(size_t bytes) { return AllocateNotAtPageStart(GC_malloc, bytes); }
void* AllocateUntraced(size_t bytes) {
  void* memory = AllocateNotAtPageStart(GC_malloc_atomic, bytes);
  if (memory != nullptr) memset(memory, 0, bytes);
  return memory;
}
void* AllocateRoot(size_t bytes) { return GC_malloc_uncollectable(bytes); }
void FreeRoot(void* root) { GC_free(root); }

bool SetFinalizer(void* object, Finalizer finalizer, void* data) {
  // bdwgc leaves these unchanged when it has no memory for the entry.
  GC_finalization_proc old_finalizer = [](void*, void*) {};
  const GC_finalization_proc sentinel = old_finalizer;
  void* old_data = nullptr;
  GC_register_finalizer_no_order(object, finalizer, data, &old_finalizer, &old_data);
  return finalizer == nullptr || old_finalizer != sentinel;
}

void RunFinalizers() { GC_invoke_finalizers(); }

void CollectGarbage(bool give_back) {
  GC_set_force_unmap_on_gcollect(give_back ? 1 : 0);
  // Zeroes the registers that calls preserve: this function saves its caller's in its own frame, above the one that bdwgc is
  // told to begin with.
  asm volatile(
      "xorl %%ebx, %%ebx\n xorl %%r12d, %%r12d\n xorl %%r13d, %%r13d\n xorl %%r14d, %%r14d\n xorl %%r15d, %%r15d\n"
      :
      :
      : "rbx", "r12", "r13", "r14", "r15", "cc");
  CollectFromHere();
}

// GC_atfork_prepare would initialise bdwgc on the forking thread.
void BeforeFork() {
  if (started) GC_atfork_prepare();
}
void AfterForkInParent() {
  if (started) GC_atfork_parent();
}
void AfterForkInChild() {
  if (started) GC_atfork_child();
}

}  // namespace moult::gc::internal
