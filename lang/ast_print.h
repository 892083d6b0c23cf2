// Prints syntax trees as S-expressions, for tests and for looking at.
#pragma once

#include <string>

#include "lang/ast.h"

namespace moult::lang {

// One declaration a line, a rule's clauses a line each:
//   (rule link_spam
//     (when (&& (call is_young user) (>= (call size links) 3)))
//     (then (verdict block "new account") (tag "spam")))
std::string Print(const Ast& ast);

// One expression on one line: (+ a (* 2 (. user age))). Strings are quoted and escaped; `(error)` is what could not be read.
std::string Print(const Ast& ast, ExprId id);

// As it is written: map<string, int>?
std::string Print(const Ast& ast, TypeExprId id);

}  // namespace moult::lang
