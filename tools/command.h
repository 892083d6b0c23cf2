// What several subcommands share.
#pragma once

#include <string>

#include "moult/engine.h"
#include "tools/console.h"
#include "tools/file.h"

namespace moult::tools {

// Says `error` and gives `code`.
int FailWith(int code, const Error& error, Console* console);
int FailWith(int code, const Diagnostics& diagnostics, Console* console);

// Writes `text` to standard output. Gives `code`, or the code of output that cannot be written, having said so.
int WriteOut(const std::string& text, int code, Console* console);

// Marks what was read from `path` as not to be written over.
void KeepFiles(const std::string& path, const Bundle& bundle, FilesInUse* in_use);

// The policy of that name, or the only one if `wanted` is empty. `path` is for messages. Points into `info`.
Result<const PolicyInfo*, Error> ChoosePolicy(const VersionInfo& info, const std::string& wanted, const std::string& path);

}  // namespace moult::tools
