// Linking: which modules a file needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/modules.h"
#include "lang/report.h"
#include "lang/source_text.h"

namespace moult::lang {

// What is compiled and the modules that it uses, directly and through others, each once. By file of `text`: its name. File 0 is
// what is compiled; the others are modules.
struct Linked {
  SourceText text;
  std::vector<std::string> names;
  bool is_module = false;  // file 0
  const Modules* modules;  // that there are; borrowed

  // The file of a module, or -1.
  int FileOf(std::string_view module) const;
};

// Parses the file and every module that it needs into `ast`. A module that there is not is for the checker to report, modules that use
// each other are reported here. REQUIRES: `linked.text` holds the file alone, and the reporter is that of `linked.text`.
void Link(const CompileLimits& limits, Linked& linked, Reporter& reporter, Ast& ast);

}  // namespace moult::lang
