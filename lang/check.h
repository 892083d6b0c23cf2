// Checker: syntax tree to typed IR. Resolves names, types every expression, forces the handling of missing values, inlines
// functions, and lowers to lang/ir.h.
#pragma once

#include <optional>

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/ir.h"
#include "lang/report.h"

namespace moult::lang {

// Nothing when an error was reported (here or by the parser).
std::optional<Program> Check(const Ast& ast, uint32_t file_index, const CompileLimits& limits, Reporter& reporter);

}  // namespace moult::lang
