// Batch: some consecutive lines of the input on their way from the reader through a worker to the writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace moult::tools {

// A line that could not be decided.
struct BadLine {
  uint64_t line = 0;
  std::string code;
  std::string message;
};

struct Batch {
  uint64_t sequence = 0;    // 0, 1, 2 ... in the order of the input
  uint64_t first_line = 1;  // of the file: starts again with every pass over it
  uint64_t bytes = 0;       // of the input, newlines included
  std::string text;
  std::vector<std::string_view> lines;  // into `text`; `too_long` ones are empty
  std::vector<uint32_t> too_long;       // indices into `lines` of lines over the limit, whose text was dropped

  // Filled by a worker.
  std::string output;
  std::vector<BadLine> bad;

  void Reset() {
    text.clear();
    lines.clear();
    too_long.clear();
    output.clear();
    bad.clear();
    bytes = 0;
  }
};

}  // namespace moult::tools
