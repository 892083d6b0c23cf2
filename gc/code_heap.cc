#include "gc/code_heap.h"

#include <fmt/format.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

#include "gc/bdwgc.h"
#include "gc/os.h"

namespace moult::gc {
namespace {

using internal::os_calls;

constexpr size_t kPage = 4096;
constexpr size_t kCodeAlignment = 64;
constexpr size_t kLargestCode = size_t{1} << 30;
constexpr int kInt3 = 0xcc;

size_t CodeOffset(size_t callees) {
  const size_t prefix = (2 + callees) * sizeof(void*);
  return (prefix + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment;
}

// At least one byte of padding follows the code, so the return address of a call that ends it lies in the block; the last byte
// of the last page is bdwgc's, which would else add a page.
size_t BlockBytes(size_t offset, size_t code) { return (offset + code + 2 + kPage - 1) / kPage * kPage; }

size_t KeyOf(std::span<const std::byte> code, std::span<const void* const> callees) {
  auto hash = [](const void* data, size_t bytes) {
    return std::hash<std::string_view>()(std::string_view(static_cast<const char*>(data), bytes));
  };
  return hash(code.data(), code.size()) * 31 + hash(callees.data(), callees.size_bytes());
}

const void* CodeAt(uintptr_t base, const BlockInfo& info) { return reinterpret_cast<const void*>(base + info.code_offset); }

void WriteBlock(char* base, const BlockInfo& info, std::span<const std::byte> code, std::span<const void* const> callees) {
  char* code_start = base + info.code_offset;
  auto* last_callee = reinterpret_cast<const void**>(code_start) - callees.size();
  std::reverse_copy(callees.begin(), callees.end(), last_callee);
  memcpy(code_start, code.data(), code.size());
  char* end = base + info.bytes - 1;
  memset(code_start + code.size(), kInt3, static_cast<size_t>(end - code_start) - code.size());
  // The pointers first, then the word that makes bdwgc trace them.
  reinterpret_cast<uint64_t*>(base)[1] = internal::CodeDescriptor(info.code_offset);
}

}  // namespace

CodeHeap& CodeHeap::Get() {
  static CodeHeap& heap = *new CodeHeap;
  return heap;
}

void CodeHeap::Start() { kind_ = internal::MakeCodeKind(Disclaim); }

const void* CodeHeap::FindEqual(size_t key, std::span<const std::byte> code,
                                std::span<const void* const> callees) const {
  auto [begin, end] = by_key_.equal_range(key);
  for (auto it = begin; it != end; ++it) {
    const BlockInfo& info = blocks_.at(it->second);
    if (info.code_bytes != code.size() || info.callee_count != callees.size()) continue;
    const void* found = CodeAt(it->second, info);
    if (memcmp(found, code.data(), code.size()) != 0) continue;
    const auto* after_callees = static_cast<const void* const*>(found);
    if (std::equal(callees.rbegin(), callees.rend(), after_callees - callees.size())) return found;
  }
  return nullptr;
}

Result<const void*, Error> CodeHeap::Install(std::span<const std::byte> code, std::span<const void* const> callees) {
  if (code.empty() || code.size() > kLargestCode) {
    return Failure(Error{"E-code-size", fmt::format("a code block of {} bytes: must be 1 to {}", code.size(), kLargestCode)});
  }
  const size_t key = KeyOf(code, callees);
  if (const void* shared = FindEqual(key, code, callees)) return shared;

  const size_t offset = CodeOffset(callees.size());
  const BlockInfo info{++last_id_, key, code.size(), offset, callees.size(), BlockBytes(offset, code.size())};
  auto* base = static_cast<char*>(os_calls.allocate_code.load(std::memory_order_relaxed)(info.bytes - 1, kind_));
  if (base == nullptr) {
    return Failure(Error{"E-code-memory", fmt::format("no memory for {} bytes of code", code.size())});
  }
  WriteBlock(base, info, code, callees);
  if (os_calls.protect.load(std::memory_order_relaxed)(base, info.bytes, PROT_READ | PROT_EXEC) != 0) {
    const int error = errno;
    return Failure(Error{"E-code-memory", fmt::format("cannot make {} bytes of code executable with {} blocks alive: {}",
                                                      code.size(), blocks_.size(), strerror(error))});
  }
  const auto address = reinterpret_cast<uintptr_t>(base);
  auto known = blocks_.emplace(address, info).first;
  try {
    by_key_.emplace(key, address);
  } catch (...) {
    blocks_.erase(known);
    throw;
  }
  live_bytes_ += info.bytes;
  must_serialize_ = must_serialize_ || memory_was_code_;
  return CodeAt(address, info);
}

void CodeHeap::FinishInstalling() {
  if (std::exchange(must_serialize_, false)) internal::SerializeCores();
}

const BlockInfo& CodeHeap::InfoOf(const void* code) const {
  return std::prev(blocks_.upper_bound(reinterpret_cast<uintptr_t>(code)))->second;
}

void CodeHeap::Forget(uintptr_t base) noexcept {
  auto known = blocks_.find(base);
  if (known == blocks_.end()) return;  // never finished, or forgotten when it could not be unsealed
  auto [begin, end] = by_key_.equal_range(known->second.key);
  by_key_.erase(std::find_if(begin, end, [&](const auto& entry) { return entry.second == base; }));
  live_bytes_ -= known->second.bytes;
  reclaimed_.insert(blocks_.extract(known));
}

bool CodeHeap::Disclaim(void* block, size_t bytes) noexcept {
  CodeHeap& heap = Get();
  // First, and whatever happens next: a dead block must not be found and shared, since its callees may be gone.
  heap.Forget(reinterpret_cast<uintptr_t>(block));
  if (os_calls.protect.load(std::memory_order_relaxed)(block, bytes, PROT_READ | PROT_WRITE) != 0) return false;
  memset(block, kInt3, bytes);
  heap.memory_was_code_ = true;
  return true;
}

std::unordered_map<uint64_t, uint64_t> CodeHeap::TakeReclaimed() {
  std::unordered_map<uint64_t, uint64_t> taken;
  for (const auto& [base, info] : reclaimed_) taken.emplace(info.id, info.bytes);
  reclaimed_.clear();
  return taken;
}

}  // namespace moult::gc
