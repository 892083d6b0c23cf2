// Tests in the policy's file. Their expressions are checked in a program of their own, a copy of the policy's.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"
#include "lang/checker_scope.h"

namespace moult::lang {
namespace {

// Each run of white space as one space.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) line += c;
    if (space && (line.empty() || line.back() != ' ')) line += ' ';
  }
  return line;
}

}  // namespace

void Checker::CheckTests() {
  if (ast_.tests.empty()) return;
  Builder kept = builder_;
  OriginRecorder::Pause no_origins(origins_);
  std::unordered_map<std::string, TextSpan> names;
  for (const TestDecl& test : ast_.tests) {
    if (!test.name.text.empty()) CheckFresh(names, test.name, "the test");
    if (!test.broken) CheckTest(test);
  }
  std::swap(builder_, kept);
  suite_.program = std::move(kept.program());
}

void Checker::CheckTest(const TestDecl& test) {
  std::vector<TypeId> types;
  std::unordered_map<std::string, TextSpan> names;
  bool known = true;
  for (const Parameter& parameter : test.parameters) {
    CheckFresh(names, parameter.name, "the parameter");
    const std::optional<TypeId> type = ResolveType(parameter.type);
    known = known && type;
    types.push_back(type.value_or(kBoolType));
  }
  if (!known) return;
  if (!test.parameters.empty() && test.rows.empty()) {
    Report(Code::kMissingClause, test.name.span, "this test has no rows, and tests nothing", "write `[(value, ...) expect VERDICT]`");
  }
  if (test.parameters.empty()) return CheckCase(test, nullptr, types);
  for (const TestRow& row : test.rows) CheckCase(test, &row, types);
}

// `row` is null for a test without parameters.
void Checker::CheckCase(const TestDecl& test, const TestRow* row, const std::vector<TypeId>& types) {
  TestCase result{.name = test.name.text, .span = row == nullptr ? test.name.span : row->span};
  Outside outside(*this, test.name.span);
  if (row != nullptr && !BindRow(test, *row, types)) return;
  if (row != nullptr) result.name += " " + OneLine(reporter_.TextOf(row->span));
  if (test.only_withs) {
    for (const WithDecl& with : test.withs) CheckWith(with, result);
    return suite_.cases.push_back(std::move(result));
  }
  if (!test.given.valid()) {
    Report(Code::kMissingClause, test.name.span, "this test has no `given`", "write `given {field: value, ...}`");
  } else {
    result.given = CheckGivenRecord(ast_[test.given], builder_.program().input);
  }
  for (const WithDecl& with : test.withs) CheckWith(with, result);
  if (test.expects.empty() && (row == nullptr || row->expects.empty())) {
    Report(Code::kMissingClause, row == nullptr ? test.name.span : row->span,
           fmt::format("this {} expects nothing", row == nullptr ? "test" : "row"), "write `expect VERDICT`");
  }
  for (const ExpectDecl& expect : test.expects) CheckExpectation(expect, result);
  if (row != nullptr) {
    for (const ExpectDecl& expect : row->expects) CheckExpectation(expect, result);
  }
  suite_.cases.push_back(std::move(result));
}

bool Checker::BindRow(const TestDecl& test, const TestRow& row, const std::vector<TypeId>& types) {
  if (row.values.size() != types.size()) {
    Report(Code::kWrongArity, row.span,
           fmt::format("this row has {} value{} for {} parameter{}", row.values.size(), row.values.size() == 1 ? "" : "s",
                       types.size(), types.size() == 1 ? "" : "s"));
    return false;
  }
  std::vector<Binding> bound;
  for (size_t k = 0; k < types.size(); ++k) {
    const std::string& name = test.parameters[k].name.text;
    Checked value = CheckRowValue(row.values[k], types[k], name);
    if (!IsClosed(value, row.values[k])) return false;
    value.facts = {};
    value.path = narrowing_.NewRoot();
    bound.push_back({name, std::move(value)});
  }
  bindings_.insert(bindings_.end(), bound.begin(), bound.end());
  return true;
}

