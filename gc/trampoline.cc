// The two functions that keep a version alive while it is used (INVARIANT(frame-roots)).
#include "gc/slot.h"

// Not instrumented by AddressSanitizer: it could move the word to a fake stack, which no scan covers.
#define MOULT_TRAMPOLINE __attribute__((noinline, noclone, no_sanitize_address))

namespace moult::gc {

// `root` is volatile: the store before the call and the store after it both happen, to one word of this frame, and the call
// between them cannot become a jump. The second store also takes the word away, so that a later frame which comes to lie over
// it does not keep the version alive.

MOULT_TRAMPOLINE void EnterSlot(const Slot& slot, EnterFunction function, void* argument) {
  EnsureRegistered();
  const Version* version = slot.LoadDangerously();
  [[maybe_unused]] const Version* volatile root = version;
  function(version, argument);
  root = nullptr;
}

MOULT_TRAMPOLINE void EnterVersion(const Version* version, EnterFunction function, void* argument) {
  EnsureRegistered();
  [[maybe_unused]] const Version* volatile root = version;
  function(version, argument);
  root = nullptr;
}

}  // namespace moult::gc
