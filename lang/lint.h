// Lint: what a policy that compiles says in vain. Every warning is a claim about all inputs, so what is not certain is
// not said.
//
//   W-never-fires          a rule whose condition is false whatever the input
//   W-always-errs          an operation on constants that gives an error
//   W-unreachable          under first_match: a rule that a rule before it always forestalls
//   W-duplicate-condition  two live rules with one condition
//   W-forgotten-shadow     a shadow rule that does what a live one does, or whose comment says until when it was to
//                          be tried
//   W-unused               a name that is declared and not used
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/ir.h"
#include "lang/modules.h"
#include "lang/report.h"

namespace moult::lang {

struct LintOptions {
  // What the dates in comments, `// until 2026-01-31` on a shadow rule or above it, are compared with; without it they
  // are not.
  std::optional<std::chrono::sys_days> today;
};

// Reports what is found in a policy that compiles. Of one that does not, and of a module, whose names are for others,
// there is nothing to say: the result is empty. Cost: as Compile, and at most a fixed number of comparisons between
// rules.
Diagnostics Lint(const SourceFile& file, const Modules& modules, const LintOptions& options,
                 const CompileLimits& limits = {});

// The lints, one by one. `program` was made of `ast`. The policy is `text`; what lies beyond it in the tree is of
// modules.
struct LintSubject {
  const Ast& ast;
  std::string_view text;
  const Program& program;
  Reporter& reporter;
};
void LintNames(const LintSubject& subject);  // lint_names.cc
void LintRules(const LintSubject& subject);  // lint_rules.cc: never-fires, unreachable, duplicates
void LintConstants(const LintSubject& subject);  // likewise: always-errs
void LintShadows(const LintSubject& subject, const LintOptions& options);  // lint_shadow.cc

// The condition of a rule as written, `when` and `unless`, in a form that is equal for equal expressions.
std::string ConditionKey(const Ast& ast, const RuleDecl& rule);

}  // namespace moult::lang