// `_` is a missing value, of a parameter that may be missing.
Checked Checker::CheckRowValue(ExprId id, TypeId type, const std::string& parameter) {
  const Expr& e = ast_[id];
  if (e.kind != ExprKind::kName || e.text != "_") return CheckAs(id, type, fmt::format("the value of `{}`", parameter));
  if (types().IsOptional(type)) return Make(Op::kNone, type, {}, e.span);
  Report(Code::kType, e.span, fmt::format("`_` is a missing value, and `{}` is never missing", parameter),
         fmt::format("declare it as `{}: {}?`, or give a value", parameter, types().Name(type)));
  return Checked::Bad();
}

// Whether the value can be computed before the policy runs. Reports.
bool Checker::IsClosed(const Checked& value, ExprId at) {
  if (value.bad) return false;
  if (value.is_constant()) return true;
  const Program& program = builder_.program();
  std::vector<NodeId> pending{value.node};
  while (!pending.empty()) {
    const NodeId id = pending.back();
    pending.pop_back();
    const Op op = program[id].op;
    if (op == Op::kInput || op == Op::kLetRef || op == Op::kListData || op == Op::kCallSource) {
      Report(Code::kNotConstant, ast_[at].span, "what a test gives is computed before the policy runs",
             "use literals, constants, functions and the test's parameters");
      return false;
    }
    const std::span<const NodeId> operands = program.operands(id);
    pending.insert(pending.end(), operands.begin(), operands.end());
  }
  return true;
}

// A node of the suite's program; invalid after an error.
NodeId Checker::CheckClosed(ExprId id, TypeId type, std::string_view what) {
  const Checked value = CheckAs(id, type, what);
  return IsClosed(value, id) ? Use(value) : NodeId{};
}

GivenValue Checker::CheckGiven(ExprId id, TypeId type, std::string_view what) {
  const Expr& e = ast_[id];
  const TypeId plain = types().IsOptional(type) ? types()[type].element : type;
  const TypeKind kind = types().kind(plain);
  if (kind == TypeKind::kRecord && e.kind == ExprKind::kMap) return CheckGivenRecord(e, plain);
  if (kind == TypeKind::kList && e.kind == ExprKind::kList) {
    GivenValue list{.kind = GivenValue::Kind::kList, .type = plain, .span = e.span};
    for (ExprId child : e.children) list.parts.push_back(CheckGiven(child, types()[plain].element, "an element of " + std::string(what)));
    return list;
  }
  return {.expression = CheckClosed(id, type, what), .type = type, .span = e.span};
}

// {field: value, ...} in place of a record of the input, or of the input itself.
GivenValue Checker::CheckGivenRecord(const Expr& e, TypeId type) {
  GivenValue record{.kind = GivenValue::Kind::kRecord, .type = type, .span = e.span};
  const std::vector<RecordField> fields = types().record(type).fields;  // a copy: checking may add types
  std::vector<bool> given(fields.size());
  bool complete = true;
  for (size_t k = 0; k + 1 < e.children.size(); k += 2) {
    const Expr& key = ast_[e.children[k]];
    const int index = key.kind == ExprKind::kName ? types().FieldIndex(type, key.text) : -1;
    if (index < 0) {
      complete = false;
      ReportBadFieldOfGiven(key, type);
    } else if (given[static_cast<size_t>(index)]) {
      Report(Code::kDuplicateName, key.span, fmt::format("the field `{}` is given twice", key.text));
    } else {
      given[static_cast<size_t>(index)] = true;
      record.fields.push_back(static_cast<uint32_t>(index));
      record.parts.push_back(CheckGiven(e.children[k + 1], fields[static_cast<size_t>(index)].type, fmt::format("`{}`", key.text)));
    }
  }
  if (complete) ReportMissingFields(e, type, given);
  return record;
}

void Checker::ReportMissingFields(const Expr& e, TypeId type, const std::vector<bool>& given) {
  const std::vector<RecordField>& fields = types().record(type).fields;
  std::vector<const RecordField*> missing;
  for (size_t k = 0; k < fields.size(); ++k) {
    if (!given[k] && !types().IsOptional(fields[k].type)) missing.push_back(&fields[k]);
  }
  if (missing.empty()) return;
  std::string names;
  for (size_t k = 0; k < missing.size(); ++k) {
    names += fmt::format("{}`{}`", k == 0 ? "" : k + 1 < missing.size() ? ", " : " and ", missing[k]->name);
  }
  const bool one = missing.size() == 1;
  Report(Code::kMissingField, e.span,
         fmt::format("the field{} {} of {} {} left out", one ? "" : "s", names, RecordName(type), one ? "is" : "are"),
         fmt::format("only a field that may be missing, `{}?`, can be", types().Name(missing[0]->type)));
}

