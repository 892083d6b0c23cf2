// The exit codes of the `moult` command, as --help states them.
#pragma once

namespace moult::tools {

enum ExitCode : int {
  kExitOk = 0,
  kExitBadLines = 1,       // --strict: some lines of the input were not requests
  kExitDiffers = 1,        // fmt --check: some files are not in their form
  kExitTestsFailed = 1,    // moult test
  kExitUsage = 2,          // the command line
  kExitPolicy = 3,         // the policy cannot be read or does not compile
  kExitInputOutput = 4,    // the input cannot be read or the output not be written
  kExitInterrupted = 130,  // ^C: what had been read was decided and written; 143 for SIGTERM
};

}  // namespace moult::tools
