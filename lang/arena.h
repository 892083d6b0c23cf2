// Arena: the scratch memory of one request. Strings that a policy computes live here until the next request.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace moult::lang {

// A bump allocator with a limit. Keeps its memory across Reset, as one chunk of the size that the largest request so
// far needed: a warm arena allocates nothing from malloc. Under AddressSanitizer memory that was not handed out since
// Reset is poisoned: a view kept across requests is reported. Thread-safety: none; one thread at a time.
class Arena {
 public:
  static constexpr size_t kDefaultLimit = 16u << 20;
  static constexpr size_t kLargestLimit = size_t{1} << 36;  // a larger one is taken for this

  explicit Arena(size_t limit = kDefaultLimit) : limit_(limit < kLargestLimit ? limit : kLargestLimit) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `size` bytes aligned to 16, or null when the limit would be passed or the process is out of memory. Valid until
  // Reset. Whether the limit is passed depends only on the sizes asked for since Reset, not on how they fell into
  // chunks.
  void* Allocate(size_t size) noexcept;
  // A copy of `text`; a view with a null data() when the limit would be passed.
  std::string_view Copy(std::string_view text) noexcept;
  // Keeps `object` alive until Reset.
  void Hold(std::shared_ptr<const void> object) { held_.push_back(std::move(object)); }
  void Reset() noexcept;
  size_t used() const { return used_; }  // bytes handed out since Reset, each allocation rounded up to 16
  size_t limit() const { return limit_; }

 private:
  struct Chunk;  // a malloc block: this header, then its memory

  bool AddChunk(size_t size) noexcept;  // with room for `size`; false when malloc fails
  void FreeChunks() noexcept;

  Chunk* current_ = nullptr;  // allocations come from here; those before it are full
  size_t offset_ = 0;         // within `current_`
  size_t used_ = 0;
  size_t next_size_ = 0;  // of the next chunk, at least
  size_t limit_;
  std::vector<std::shared_ptr<const void>> held_;
};

}  // namespace moult::lang
