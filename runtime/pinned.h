// The gc::Pin inside a public Pinned.
#pragma once

#include "gc/pin.h"
#include "moult/engine.h"

namespace moult::runtime {

struct PinnedAccess {
  static const gc::Pin& pin(const Pinned& pinned);
  static Pinned Make(gc::Pin pin);
};

}  // namespace moult::runtime
