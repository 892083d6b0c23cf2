// Golden tests: what a phase makes of an input, kept in a file beside it and compared byte by byte. To accept new output, run the
// tests with MOULT_UPDATE_GOLDENS=1 and review the diff.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lang/compile.h"

namespace moult::testing {

// `name` is relative to tests/golden/.
inline std::filesystem::path GoldenPath(const std::string& name) {
  return std::filesystem::path(MOULT_SOURCE_DIR) / "tests" / "golden" / name;
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Every file of tests/golden/`folder` with that extension (".moult"), by name; subfolders included.
inline std::vector<std::filesystem::path> GoldenFiles(const std::string& folder, const std::string& extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GoldenPath(folder))) {
    if (entry.is_regular_file() && entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Compares `actual` with the contents of `golden`, or makes it the contents when MOULT_UPDATE_GOLDENS is set.
inline void ExpectGolden(const std::filesystem::path& golden, const std::string& actual) {
  if (std::getenv("MOULT_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(golden, std::ios::binary) << actual;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(golden)) << golden << " is missing; run with MOULT_UPDATE_GOLDENS=1 to make it\n" << actual;
  EXPECT_EQ(ReadFile(golden), actual) << golden << " differs; run with MOULT_UPDATE_GOLDENS=1 to accept";
}

// The limits that a case sets in its text by lines of the form `// limit: nesting 5`; the default of the others.
inline lang::CompileLimits LimitsOf(const std::string& text) {
  lang::CompileLimits limits;
  const std::string marker = "// limit: ";
  for (size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at + 1)) {
    const size_t space = text.find(' ', at + marker.size());
    const std::string name = text.substr(at + marker.size(), space - at - marker.size());
    const unsigned long value = std::strtoul(text.c_str() + space, nullptr, 10);
    if (name == "source_bytes") {
      limits.source_bytes = value;
    } else if (name == "nesting") {
      limits.nesting = static_cast<uint32_t>(value);
    } else if (name == "rules") {
      limits.rules = static_cast<uint32_t>(value);
    } else if (name == "nodes") {
      limits.nodes = static_cast<uint32_t>(value);
    } else if (name == "diagnostics") {
      limits.diagnostics = static_cast<uint32_t>(value);
    } else {
      ADD_FAILURE() << "no such limit: " << name;
    }
  }
  return limits;
}

}  // namespace moult::testing
