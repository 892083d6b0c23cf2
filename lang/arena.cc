#include "lang/arena.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define MOULT_POISON(data, size) __asan_poison_memory_region(data, size)
#define MOULT_UNPOISON(data, size) __asan_unpoison_memory_region(data, size)
#else
#define MOULT_POISON(data, size) static_cast<void>(0)
#define MOULT_UNPOISON(data, size) static_cast<void>(0)
#endif

namespace moult::lang {
namespace {

constexpr size_t kAlignment = 16;
constexpr size_t kFirstChunk = 4u << 10;
constexpr size_t kLargestStep = 1u << 20;  // chunks double in size up to this

}  // namespace

struct alignas(kAlignment) Arena::Chunk {
  Chunk* previous;
  size_t size;
  std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
};

Arena::~Arena() { FreeChunks(); }

void* Arena::Allocate(size_t size) noexcept {
  if (size > limit_) return nullptr;  // so that rounding up cannot overflow
  const size_t rounded = std::max((size + kAlignment - 1) & ~(kAlignment - 1), kAlignment);
  if (rounded > limit_ - used_) return nullptr;
  if (current_ == nullptr || rounded > current_->size - offset_) {
    if (!AddChunk(rounded)) return nullptr;
  }
  std::byte* memory = current_->data() + offset_;
  MOULT_UNPOISON(memory, size);
  offset_ += rounded;
  used_ += rounded;
  return memory;
}

bool Arena::AddChunk(size_t size) noexcept {
  const size_t chunk_size = std::max({size, next_size_, kFirstChunk});
  void* memory = std::malloc(sizeof(Chunk) + chunk_size);
  if (memory == nullptr) return false;
  current_ = new (memory) Chunk{current_, chunk_size};
  offset_ = 0;
  next_size_ = std::min(chunk_size * 2, kLargestStep);
  MOULT_POISON(current_->data(), chunk_size);
  return true;
}

void Arena::FreeChunks() noexcept {
  while (current_ != nullptr) {
    MOULT_UNPOISON(current_->data(), current_->size);
    std::free(std::exchange(current_, current_->previous));
  }
}

std::string_view Arena::Copy(std::string_view text) noexcept {
  char* memory = static_cast<char*>(Allocate(text.size()));
  if (memory == nullptr) return {};
  if (!text.empty()) std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

void Arena::Reset() noexcept {
  held_.clear();
  if (current_ != nullptr && current_->previous != nullptr) {
    // One chunk for all of it next time, so that chunks of odd sizes do not pile up.
    next_size_ = 0;
    for (const Chunk* chunk = current_; chunk != nullptr; chunk = chunk->previous) next_size_ += chunk->size;
    FreeChunks();
  } else if (current_ != nullptr) {
    MOULT_POISON(current_->data(), current_->size);
  }
  offset_ = 0;
  used_ = 0;
}

}  // namespace moult::lang
