#include "lang/ast_print.h"

#include <fmt/format.h>

#include "lang/quote.h"
#include "lang/scalar_text.h"

namespace moult::lang {
namespace {

class Printer {
 public:
  explicit Printer(const Ast& ast) : ast_(ast) {}

  std::string Take() { return std::move(out_); }

  void Put(ExprId id) {
    if (!id.valid()) {
      out_ += "(none)";
      return;
    }
    const Expr& e = ast_[id];
    switch (e.kind) {
      case ExprKind::kError: out_ += "(error)"; break;
      case ExprKind::kBool: out_ += e.integer != 0 ? "true" : "false"; break;
      case ExprKind::kInt: out_ += std::to_string(e.integer); break;
      case ExprKind::kDouble: out_ += RealText(e.real); break;
      case ExprKind::kString: out_ += QuoteText(e.text); break;
      case ExprKind::kBytes: out_ += LiteralText(TypeKind::kBytes, Value::Text(e.text)); break;
      case ExprKind::kName: out_ += e.text; break;
      case ExprKind::kTemplate: PutNode("template", e); break;
      case ExprKind::kSelect: PutNode(".", e, e.text); break;
      case ExprKind::kIndex: PutNode("[]", e); break;
      case ExprKind::kCall: PutNode("call " + e.text, e); break;
      case ExprKind::kMethod: PutNode("method " + e.text, e); break;
      case ExprKind::kUnary: case ExprKind::kBinary: PutNode(e.text, e); break;
      case ExprKind::kConditional: PutNode("?:", e); break;
      case ExprKind::kList: PutNode("list", e); break;
      case ExprKind::kSet: PutNode("set", e); break;
      case ExprKind::kMap: PutMap(e); break;
    }
  }

  void Put(TypeExprId id) {
    if (!id.valid()) {
      out_ += "(error)";
      return;
    }
    const TypeExpr& type = ast_[id];
    out_ += type.name.text;
    for (size_t i = 0; i < type.arguments.size(); ++i) {
      out_ += i == 0 ? "<" : ", ";
      Put(type.arguments[i]);
    }
    if (!type.arguments.empty()) out_ += ">";
    if (type.optional) out_ += "?";
  }

  void PutFile() {
    Line(ast_.is_module ? "module" : "policy", ast_.policy.text);
    if (ast_.incomplete) Text("(incomplete)\n");
    for (const UseDecl& decl : ast_.uses) Line("use", decl.module.text);
    for (const InputDecl& decl : ast_.inputs) PutFields("(input", decl.fields);
    for (const RecordDecl& decl : ast_.records) PutFields("(record " + decl.name.text, decl.fields);
    for (const EnumDecl& decl : ast_.enums) PutEnum(decl);
    for (const BudgetDecl& decl : ast_.budgets) PutBudget(decl);
    for (const DecideDecl& decl : ast_.decides) PutDecide(decl);
    for (const ConstDecl& decl : ast_.consts) PutValue("const " + decl.name.text, decl.value);
    for (const ListDeclAst& decl : ast_.lists) PutList(decl);
    for (const SourceDeclAst& decl : ast_.sources) {
      PutSignature("source " + decl.name.text, decl.parameters, decl.result);
      Text(")\n");
    }
    for (const FunctionDecl& decl : ast_.functions) {
      PutSignature("fn " + decl.name.text, decl.parameters, decl.result);
      Text(" ");
      Put(decl.body);
      Text(")\n");
    }
    for (const LetDecl& decl : ast_.lets) PutValue("let " + decl.name.text, decl.value);
    for (const RuleDecl& decl : ast_.rules) PutRule(decl);
    for (const TestDecl& decl : ast_.tests) PutTest(decl);
  }

 private:
  void Text(std::string_view text) { out_ += text; }
  void Line(std::string_view what, std::string_view name) { out_ += fmt::format("({} {})\n", what, name); }

  void PutNode(std::string_view head, const Expr& e, std::string_view last = {}) {
    out_ += fmt::format("({}", head);
    for (ExprId child : e.children) {
      out_ += ' ';
      Put(child);
    }
    if (!last.empty()) out_ += fmt::format(" {}", last);
    out_ += ')';
  }

  void PutMap(const Expr& e) {
    out_ += "(map";
    for (size_t i = 0; i < e.children.size(); ++i) {
      out_ += i % 2 == 0 ? " (" : " ";
      Put(e.children[i]);
      if (i % 2 == 1 || i + 1 == e.children.size()) out_ += ')';
    }
    out_ += ')';
  }

  void PutFields(std::string_view head, const std::vector<FieldDecl>& fields) {
    Text(head);
    for (const FieldDecl& field : fields) {
      out_ += fmt::format("\n  ({} ", field.name.text);
      Put(field.type);
      if (field.max) out_ += fmt::format(" max {}", *field.max);
      out_ += ')';
    }
    Text(")\n");
  }

  void PutEnum(const EnumDecl& decl) {
    out_ += "(enum " + decl.name.text;
    for (const Name& enumerator : decl.enumerators) out_ += " " + enumerator.text;
    Text(")\n");
  }

  void PutBudget(const BudgetDecl& decl) { out_ += fmt::format("(budget {})\n", decl.steps); }

