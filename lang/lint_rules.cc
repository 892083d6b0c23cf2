// Rules that can never fire, never be reached, or that say what another says.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "lang/conditions.h"
#include "lang/eval.h"
#include "lang/lint.h"

namespace moult::lang {
namespace {

constexpr size_t kMostComparisons = 20'000;  // between rules: two hundred rules, each with each

class RuleLint {
 public:
  explicit RuleLint(const LintSubject& subject) : s_(subject), conditions_(subject.program) {}

  void Run() {
    const std::vector<Rule>& rules = s_.program.rules;
    std::vector<bool> never(rules.size());
    for (size_t k = 0; k < rules.size(); ++k) never[k] = rules[k].mode != RuleMode::kOff && ReportNever(k);
    if (s_.program.decide.mode == DecideMode::kFirstMatch) {
      for (size_t k = 0; k < rules.size(); ++k) {
        if (!never[k] && Decides(k)) ReportUnreachable(k, never);
      }
    } else {
      ReportDuplicates(never);
    }
  }

 private:
  const Rule& rule(size_t k) const { return s_.program.rules[k]; }
  bool Decides(size_t k) const { return rule(k).mode == RuleMode::kLive && rule(k).has_verdict; }

  bool ReportNever(size_t k) {
    const Conditions::Claim claim{rule(k).when, true};
    if (!conditions_.Contradict({&claim, 1})) return false;
    const RuleDecl& decl = s_.ast.rules[k];
    const bool written = s_.ast[decl.when].kind == ExprKind::kBool;
    s_.reporter.Report(
        Code::kNeverFires, s_.ast[decl.when].span,
        fmt::format("rule {} never fires: its condition is always false", Quoted(decl.name.text)),
        written ? fmt::format("write `rule {} mode off` for a rule that is switched off", decl.name.text) : "");
    return true;
  }

  void ReportUnreachable(size_t k, const std::vector<bool>& never) {
    for (size_t before = 0; before < k && comparisons_ < kMostComparisons; ++before) {
      if (never[before] || !Decides(before)) continue;
      ++comparisons_;
      if (!Forestalls(before, k)) continue;
      const RuleDecl& decl = s_.ast.rules[k];
      const RuleDecl& first = s_.ast.rules[before];
      const bool always = conditions_.IsAlways(rule(before).when);
      s_.reporter.Report(
          Code::kUnreachable, decl.name.span,
          fmt::format("rule {} is never reached: rule {} {}", Quoted(decl.name.text), Quoted(first.name.text),
                      always ? "before it always fires" : "before it fires whenever this one would"),
          always ? "move the rule that always fires to the end" : "move the narrower rule up, or delete it");
      s_.reporter.Note(first.name.span, fmt::format("this is rule {}", Quoted(first.name.text)));
      return;
    }
  }

  // An earlier rule that errs does not decide, so only one that cannot err forestalls another.
  bool Forestalls(size_t before, size_t k) {
    if (conditions_.may_fail(rule(before).when)) return false;
    const Conditions::Claim claims[] = {{rule(before).when, false}, {rule(k).when, true}};
    return conditions_.Contradict(claims);
  }

  void ReportDuplicates(const std::vector<bool>& never) {
    std::unordered_map<std::string, size_t> by_text;
    std::unordered_map<uint32_t, size_t> by_number;
    for (size_t k = 0; k < s_.program.rules.size(); ++k) {
      if (never[k] || rule(k).mode != RuleMode::kLive) continue;
      const auto [text, new_text] = by_text.try_emplace(ConditionKey(s_.ast, s_.ast.rules[k]), k);
      const auto [number, new_number] = by_number.try_emplace(conditions_.number(rule(k).when), k);
      if (new_text && new_number) continue;
      const RuleDecl& first = s_.ast.rules[new_text ? number->second : text->second];
      const RuleDecl& decl = s_.ast.rules[k];
      s_.reporter.Report(
          Code::kDuplicateCondition, decl.name.span,
          fmt::format("rule {} has the condition of rule {}", Quoted(decl.name.text), Quoted(first.name.text)),
          "join the two, or change one");
      s_.reporter.Note(first.name.span, fmt::format("this is rule {}", Quoted(first.name.text)));
    }
  }

  const LintSubject& s_;
  Conditions conditions_;
  size_t comparisons_ = 0;
};

}  // namespace

void LintRules(const LintSubject& subject) { RuleLint(subject).Run(); }

void LintConstants(const LintSubject& subject) {
  const Program& program = subject.program;
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    const Op op = program.nodes[k].op;
    const bool computes = op == Op::kAdd || op == Op::kSub || op == Op::kMul || op == Op::kDiv || op == Op::kMod;
    if (!computes || program.nodes[k].type != kIntType) continue;
    const std::span<const NodeId> operands = program.operands({k});
    // The checker computes what it can.
    if (!std::ranges::all_of(operands, [&](NodeId id) { return program[id].op == Op::kConstInt; })) continue;
    const SiteSpan& place = program.sites[program.nodes[k].site];
    const bool by_zero = op == Op::kDiv || op == Op::kMod ? program[operands[1]].imm == 0 : false;
    if (place.file != 0) continue;  // of a module
    subject.reporter.Report(Code::kAlwaysErrs, {place.begin, place.end},
                            fmt::format("this always errs: {}", ErrorText(by_zero ? ErrorKind::kDivideByZero : ErrorKind::kOverflow)));
  }
}

}  // namespace moult::lang
