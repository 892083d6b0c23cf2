#include "tests/fuzz/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

namespace moult::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = MOULT_SOURCE_DIR;

// FNV-1a: names do not change from build to build.
uint64_t HashOf(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

void Append(const fs::path& folder, const std::string& extension, std::vector<std::string>& inputs) {
  Corpus corpus = ReadCorpus(kTree / folder, extension);
  std::ranges::move(corpus.inputs, std::back_inserter(inputs));
}

}  // namespace

std::optional<std::string> ReadInput(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

fs::path WriteInput(const fs::path& folder, const std::string& prefix, const std::string& input) {
  fs::create_directories(folder);
  const fs::path path = folder / fmt::format("{}{:016x}", prefix, HashOf(input));
  std::ofstream(path, std::ios::binary) << input;
  return path;
}

Corpus ReadCorpus(const fs::path& folder, const std::string& extension) {
  Corpus corpus;
  if (!fs::is_directory(folder)) return corpus;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && (extension.empty() || entry.path().extension() == extension)) corpus.paths.push_back(entry.path());
  }
  std::ranges::sort(corpus.paths);
  for (const fs::path& path : corpus.paths) corpus.inputs.push_back(ReadInput(path).value_or(""));
  return corpus;
}

fs::path KeptCorpus(const Target& target) { return kTree / "tests/fuzz/corpus" / target.name; }

std::vector<std::string> SeedInputs(const Target& target) {
  std::vector<std::string> inputs;
  if (target.seeds == Seeds::kPolicies) {
    Append("tests/golden", ".moult", inputs);
    Append("examples", ".moult", inputs);
  }
  // What is longer is the benchmarks' affair, and would be cut anyway.
  std::erase_if(inputs, [&](const std::string& input) { return input.size() > target.longest; });
  return inputs;
}

}  // namespace moult::fuzz
