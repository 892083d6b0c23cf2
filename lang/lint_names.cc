// Names that nothing uses.
#include <fmt/format.h>

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "lang/lint.h"

namespace moult::lang {
namespace {

// What is used: from every expression that is no declaration's value (conditions, reasons, tests ...), and on through
// the values of the declarations that these name. A variable or parameter that hides a declaration counts as a use of
// it: better silent than wrong.
class Uses {
 public:
  explicit Uses(const Ast& ast) : ast_(ast) {
    for (const ConstDecl& decl : ast.consts) values_[decl.name.text].push_back(decl.value);
    for (const LetDecl& decl : ast.lets) values_[decl.name.text].push_back(decl.value);
    for (const FunctionDecl& decl : ast.functions) values_[decl.name.text].push_back(decl.body);
    for (const TypeExpr& type : ast.types) types_.insert(type.name.text);
    std::vector<bool> is_root = Roots();
    for (uint32_t k = 0; k < ast.exprs.size(); ++k) {
      if (is_root[k]) AddNamesOf(ast.exprs[k]);
    }
    while (!pending_.empty()) {
      const ExprId id = pending_.back();
      pending_.pop_back();
      AddTree(id);
    }
  }

  bool Has(const std::string& name) const { return names_.contains(name); }
  bool HasType(const std::string& name) const { return types_.contains(name) || names_.contains(name); }

 private:
  std::vector<bool> Roots() const {
    std::vector<bool> is_root(ast_.exprs.size(), true);
    for (const auto& [name, bodies] : values_) {
      for (ExprId body : bodies) Walk(body, [&](ExprId id) { is_root[id.index] = false; });
    }
    // `given {field: value}` sets a field, and is no use of it.
    for (const TestDecl& test : ast_.tests) {
      if (!test.given.valid()) continue;
      const Expr& given = ast_[test.given];
      for (size_t k = 0; k < given.children.size(); k += 2) is_root[given.children[k].index] = false;
    }
    return is_root;
  }

  template <class Visit>
  void Walk(ExprId root, const Visit& visit) const {
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
      const ExprId id = pending.back();
      pending.pop_back();
      if (!id.valid()) continue;
      visit(id);
      const Expr& e = ast_[id];
      pending.insert(pending.end(), e.children.begin(), e.children.end());
    }
  }

  void AddTree(ExprId root) {
    Walk(root, [&](ExprId id) { AddNamesOf(ast_[id]); });
  }

  void AddNamesOf(const Expr& e) {
    if (e.kind != ExprKind::kName && e.kind != ExprKind::kCall) return;
    if (!names_.insert(e.text).second) return;
    const auto values = values_.find(e.text);
    if (values != values_.end()) pending_.insert(pending_.end(), values->second.begin(), values->second.end());
  }

  const Ast& ast_;
  std::unordered_map<std::string, std::vector<ExprId>> values_;
  std::set<std::string> names_, types_;
  std::vector<ExprId> pending_;
};

void ReportUnused(const LintSubject& subject, const Name& name, std::string_view what, std::string hint) {
  const bool of_module = name.span.begin >= subject.text.size();
  if (of_module || name.text.empty() || name.text[0] == '_') return;
  subject.reporter.Report(Code::kUnused, name.span, fmt::format("{} {} is not used", what, Quoted(name.text)),
                          std::move(hint));
}

// Those of a function or a test. `pending`: the expressions that may name them.
void LintParameters(const LintSubject& subject, const std::vector<Parameter>& parameters, std::vector<ExprId> pending) {
  std::set<std::string> names;
  while (!pending.empty()) {
    const ExprId id = pending.back();
    pending.pop_back();
    if (!id.valid()) continue;
    const Expr& e = subject.ast[id];
    if (e.kind == ExprKind::kName) names.insert(e.text);
    pending.insert(pending.end(), e.children.begin(), e.children.end());
  }
  for (const Parameter& parameter : parameters) {
    if (!names.contains(parameter.name.text)) {
      ReportUnused(subject, parameter.name, "the parameter", "delete it, or begin its name with `_`");
    }
  }
}

}  // namespace

void LintNames(const LintSubject& subject) {
  const Uses uses(subject.ast);
  const auto lint = [&](const auto& declarations, std::string_view what, std::string_view hint = "delete it") {
    for (const auto& decl : declarations) {
      if (!uses.Has(decl.name.text)) ReportUnused(subject, decl.name, what, std::string(hint));
    }
  };
  for (const InputDecl& input : subject.ast.inputs) {
    lint(input.fields, "the input",
         "delete it: what a host's struct or a JSON object has beside the declared fields does no harm");
  }
  lint(subject.ast.consts, "the constant");
  lint(subject.ast.lets, "the value");
  lint(subject.ast.functions, "the function");
  lint(subject.ast.lists, "the list", "delete it: its file is read at every publish");
  lint(subject.ast.sources, "the source");
  for (const RecordDecl& decl : subject.ast.records) {
    if (!uses.HasType(decl.name.text)) ReportUnused(subject, decl.name, "the record", "delete it");
  }
  for (const EnumDecl& decl : subject.ast.enums) {
    if (!uses.HasType(decl.name.text)) ReportUnused(subject, decl.name, "the enum", "delete it");
  }
  for (const FunctionDecl& function : subject.ast.functions) {
    if (function.body.valid() && uses.Has(function.name.text)) LintParameters(subject, function.parameters, {function.body});
  }
  for (const TestDecl& test : subject.ast.tests) {
    std::vector<ExprId> used;
    if (test.given.valid()) {
      const Expr& given = subject.ast[test.given];
      for (size_t k = 1; k < given.children.size(); k += 2) used.push_back(given.children[k]);
    }
    for (const WithDecl& with : test.withs) {
      used.push_back(with.value);
      used.insert(used.end(), with.arguments.begin(), with.arguments.end());
    }
    LintParameters(subject, test.parameters, std::move(used));
  }
}

}  // namespace moult::lang
