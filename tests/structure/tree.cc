#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/structure/rules.h"

namespace moult::structure {
namespace {

namespace fs = std::filesystem;

bool IsForeign(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == "build" || (name.starts_with(".") && name != ".ci");
}

bool IsText(const fs::path& file) {
  if (file.filename() == ".git") return false;  // a file in a worktree
  const std::string extension = file.extension().string();
  for (const char* known : {".cc", ".h", ".def", ".md", ".txt", ".cmake", ".in", ".sh", ".json", ".moult", ".jsonl"}) {
    if (extension == known) return true;
  }
  return extension.empty();  // Makefile, LICENSE, .ci/run
}

}  // namespace

Files ReadTree(const std::string& root) {
  Files files;
  for (fs::recursive_directory_iterator entry(root), end; entry != end; ++entry) {
    if (entry->is_directory() && IsForeign(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || !IsText(entry->path())) continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    files.push_back({fs::relative(entry->path(), root).generic_string(),
                     std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>())});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace moult::structure
