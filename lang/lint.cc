#include "lang/lint.h"

#include <fmt/format.h>

#include <utility>

#include "lang/check.h"
#include "lang/link.h"
#include "lang/report.h"
#include "lang/source_text.h"

namespace moult::lang {
namespace {

void AppendKey(const Ast& ast, ExprId id, std::string& key) {
  if (!id.valid()) {
    key += '-';
    return;
  }
  const Expr& e = ast[id];
  key += static_cast<char>('a' + static_cast<int>(e.kind));
  key += std::to_string(e.text.size()) + ":" + e.text + fmt::format("{},{}(", e.integer, e.real);
  for (ExprId child : e.children) AppendKey(ast, child, key);
  key += ')';
}

}  // namespace

std::string ConditionKey(const Ast& ast, const RuleDecl& rule) {
  std::string key;
  AppendKey(ast, rule.when, key);
  AppendKey(ast, rule.unless, key);
  return key;
}

Diagnostics Lint(const SourceFile& file, const Modules& modules, const LintOptions& options,
                 const CompileLimits& limits) {
  Linked linked{.text = SourceText(file.name, file.text), .names = {}, .modules = &modules};
  Reporter said(linked.text, limits.diagnostics);  // by the compile, and not again
  Ast ast;
  Link(limits, linked, said, ast);
  const std::optional<Program> program = Check(ast, linked, limits, said);
  if (!program || ast.is_module) return {};
  Reporter reporter(linked.text, limits.diagnostics);
  const LintSubject subject{ast, file.text, *program, reporter};
  LintNames(subject);
  LintRules(subject);
  LintConstants(subject);
  LintShadows(subject, options);
  return reporter.Take();
}

}  // namespace moult::lang
