// Mutator: inputs made of other inputs.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace moult::fuzz {

// Changes bytes, words, numbers and lines, and mixes inputs. The same seed and calls give the same results.
// Thread-safety: none.
class Mutator {
 public:
  Mutator(uint64_t seed, size_t longest) : random_(seed), longest_(longest) {}

  // A changed copy of one of `corpus`, at most `longest` bytes. From an empty corpus: random bytes.
  std::string Next(const std::vector<std::string>& corpus);

 private:
  void Change(std::string& input, const std::vector<std::string>& corpus);
  void ChangeByte(std::string& input);
  void ChangeNumber(std::string& input);
  void Erase(std::string& input);
  void Repeat(std::string& input);
  void Splice(std::string& input, std::string_view other);
  void SpliceWord(std::string& input, std::string_view other);
  void SpliceLine(std::string& input, std::string_view other);
  std::string Bytes(size_t size);
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }

  std::mt19937_64 random_;
  size_t longest_;
};

}  // namespace moult::fuzz
