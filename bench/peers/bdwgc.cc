// Peer: plain bdwgc, every thread registered with it, the world stopped for each collection. Runs in a process that has
// no Moult heap, since the two would set up the same library in opposite ways.

#define GC_THREADS 1
#define GC_NO_THREAD_REDIRECTS 1
#include <gc/gc.h>

#include <atomic>

#include "bench/enter.h"
#include "bench/pause.h"

namespace moult::bench {
namespace {

// In the data segment, which plain bdwgc scans: the current version is reachable by this word alone.
std::atomic<PeerVersion*> current{nullptr};

void EnrollThread() {
  GC_stack_base base;
  GC_get_stack_base(&base);
  GC_register_my_thread(&base);
}
void RetireThread() { GC_unregister_my_thread(); }

void StoreFresh() {
  auto* version = static_cast<PeerVersion*>(GC_MALLOC(sizeof(PeerVersion)));
  *version = {AddConstant, 1};
  current.store(version, std::memory_order_release);  // pairs with CallCurrent; the old one is garbage
}

int64_t CallCurrent(int64_t x) {
  const PeerVersion* version = current.load(std::memory_order_acquire);
  return version->function(version, x);
}

void Initialise() {
  GC_INIT();
  GC_allow_register_threads();
  StoreFresh();
}

class Bdwgc {
 public:
  Bdwgc() { Initialise(); }
  void Register() { EnrollThread(); }
  void Unregister() { RetireThread(); }
  int64_t Call(int64_t x) { return CallCurrent(x); }
  void Swap() { StoreFresh(); }
};

}  // namespace

EnterResult EnterBdwgc(const EnterPoint& point) { return MeasureEnter<Bdwgc>(point); }

PauseResult PauseBdwgc(const PausePoint& point) {
  Initialise();
  PauseHooks hooks;
  hooks.signal = GC_get_suspend_signal();
  hooks.enroll = EnrollThread;
  hooks.retire = RetireThread;
  hooks.request = [](int64_t x) { return RequestWork(CallCurrent(x)); };
  hooks.collect = [] {
    StoreFresh();
    GC_gcollect();
  };
  return MeasurePause(point, hooks);
}

}  // namespace moult::bench
