// Peers of liburcu. Its read-side functions are inlined, as its documentation advises for speed.

#define _LGPL_SOURCE 1
#define URCU_INLINE_SMALL_FUNCTIONS 1
#include <urcu/urcu-bp.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>

#include "bench/enter.h"

namespace moult::bench {
namespace {

// What the flavours share: an RCU-protected pointer, freed after a grace period.
class Rcu {
 public:
  Rcu() : current_(NewPeerVersion()) {}

 protected:
  int64_t CallCurrent(int64_t x) {
    const PeerVersion* version = rcu_dereference(current_);
    return version->function(version, x);
  }
  PeerVersion* Exchange() { return rcu_xchg_pointer(&current_, NewPeerVersion()); }

 private:
  PeerVersion* current_;
};

class Memb : public Rcu {
 public:
  void Register() { urcu_memb_register_thread(); }
  void Unregister() { urcu_memb_unregister_thread(); }
  int64_t Call(int64_t x) {
    urcu_memb_read_lock();
    const int64_t result = CallCurrent(x);
    urcu_memb_read_unlock();
    return result;
  }
  void Swap() {
    PeerVersion* old = Exchange();
    urcu_memb_synchronize_rcu();
    FreePeerVersion(old);
  }
};

class Bp : public Rcu {
 public:
  void Register() {}
  void Unregister() {}
  int64_t Call(int64_t x) {
    urcu_bp_read_lock();
    const int64_t result = CallCurrent(x);
    urcu_bp_read_unlock();
    return result;
  }
  void Swap() {
    PeerVersion* old = Exchange();
    urcu_bp_synchronize_rcu();
    FreePeerVersion(old);
  }
};

// A quiescent state after every call, as a server has one after every request.
class Qsbr : public Rcu {
 public:
  void Register() { urcu_qsbr_register_thread(); }
  void Unregister() { urcu_qsbr_unregister_thread(); }
  int64_t Call(int64_t x) {
    const int64_t result = CallCurrent(x);
    urcu_qsbr_quiescent_state();
    return result;
  }
  void Swap() {
    PeerVersion* old = Exchange();
    urcu_qsbr_synchronize_rcu();
    FreePeerVersion(old);
  }
};

}  // namespace

EnterResult EnterUrcuMemb(const EnterPoint& point) { return MeasureEnter<Memb>(point); }
EnterResult EnterUrcuBp(const EnterPoint& point) { return MeasureEnter<Bp>(point); }
EnterResult EnterUrcuQsbr(const EnterPoint& point) { return MeasureEnter<Qsbr>(point); }

}  // namespace moult::bench
