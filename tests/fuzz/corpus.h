// Corpora: inputs kept as files, one each.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/target.h"

namespace moult::fuzz {

std::optional<std::string> ReadInput(const std::filesystem::path& path);
// Names the file by the contents. The folder is made if it is missing.
std::filesystem::path WriteInput(const std::filesystem::path& folder, const std::string& prefix, const std::string& input);

struct Corpus {
  std::vector<std::filesystem::path> paths;
  std::vector<std::string> inputs;  // parallel to `paths`
};
// The files of a folder and the folders in it, by name, that end in `extension`, if that is not empty. Empty if there is no such folder.
Corpus ReadCorpus(const std::filesystem::path& folder, const std::string& extension = "");

// Of the tree that the program was built from: tests/fuzz/corpus/TARGET.
std::filesystem::path KeptCorpus(const Target& target);
// The target's seeds, none longer than its longest input.
std::vector<std::string> SeedInputs(const Target& target);

}  // namespace moult::fuzz