std::string Checker::RecordName(TypeId record) const {
  return record == builder_.program().input ? "the input" : TypeName(record);
}

void Checker::ReportBadFieldOfGiven(const Expr& key, TypeId type) {
  if (key.kind == ExprKind::kError || lost_fields_.contains({type.index, key.text})) return;
  if (key.kind != ExprKind::kName) {
    return Report(Code::kType, key.span, "a field's name is expected", "write `{field: value, ...}`");
  }
  std::vector<std::string_view> names;
  for (const RecordField& field : types().record(type).fields) names.push_back(field.name);
  ReportUnknown(Code::kUnknownField, {key.text, key.span}, fmt::format("{} has no field {}", RecordName(type), Quoted(key.text)), names);
}

void Checker::CheckWith(const WithDecl& with, TestCase& test) {
  const Global* global = FindNamed(with.name.text);
  const GlobalKind wanted = with.is_call ? GlobalKind::kSource : GlobalKind::kList;
  if (global == nullptr || global->kind != wanted) {
    std::vector<std::string_view> candidates;
    for (const auto& [name, known] : scope().globals) {
      if (known.kind == wanted) candidates.push_back(name);
    }
    const bool other = global != nullptr && (global->kind == GlobalKind::kSource || global->kind == GlobalKind::kList);
    if (other) {
      return Report(Code::kNotAValue, with.name.span, fmt::format("`{}` is a {}", with.name.text, with.is_call ? "list" : "source"),
                    with.is_call ? "write `with NAME = {...}`" : "write `with NAME(_) = value`, with an argument or `_` for each parameter");
    }
    return ReportUnknown(Code::kUnknownName, with.name,
                         fmt::format("there is no {} {}", with.is_call ? "source" : "list", Quoted(with.name.text)), candidates);
  }
  with.is_call ? CheckAnswer(with, global->index, test) : CheckGivenList(with, global->index, test);
}

void Checker::CheckGivenList(const WithDecl& with, uint32_t index, TestCase& test) {
  if (!lists_[index].type) return;
  const TypeId type = *lists_[index].type;
  const NodeId value = CheckClosed(with.value, type, fmt::format("the value of `{}`", with.name.text));
  if (!lists_[index].id) return;  // a module's, which this policy does not use
  const ListId list = *lists_[index].id;
  const bool again = std::any_of(test.lists.begin(), test.lists.end(), [list](const GivenList& g) { return g.list == list; });
  if (again) Report(Code::kDuplicateName, with.name.span, fmt::format("the list `{}` is given twice", with.name.text));
  test.lists.push_back({list, value, with.span});
}

void Checker::CheckAnswer(const WithDecl& with, uint32_t index, TestCase& test) {
  const Signature source = sources_[index];
  if (source.bad) return;
  if (with.arguments.size() != source.parameters.size()) {
    return Report(Code::kWrongArity, with.span,
                  fmt::format("`{}` takes {} argument{}, not {}", with.name.text, source.parameters.size(),
                              source.parameters.size() == 1 ? "" : "s", with.arguments.size()),
                  "write `_` for one that may be anything");
  }
  GivenAnswer answer{.source = index, .span = with.span};
  for (size_t k = 0; k < with.arguments.size(); ++k) {
    const ExprId argument = with.arguments[k];
    answer.arguments.push_back(
        argument.valid() ? CheckClosed(argument, source.parameters[k], fmt::format("argument {} of `{}`", k + 1, with.name.text)) : NodeId{});
  }
  if (!with.fails) answer.value = CheckClosed(with.value, source.result, fmt::format("the answer of `{}`", with.name.text));
  test.answers.push_back(std::move(answer));
}

