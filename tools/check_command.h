// `moult check`: compiles and says what is wrong.
#pragma once

#include <string>
#include <vector>

namespace moult::tools {

struct CheckOptions {
  std::vector<std::string> paths;  // each a policy set of its own
  bool dump_ir = false;
  bool json = false;               // diagnostics as editors take them, on standard output, and nothing else
  bool deny_warnings = false;      // a warning is as bad as an error
};

// The process's exit code (exit_code.h).
int Check(const CheckOptions& options);

}  // namespace moult::tools
