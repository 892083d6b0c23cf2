// CodeHeap: sealed blocks of machine code in the collected heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>

#include "moult/result.h"

namespace moult::gc {

// What is known of a block outside its memory.
struct BlockInfo {
  uint64_t id = 0;      // never used again, unlike the address
  size_t key = 0;       // of code and callees
  size_t code_bytes = 0;
  size_t code_offset = 0;
  size_t callee_count = 0;
  size_t bytes = 0;     // of memory: whole pages
};

// A block is whole pages:
//   word 0: zero | word 1: bytes traced | zero pad | pointers to the callees' code, the last one first | code, aligned to 64 | int3
// Everything before the code is traced. The code of callee i is thus found at `code - 8 * (i + 1)`.
// Written while RW, made RX before anyone can reach it (INVARIANT(sealed)), and when a collection finds it dead filled with int3
// and made RW again. Equal blocks are one block: the table of them by content holds no reference, is read in the same step that
// stores the block in a version, and loses a block in the sweep that finds it dead. The heap thread's.
class CodeHeap {
 public:
  // The one instance; bdwgc's disclaim procedure has no argument to find it by.
  static CodeHeap& Get();

  // REQUIRES: bdwgc has started. Once.
  void Start();

  // A sealed block with this content: one that exists, or a new one. Returns the address of its code, which the caller must
  // store where it is traced before anything else is allocated. `callees` are code addresses of live blocks. Errors: no memory,
  // mprotect refused; a half-made block is left to the next collection.
  Result<const void*, Error> Install(std::span<const std::byte> code, std::span<const void* const> callees);
  // To be called after the last Install of a version and before it is published: no core executes what the memory held before.
  void FinishInstalling();

  // Of a live block, by the address of its code.
  const BlockInfo& InfoOf(const void* code) const;

  // Live blocks by the address of their memory. Blocks that are dead but could not be given back are not among them.
  const std::map<uintptr_t, BlockInfo>& blocks() const { return blocks_; }
  uint64_t live_bytes() const { return live_bytes_; }
  // Moves out what collections have given back since the last call: bytes by id.
  std::unordered_map<uint64_t, uint64_t> TakeReclaimed();

 private:
  using KeyTable = std::unordered_multimap<size_t, uintptr_t>;

  static bool Disclaim(void* block, size_t bytes) noexcept;
  void Forget(uintptr_t base) noexcept;
  const void* FindEqual(size_t key, std::span<const std::byte> code, std::span<const void* const> callees) const;

  int kind_ = 0;
  uint64_t last_id_ = 0;
  uint64_t live_bytes_ = 0;
  bool memory_was_code_ = false;       // some block has been given back since the process started
  bool must_serialize_ = false;
  std::map<uintptr_t, BlockInfo> blocks_;
  KeyTable by_key_;
  std::map<uintptr_t, BlockInfo> reclaimed_;  // moved there node by node: disclaim must not allocate
};

}  // namespace moult::gc
