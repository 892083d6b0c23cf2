// Choices: bytes as a sequence of decisions, so that a fuzzer of bytes drives a generator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace moult::fuzz {

// When the bytes are used up every choice is 0: a generator whose choice 0 is the simplest comes to an end. Thread-safety: none.
class Choices {
 public:
  explicit Choices(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // 0 .. n - 1. REQUIRES: 0 < n <= 65536.
  size_t Below(size_t n) {
    size_t choice = Byte();
    if (n > 256) choice = choice << 8 | Byte();
    return choice % n;
  }
  // False when the bytes are used up.
  bool Chance(size_t percent) { return Below(100) >= 100 - percent; }
  bool done() const { return bytes_.empty(); }
  size_t left() const { return bytes_.size(); }

  template <class Items>
  const auto& Of(const Items& items) {
    return items[Below(std::size(items))];
  }

 private:
  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }

  std::span<const uint8_t> bytes_;
};

}  // namespace moult::fuzz