  void PutDecide(const DecideDecl& decl) {
    out_ += "(decide " + decl.mode.text;
    for (const Name& verdict : decl.verdicts) out_ += " " + verdict.text;
    for (const ThresholdDecl& t : decl.thresholds) out_ += fmt::format(" (>= {} {})", t.at_least, t.verdict.text);
    out_ += decl.broken ? " (error))\n" : fmt::format(" default {})\n", decl.default_verdict.text);
  }

  void PutValue(std::string_view head, ExprId value) {
    out_ += fmt::format("({} ", head);
    Put(value);
    Text(")\n");
  }

  void PutList(const ListDeclAst& decl) {
    out_ += fmt::format("(list {} ", decl.name.text);
    Put(decl.type);
    out_ += fmt::format(" {})\n", QuoteText(decl.file.text));
  }

  void PutSignature(std::string_view head, const std::vector<Parameter>& parameters, TypeExprId result) {
    out_ += fmt::format("({} ", head);
    PutParameters(parameters);
    out_ += ' ';
    Put(result);
  }

  void PutParameters(const std::vector<Parameter>& parameters) {
    out_ += '(';
    for (size_t i = 0; i < parameters.size(); ++i) {
      out_ += fmt::format("{}({} ", i == 0 ? "" : " ", parameters[i].name.text);
      Put(parameters[i].type);
      out_ += ')';
    }
    out_ += ')';
  }

  void PutRule(const RuleDecl& rule) {
    out_ += "(rule " + rule.name.text;
    if (!rule.mode.text.empty()) out_ += " " + rule.mode.text;
    if (!rule.on_error.text.empty()) out_ += " on_error " + rule.on_error.text;
    if (rule.when.valid()) PutClause("when", rule.when);
    if (rule.unless.valid()) PutClause("unless", rule.unless);
    if (!rule.then.empty()) {
      Text("\n  (then");
      for (const ThenItem& item : rule.then) PutItem(item);
      Text(")");
    }
    Text(")\n");
  }

  void PutClause(std::string_view word, ExprId condition) {
    out_ += fmt::format("\n  ({} ", word);
    Put(condition);
    Text(")");
  }

  void PutItem(const ThenItem& item) {
    switch (item.kind) {
      case ThenItem::Kind::kVerdict: out_ += " (verdict " + item.name.text; break;
      case ThenItem::Kind::kScore: out_ += fmt::format(" (score {}", item.score); break;
      case ThenItem::Kind::kTag: out_ += " (tag " + QuoteText(item.name.text); break;
      case ThenItem::Kind::kReason: out_ += " (reason"; break;
      case ThenItem::Kind::kEmit: out_ += " (emit " + item.name.text; break;
    }
    for (ExprId argument : item.arguments) {
      out_ += ' ';
      Put(argument);
    }
    if (item.reason.valid()) {
      out_ += ' ';
      Put(item.reason);
    }
    Text(")");
  }

  void PutTest(const TestDecl& test) {
    out_ += "(test " + QuoteText(test.name.text);
    if (!test.parameters.empty()) {
      out_ += " for ";
      PutParameters(test.parameters);
    }
    for (const TestRow& row : test.rows) {
      out_ += "\n  (row";
      for (ExprId value : row.values) PutAfterSpace(value);
      for (const ExpectDecl& expect : row.expects) PutExpect(expect);
      out_ += ')';
    }
    if (test.given.valid()) PutClause("given", test.given);
    for (const WithDecl& with : test.withs) PutWith(with);
    for (const ExpectDecl& expect : test.expects) {
      out_ += "\n ";
      PutExpect(expect);
    }
    out_ += test.broken ? " (error))\n" : ")\n";
  }

  void PutAfterSpace(ExprId id) {
    out_ += ' ';
    Put(id);
  }

  void PutMatches(const std::vector<ExprId>& arguments) {
    out_ += " (";
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) out_ += ' ';
      arguments[i].valid() ? Put(arguments[i]) : Text("_");
    }
    out_ += ')';
  }

  void PutWith(const WithDecl& with) {
    out_ += "\n  (with " + with.name.text;
    if (with.is_call) PutMatches(with.arguments);
    with.fails ? Text(" fails") : PutAfterSpace(with.value);
    out_ += ')';
  }

  void PutExpect(const ExpectDecl& expect) {
    using Kind = ExpectDecl::Kind;
    static constexpr const char* kWords[] = {"verdict", "because", "not-because", "score", "tags", "reason", "shadow", "errors", "emits"};
    out_ += fmt::format(" (expect {}", kWords[static_cast<size_t>(expect.kind)]);
    const bool text = expect.kind == Kind::kTags || expect.kind == Kind::kReason;
    if (expect.kind == Kind::kScore) out_ += fmt::format(" {}", expect.score);
    for (const Name& name : expect.names) out_ += " " + (text ? QuoteText(name.text) : name.text);
    if (expect.is_call) PutMatches(expect.arguments);
    out_ += ')';
  }

  const Ast& ast_;
  std::string out_;
};

}  // namespace

std::string Print(const Ast& ast) {
  Printer printer(ast);
  printer.PutFile();
  return printer.Take();
}

std::string Print(const Ast& ast, ExprId id) {
  Printer printer(ast);
  printer.Put(id);
  return printer.Take();
}

std::string Print(const Ast& ast, TypeExprId id) {
  Printer printer(ast);
  printer.Put(id);
  return printer.Take();
}

}  // namespace moult::lang
