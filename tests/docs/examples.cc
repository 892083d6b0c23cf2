#include "tests/docs/examples.h"

namespace moult::docs {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kMark = " // ";

// Takes the first line off `text`, without its newline.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::vector<Block> BlocksOf(std::string_view document) {
  std::vector<Block> blocks;
  bool inside = false;
  for (size_t number = 1; !document.empty(); ++number) {
    const std::string_view line = TakeLine(document);
    if (line.substr(0, kFence.size()) != kFence) {
      if (inside) blocks.back().text += std::string(line) + "\n";
      continue;
    }
    inside = !inside;
    if (inside) blocks.push_back({std::string(line.substr(kFence.size())), "", number + 1});
  }
  return blocks;
}

std::vector<Example> ExamplesOf(const Block& block) {
  std::vector<Example> examples;
  std::string_view text = block.text;
  for (size_t number = block.line; !text.empty(); ++number) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) continue;
    const size_t mark = line.rfind(kMark);
    const bool has_outcome = mark != std::string_view::npos;
    examples.push_back({std::string(line.substr(0, mark)),
                        has_outcome ? std::string(line.substr(mark + kMark.size())) : "", number});
  }
  return examples;
}

}  // namespace moult::docs
