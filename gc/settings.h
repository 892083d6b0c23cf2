// The process's HeapOptions, fixed at the first use of any part of the heap.
#pragma once

#include "gc/heap.h"

namespace moult::gc::internal {

// Checks and stores; an error after the first call of FrozenOptions. Thread-safe.
Status SetOptions(const HeapOptions& options);

// The options, which do not change any more: `signal` is a real signal. The first call installs its handler. Thread-safe.
const HeapOptions& FrozenOptions();

}  // namespace moult::gc::internal
