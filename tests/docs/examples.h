// The examples of a document: its fenced blocks of code, by the word after the fence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace moult::docs {

struct Block {
  std::string kind;  // what follows the fence: "moult", "moult-expr", "json"; may be empty
  std::string text;  // its lines, each with its newline
  size_t line = 0;   // 1-based, of the first line of `text`
};

// Every fenced block of a document in Markdown, in order.
std::vector<Block> BlocksOf(std::string_view document);

// One line of a block of kind moult-expr, `expression // outcome`.
struct Example {
  std::string expression;
  std::string outcome;
  size_t line = 0;
};

// Blank lines apart, one for each line. The outcome is empty where a line says none. The last ` // ` counts: a string may hold one.
std::vector<Example> ExamplesOf(const Block& block);

}  // namespace moult::docs