void Checker::CheckExpectation(const ExpectDecl& expect, TestCase& test) {
  using Kind = ExpectDecl::Kind;
  Expectation result{.kind = expect.kind, .score = expect.score, .span = expect.span};
  const bool once = expect.kind == Kind::kVerdict || expect.kind == Kind::kScore;
  const bool again = once && std::any_of(test.expectations.begin(), test.expectations.end(),
                                         [&](const Expectation& other) { return other.kind == expect.kind; });
  if (again) {
    Report(Code::kBadExpect, expect.span, fmt::format("this test expects another {} already", expect.kind == Kind::kScore ? "score" : "verdict"));
  }
  switch (expect.kind) {
    case Kind::kVerdict:
      if (!verdicts_known_) return;
      result.verdict = FindVerdict(expect.names[0]).value_or(0);
      break;
    case Kind::kScore:
      if (verdicts_known_ && builder_.program().decide.mode != DecideMode::kScore) {
        Report(Code::kBadExpect, expect.span, "only a policy that decides by score has one", "write `expect VERDICT`");
      }
      break;
    case Kind::kTags:
    case Kind::kReason:
      for (const Name& text : expect.names) result.texts.push_back(text.text);
      break;
    case Kind::kEmits:
      CheckExpectedEffect(expect, result);
      break;
    case Kind::kBecause:
    case Kind::kNotBecause:
    case Kind::kShadow:
    case Kind::kErrors:
      for (const Name& rule : expect.names) {
        if (const std::optional<uint32_t> found = FindExpectedRule(rule, expect.kind)) result.rules.push_back(*found);
      }
      break;
  }
  test.expectations.push_back(std::move(result));
}

void Checker::CheckExpectedEffect(const ExpectDecl& expect, Expectation& result) {
  const Name& name = expect.names[0];
  result.texts.push_back(name.text);
  const auto effect = effects_.find(name.text);
  if (effect == effects_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, use] : effects_) names.push_back(known);
    return ReportUnknown(Code::kUnknownName, name, fmt::format("no rule emits {}", Quoted(name.text)), names);
  }
  if (!expect.is_call) return;
  const std::vector<std::optional<TypeId>>& types = effect->second.arguments;
  if (expect.arguments.size() != types.size()) {
    return Report(Code::kWrongArity, expect.span,
                  fmt::format("the effect {} has {} argument{}, not {}", Quoted(name.text), types.size(), types.size() == 1 ? "" : "s",
                              expect.arguments.size()),
                  "write `_` for one that may be anything");
  }
  result.arguments.emplace();
  for (size_t k = 0; k < types.size(); ++k) {
    const ExprId argument = expect.arguments[k];
    const bool any = !argument.valid() || !types[k];
    result.arguments->push_back(any ? NodeId{} : CheckClosed(argument, *types[k], fmt::format("argument {} of {}", k + 1, Quoted(name.text))));
  }
}

// Reports a rule that is not there, or whose mode is none that could do what is expected of it.
std::optional<uint32_t> Checker::FindExpectedRule(const Name& name, ExpectDecl::Kind kind) {
  const std::vector<Rule>& rules = builder_.program().rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.name == name.text; });
  if (rule == rules.end()) {
    std::vector<std::string_view> names;
    for (const Rule& known : rules) names.push_back(known.name);
    ReportUnknown(Code::kUnknownRule, name, fmt::format("there is no rule {}", Quoted(name.text)), names);
    return std::nullopt;
  }
  using Kind = ExpectDecl::Kind;
  if (rule->mode == RuleMode::kOff && kind != Kind::kNotBecause) {
    Report(Code::kBadExpect, name.span, fmt::format("the rule `{}` is off", name.text));
  } else if (rule->mode == RuleMode::kShadow && kind == Kind::kBecause) {
    Report(Code::kBadExpect, name.span, fmt::format("the rule `{}` is a shadow rule and decides nothing", name.text),
           fmt::format("write `expect shadow {}`", name.text));
  } else if (rule->mode == RuleMode::kLive && kind == Kind::kShadow) {
    Report(Code::kBadExpect, name.span, fmt::format("the rule `{}` is no shadow rule", name.text),
           fmt::format("write `expect because {}`", name.text));
  }
  return static_cast<uint32_t>(rule - rules.begin());
}

}  // namespace moult::lang
