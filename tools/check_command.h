// `moult check`: compiles and says what is wrong.
#pragma once

#include <string>

namespace moult::tools {

struct CheckOptions {
  std::string policy_path;
  bool dump_ir = false;
};

// The process's exit code (exit_code.h).
int Check(const CheckOptions& options);

}  // namespace moult::tools
