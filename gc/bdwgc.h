// The one door to bdwgc. Every function here is for the heap thread (INVARIANT(heap-thread)) except the three for fork.
#pragma once

#include <cstddef>
#include <cstdint>

#include "moult/result.h"

namespace moult::gc::internal {

// Starts bdwgc on the calling thread, which becomes the only one it knows; in a child after fork, registers the calling thread
// instead. bdwgc's environment variables are hidden from it: several of them break sealed code (GC_ENABLE_INCREMENTAL
// mprotects live pages, GC_FIND_LEAK disables disclaim).
Status StartBdwgc();

// What the collector asks before it gives a block's memory back; false keeps the block until the next collection. Runs inside
// Collect with bdwgc's lock held: it must not allocate from the heap.
using DisclaimFunction = bool (*)(void* block, size_t bytes) noexcept;
// The kind of code blocks: word 1 of an object says how many bytes from its start are traced. Returns the kind. Call once.
int MakeCodeKind(DisclaimFunction disclaim);
// The value of that word.
constexpr uint64_t CodeDescriptor(size_t traced_bytes) { return traced_bytes; }

// Zeroed memory, or null. Code kind: exactly `pages * 4096 - 1` bytes make whole pages.
void* AllocateOfKind(size_t bytes, int kind);
void* AllocateTraced(size_t bytes);
void* AllocateUntraced(size_t bytes);
// A root: traced and never collected, until FreeRoot.
void* AllocateRoot(size_t bytes);
void FreeRoot(void* root);

using Finalizer = void (*)(void* object, void* data);
// Runs when a collection has found `object` dead, from RunFinalizers, once. What the object refers to may be gone by then: the
// finalizer must not follow it. False when there is no memory for it. A null finalizer removes it.
bool SetFinalizer(void* object, Finalizer finalizer, void* data);
void RunFinalizers();

// Marks and sweeps. Call it from a shallow frame: the frames of the calling thread are scanned conservatively.
// `give_back` returns the memory that is free afterwards to the operating system at once, instead of when it has not been used
// for some collections.
void CollectGarbage(bool give_back);

// To be called around fork by the forking thread while the heap thread is idle.
void BeforeFork();
void AfterForkInParent();
void AfterForkInChild();

}  // namespace moult::gc::internal
