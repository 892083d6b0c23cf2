// Peers of the standard library: std::atomic<std::shared_ptr>, and a plain acquire load that never frees (the floor).

#include <atomic>
#include <memory>

#include "bench/enter.h"

namespace moult::bench {

int64_t AddConstant(const PeerVersion* version, int64_t x) { return x + version->constant; }

PeerVersion* NewPeerVersion() { return new PeerVersion{AddConstant, 1}; }

void FreePeerVersion(PeerVersion* version) {
  version->constant = kPoison;
  delete version;
}

namespace {

class PlainLoad {
 public:
  void Register() {}
  void Unregister() {}
  int64_t Call(int64_t x) {
    const PeerVersion* version = current_.load(std::memory_order_acquire);  // pairs with Swap
    return version->function(version, x);
  }
  void Swap() { current_.store(NewPeerVersion(), std::memory_order_release); }  // leaks the old one

 private:
  std::atomic<PeerVersion*> current_{NewPeerVersion()};
};

class SharedPtr {
 public:
  void Register() {}
  void Unregister() {}
  int64_t Call(int64_t x) {
    const std::shared_ptr<PeerVersion> version = current_.load(std::memory_order_acquire);  // pairs with Swap
    return version->function(version.get(), x);
  }
  void Swap() {
    current_.store(std::shared_ptr<PeerVersion>(NewPeerVersion(), FreePeerVersion), std::memory_order_release);
  }

 private:
  std::atomic<std::shared_ptr<PeerVersion>> current_{std::shared_ptr<PeerVersion>(NewPeerVersion(), FreePeerVersion)};
};

}  // namespace

EnterResult EnterPlainLoad(const EnterPoint& point) { return MeasureEnter<PlainLoad>(point); }
EnterResult EnterSharedPtr(const EnterPoint& point) { return MeasureEnter<SharedPtr>(point); }

}  // namespace moult::bench
