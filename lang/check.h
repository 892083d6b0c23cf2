// Checker: syntax tree to typed IR. Resolves names, types every expression, forces the handling of missing values, inlines
// functions, and lowers to lang/ir.h.
#pragma once

#include <optional>
#include <string_view>

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/ir.h"
#include "lang/link.h"
#include "lang/origin.h"
#include "lang/report.h"
#include "lang/test_suite.h"

namespace moult::lang {

// Nothing when an error was reported (here or by the parser). `files` is what the tree was parsed from. Of a module the program has
// a name and nothing else. Tests are checked like the rest; `*tests` gets them, if it is not null. `*origins` gets where every value
// comes from; a program made with it may have constants that no rule uses.
std::optional<Program> Check(const Ast& ast, const Linked& files, const CompileLimits& limits, Reporter& reporter,
                             TestSuite* tests = nullptr, Origins* origins = nullptr);

// Whether a list may be read from a file of that name: a relative name, without `..`. The policy's folder bounds what its text
// can have read; a link in that folder is its owner's doing.
bool IsDataFileName(std::string_view name);

}  // namespace moult::lang
