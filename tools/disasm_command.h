// `moult disasm`: the machine code of a policy beside its text. Nothing is published.
#pragma once

#include <string>

namespace moult::tools {

struct DisasmOptions {
  std::string policy_path;
  std::string rule;       // this rule alone; empty: everything
  bool baseline = false;  // for plain x86-64, whatever this processor has
};

// The process's exit code (exit_code.h).
int Disasm(const DisasmOptions& options);

}  // namespace moult::tools
