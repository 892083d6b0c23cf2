// Lexer and parser: text to syntax tree.
#pragma once

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/report.h"

namespace moult::lang {

// Parses one file, a policy or module. Reports every error it finds to `reporter` and always returns a tree: where it recovered the tree
// has kError nodes or lacks what could not be read. Recovers at the next declaration, and inside a rule at the next clause.
Ast Parse(std::string_view text, const CompileLimits& limits, Reporter& reporter);

// Likewise file `file` of `sources`, into a tree that may hold what was parsed before. The reporter is that of `sources`.
void ParseInto(const SourceText& sources, uint32_t file, const CompileLimits& limits, Reporter& reporter, Ast& ast);

// Parses a text, file 0 of `source`, that is one expression. The id is invalid when the text could not be read at all (reported).
ExprId ParseExpression(const SourceText& source, const CompileLimits& limits, Reporter& reporter, Ast& ast);

}  // namespace moult::lang
