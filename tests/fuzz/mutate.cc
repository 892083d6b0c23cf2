#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace moult::fuzz {
namespace {

bool IsWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Numbers at the edges of types and limits, and bytes that mean something to lexers and decoders.
constexpr std::string_view kNumbers[] = {"0", "1", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
                                         "18446744073709551616", "1e308", "1e309", "4294967296", "255", "65536", "0x", "1.", ".5"};
constexpr char kBytes[] = {'\0', '\n', '\r', '"', '\'', '\\', '{', '}', '[', ']', '(', ')', ',', ':', '/', '%', '&', '\x7f', '\x80', '\xc3', '\xed', '\xf4', '\xff'};

// The line that position `at` is on, with its newline.
std::string_view LineAt(std::string_view text, size_t at) {
  const size_t before = text.substr(0, at).rfind('\n');
  const size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const size_t end = text.find('\n', at);
  return text.substr(begin, end == std::string_view::npos ? std::string_view::npos : end + 1 - begin);
}

// The word at `at`, or the one byte.
std::string_view WordAt(std::string_view text, size_t at) {
  size_t begin = at, end = at + 1;
  if (!IsWord(text[at])) return text.substr(at, 1);
  while (begin > 0 && IsWord(text[begin - 1])) --begin;
  while (end < text.size() && IsWord(text[end])) ++end;
  return text.substr(begin, end - begin);
}

}  // namespace

std::string Mutator::Next(const std::vector<std::string>& corpus) {
  if (corpus.empty() || Below(50) == 0) return Bytes(Below(longest_) + 1);
  std::string input = corpus[Below(corpus.size())];
  for (size_t k = size_t{1} << Below(5); k > 0; --k) Change(input, corpus);
  if (input.size() > longest_) input.resize(longest_);
  return input;
}

void Mutator::Change(std::string& input, const std::vector<std::string>& corpus) {
  if (input.empty()) input = Bytes(1 + Below(8));
  const std::string& other = Below(2) == 0 ? input : corpus[Below(corpus.size())];
  const std::string donor = other.empty() ? std::string(1, '0') : other;  // a copy: `other` may be the input
  switch (Below(9)) {
    case 0: return ChangeByte(input);
    case 1: return ChangeNumber(input);
    case 2: return Erase(input);
    case 3: return Repeat(input);
    case 4: return Splice(input, donor);
    case 5: return SpliceLine(input, donor);
    case 6: input.insert(Below(input.size() + 1), Bytes(1 + Below(4))); return;
    default: return SpliceWord(input, donor);
  }
}

void Mutator::ChangeByte(std::string& input) {
  char& byte = input[Below(input.size())];
  switch (Below(3)) {
    case 0: byte = static_cast<char>(byte ^ (1 << Below(8))); break;
    case 1: byte = kBytes[Below(std::size(kBytes))]; break;
    default: byte = static_cast<char>(random_()); break;
  }
}

void Mutator::ChangeNumber(std::string& input) {
  const auto from = input.begin() + static_cast<ptrdiff_t>(Below(input.size()));
  const auto begin = std::find_if(from, input.end(), IsDigit);
  const auto end = std::find_if_not(begin, input.end(), IsDigit);
  input.replace(begin, end, kNumbers[Below(std::size(kNumbers))]);
}

void Mutator::Erase(std::string& input) {
  const size_t at = Below(input.size());
  switch (Below(3)) {
    case 0: input.erase(at, 1 + Below(Below(2) == 0 ? 4 : input.size())); break;
    case 1: {
      const std::string_view word = WordAt(input, at);
      input.erase(static_cast<size_t>(word.data() - input.data()), word.size());
      break;
    }
    default: {
      const std::string_view line = LineAt(input, at);
      input.erase(static_cast<size_t>(line.data() - input.data()), line.size());
      break;
    }
  }
}

// A piece many times over: what nests, and what is quadratic.
void Mutator::Repeat(std::string& input) {
  const size_t at = Below(input.size());
  const std::string piece = input.substr(at, 1 + Below(8));
  std::string pieces;
  for (size_t k = 1 + Below(Below(8) == 0 ? 300 : 4); k > 0 && pieces.size() < longest_; --k) pieces += piece;
  input.insert(at, pieces);
}

void Mutator::Splice(std::string& input, std::string_view other) {
  const std::string_view piece = other.substr(Below(other.size()), 1 + Below(64));
  const size_t at = Below(input.size() + 1);
  input.replace(at, Below(2) == 0 ? 0 : piece.size(), piece);
}

void Mutator::SpliceWord(std::string& input, std::string_view other) {
  const std::string_view word = WordAt(other, Below(other.size()));
  const std::string_view place = WordAt(input, Below(input.size()));
  const auto at = static_cast<size_t>(place.data() - input.data());
  input.replace(at, Below(2) == 0 ? place.size() : 0, word);
}

void Mutator::SpliceLine(std::string& input, std::string_view other) {
  const std::string_view line = LineAt(other, Below(other.size()));
  const std::string_view place = LineAt(input, Below(input.size()));
  const auto at = static_cast<size_t>(place.data() - input.data());
  input.replace(at, Below(3) == 0 ? place.size() : 0, line);
}

std::string Mutator::Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random_());
  return bytes;
}

}  // namespace moult::fuzz
