// Lexer and parser: text to syntax tree.
#pragma once

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/report.h"

namespace moult::lang {

// Parses one policy file. Reports every error it finds to `reporter` and always returns a tree: where it recovered the tree
// has kError nodes or lacks what could not be read. Recovers at the next declaration, and inside a rule at the next clause.
Ast Parse(std::string_view text, const CompileLimits& limits, Reporter& reporter);

}  // namespace moult::lang
