// A closed expression as a program of its own; see lang/expression.h.
#include "lang/checker.h"
#include "lang/expression.h"
#include "lang/link.h"
#include "lang/parse.h"

namespace moult::lang {

std::optional<Program> Checker::RunExpression(ExprId expression) {
  Program& program = builder_.program();
  program.name = "expression";
  folds_ = false;
  builder_.AddSite({});
  DeclareTypes();
  DeclareInput();
  DeclareValues();
  const Checked value = CheckPlain(expression);
  ReportUnknowns();
  const NodeId node = Use(value);
  if (!node.valid() || reporter_.has_errors()) return std::nullopt;
  program.lets.push_back({"value", value.type, node});
  const TextSpan place = ast_[expression].span;
  const Checked computed = Make(Op::kLetRef, value.type, {}, place, 0);
  const Checked fires = MakeConstant(kBoolType, {.integer = 1, .real = 0, .text = {}});
  const LocalId ignored = builder_.AddLocal("value", value.type);
  Rule rule;
  rule.name = "expression";
  rule.when = Use(Make(Op::kBind, kBoolType, {Use(computed), Use(fires)}, place, ignored));
  if (!rule.when.valid()) return std::nullopt;
  program.rules.push_back(std::move(rule));
  program.decide.verdicts = {"computed"};
  return std::move(program);
}

Result<Compiled> CompileExpression(std::string_view text, const CompileLimits& limits) {
  const Modules none;
  const Linked source{.text = SourceText("expression", text), .names = {"expression"}, .modules = &none};
  Reporter reporter(source.text, limits.diagnostics);
  Ast ast;
  const ExprId expression = ParseExpression(source.text, limits, reporter, ast);
  std::optional<Program> program = Checker(ast, source, limits, reporter).RunExpression(expression);
  if (!program) return Failure(reporter.Take());
  if (std::optional<std::string> violation = Verify(*program)) {
    return Failure(Diagnostics{DefectOf(source.text.name(0), *violation)});
  }
  Compiled compiled;
  compiled.program = std::move(*program);
  compiled.warnings = reporter.Take();
  return compiled;
}

}  // namespace moult::lang
