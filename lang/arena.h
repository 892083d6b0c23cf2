// Arena: the scratch memory of one request. Strings that a policy computes live here until the next request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace moult::lang {

// A bump allocator with a limit. Keeps its chunks across Reset, so that a warm arena allocates nothing from malloc.
// Thread-safety: none; one thread at a time.
class Arena {
 public:
  static constexpr size_t kDefaultLimit = 16u << 20;

  explicit Arena(size_t limit = kDefaultLimit) : limit_(limit) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `size` bytes aligned to 16, or null when the limit would be passed. Valid until Reset.
  void* Allocate(size_t size);
  // A copy of `text`; a view with a null data() when the limit would be passed.
  std::string_view Copy(std::string_view text);
  void Reset();
  size_t used() const { return used_; }
  size_t limit() const { return limit_; }

 private:
  struct Chunk {
    std::unique_ptr<std::byte[]> data;
    size_t size = 0;
  };
  std::vector<Chunk> chunks_;
  size_t chunk_ = 0;     // the one in use
  size_t offset_ = 0;    // within it
  size_t used_ = 0;      // over all chunks since Reset
  size_t limit_;
};

}  // namespace moult::lang
