// `moult test`: runs the tests in policies' files.
#pragma once

#include <string>
#include <vector>

namespace moult::tools {

struct TestOptions {
  std::vector<std::string> paths;  // files, and directories of policies
  std::string filter;              // of "policy: test"; empty: all
  std::string junit;               // a file for JUnit's XML; empty: none
  bool coverage = false;
  bool json = false;
};

// The process's exit code: kExitOk, kExitTestsFailed, or kExitUsage when tests could not be run.
int Test(const TestOptions& options);

}  // namespace moult::tools
