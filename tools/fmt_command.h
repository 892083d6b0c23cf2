// `moult fmt`: policies in their canonical form.
#pragma once

#include <string>
#include <vector>

namespace moult::tools {

struct FmtOptions {
  std::vector<std::string> paths;  // files, and directories with the policies below them
  bool check = false;              // change nothing, list what differs
  bool use_stdin = false;          // format standard input to standard output instead
};

// Returns the exit code of the process: kExitDiffers with `check` if a file is not in its form, kExitPolicy if one has errors (it is left
// alone, the others are formatted), kExitInputOutput if one cannot be read or written.
int Fmt(const FmtOptions& options);

}  // namespace moult::tools
