#include "tools/expectations.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "lang/quote.h"
#include "tools/json_writer.h"

namespace moult::tools {
namespace {

constexpr size_t kShownRules = 3;  // of those that could have given the expected verdict

bool Contains(std::span<const uint32_t> rules, uint32_t rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

class Comparison {
 public:
  Comparison(const lang::Program& program, const lang::TestCase& test, const Decision& decision, const ArgumentOf& argument_of)
      : program_(program), test_(test), decision_(decision), argument_of_(argument_of) {}

  Mismatch Run() {
    std::set<uint32_t> may_err;
    for (const lang::Expectation& expected : test_.expectations) {
      Check(expected);
      if (expected.kind == Kind::kErrors) may_err.insert(expected.rules.begin(), expected.rules.end());
    }
    for (size_t k = 0; k < decision_.errors().size(); ++k) {
      const uint32_t rule = decision_.errors()[k].rule;
      const ErrorText& error = decision_.error_texts()[k];
      if (may_err.contains(rule)) continue;
      Fail(rule, fmt::format("rule `{}` erred: {} ({}:{}:{})", error.rule, error.text, error.file, error.line, error.column));
    }
    return std::move(result_);
  }

 private:
  using Kind = lang::ExpectDecl::Kind;

  void Fail(std::string problem) { result_.problems.push_back(std::move(problem)); }
  void Fail(uint32_t rule, std::string problem) {
    result_.rules.insert(rule);
    Fail(std::move(problem));
  }
  const std::string& Name(uint32_t rule) const { return program_.rules[rule].name; }

  void Check(const lang::Expectation& expected) {
    switch (expected.kind) {
      case Kind::kVerdict:
        return CheckVerdict(expected.verdict);
      case Kind::kScore:
        if (decision_.score() != expected.score) {
          Fail(fmt::format("expected score {}, got {}", expected.score, decision_.score()));
          result_.rules.insert(decision_.fired().begin(), decision_.fired().end());
        }
        return;
      case Kind::kTags:
        return CheckTags(expected.texts);
      case Kind::kReason:
        return CheckReason(expected.texts[0]);
      case Kind::kEmits:
        return CheckEffect(expected);
      case Kind::kBecause:
      case Kind::kNotBecause:
      case Kind::kShadow:
      case Kind::kErrors:
        for (const uint32_t rule : expected.rules) CheckRule(expected.kind, rule);
    }
  }

  // The rules in question are those that decided, and those that could have decided otherwise.
  void CheckVerdict(uint32_t verdict) {
    if (decision_.verdict() == verdict) return;
    Fail(fmt::format("expected {}, got {}", program_.decide.verdicts[verdict], decision_.verdict_name()));
    result_.rules.insert(decision_.fired().begin(), decision_.fired().end());
    size_t shown = 0;
    for (uint32_t k = 0; k < program_.rules.size() && shown < kShownRules; ++k) {
      const lang::Rule& rule = program_.rules[k];
      if (rule.mode == lang::RuleMode::kLive && rule.has_verdict && rule.verdict == verdict) shown += result_.rules.insert(k).second;
    }
  }

  void CheckRule(Kind kind, uint32_t rule) {
    const bool fired = Contains(decision_.fired(), rule);
    const bool shadow = Contains(decision_.shadow_fired(), rule);
    const bool erred = std::any_of(decision_.errors().begin(), decision_.errors().end(),
                                   [rule](const DecisionError& error) { return error.rule == rule; });
    if (kind == Kind::kBecause && !fired) Fail(rule, fmt::format("expected rule `{}` to fire", Name(rule)));
    if (kind == Kind::kNotBecause && (fired || shadow)) Fail(rule, fmt::format("expected rule `{}` not to fire", Name(rule)));
    if (kind == Kind::kShadow && !shadow) Fail(rule, fmt::format("expected shadow rule `{}` to fire", Name(rule)));
    if (kind == Kind::kErrors && !erred) Fail(rule, fmt::format("expected rule `{}` to err", Name(rule)));
  }

  void CheckTags(const std::vector<std::string>& expected) {
    std::set<std::string_view> tags;
    for (const FiredRule& rule : decision_.rules()) tags.insert(rule.tags.begin(), rule.tags.end());
    for (const std::string& tag : expected) {
      if (tags.contains(tag)) continue;
      Fail(fmt::format("expected tag {}, got {}", lang::QuoteText(tag), tags.empty() ? "none" : fmt::format("{}", fmt::join(tags, ", "))));
      for (uint32_t k = 0; k < program_.rules.size(); ++k) {
        const std::vector<std::string>& carried = program_.rules[k].tags;
        if (std::find(carried.begin(), carried.end(), tag) != carried.end()) result_.rules.insert(k);
      }
    }
  }

  void CheckReason(const std::string& expected) {
    std::vector<std::string> reasons;
    for (const FiredRule& rule : decision_.rules()) {
      if (rule.reason == expected) return;
      if (!rule.reason.empty()) reasons.push_back(lang::QuoteText(rule.reason));
    }
    Fail(fmt::format("expected reason {}, got {}", lang::QuoteText(expected),
                     reasons.empty() ? "none" : fmt::format("{}", fmt::join(reasons, ", "))));
    result_.rules.insert(decision_.fired().begin(), decision_.fired().end());
  }

  // The rules in question are those that emit it.
  void CheckEffect(const lang::Expectation& expected) {
    std::vector<std::string> emitted;
    for (const Effect& effect : decision_.effects()) {
      if (effect.name != expected.texts[0]) continue;
      if (Fits(expected, effect)) return;
      emitted.push_back(Text(effect));
    }
    Fail(fmt::format("expected effect {}, got {}", Text(expected), emitted.empty() ? "none" : fmt::format("{}", fmt::join(emitted, ", "))));
    for (uint32_t k = 0; k < program_.rules.size(); ++k) {
      const lang::Rule& rule = program_.rules[k];
      for (uint32_t e = rule.first_effect; e < rule.first_effect + rule.effect_count; ++e) {
        if (program_.effects[e].name == expected.texts[0]) result_.rules.insert(k);
      }
    }
  }

  bool Fits(const lang::Expectation& expected, const Effect& effect) const {
    if (!expected.arguments) return true;
    if (!effect.ok()) return false;
    for (size_t k = 0; k < expected.arguments->size(); ++k) {
      const lang::NodeId argument = (*expected.arguments)[k];
      if (argument.valid() && argument_of_(argument) != effect.arguments[k]) return false;
    }
    return true;
  }

  // watch("203.0.113.9", _)
  std::string Text(const lang::Expectation& expected) const {
    if (!expected.arguments) return expected.texts[0];
    std::string text = expected.texts[0] + "(";
    for (size_t k = 0; k < expected.arguments->size(); ++k) {
      if (k > 0) text += ", ";
      const lang::NodeId argument = (*expected.arguments)[k];
      const std::optional<HostValue> value = argument.valid() ? argument_of_(argument) : std::nullopt;
      value ? AppendHostValue(text, *value) : static_cast<void>(text += argument.valid() ? "<error>" : "_");
    }
    return text + ")";
  }
  static std::string Text(const Effect& effect) {
    std::string text = std::string(effect.name) + "(";
    if (!effect.ok()) return text + "<error>)";
    for (size_t k = 0; k < effect.arguments.size(); ++k) {
      if (k > 0) text += ", ";
      AppendHostValue(text, effect.arguments[k]);
    }
    return text + ")";
  }

  const lang::Program& program_;
  const lang::TestCase& test_;
  const Decision& decision_;
  const ArgumentOf& argument_of_;
  Mismatch result_;
};

}  // namespace

Mismatch CheckExpectations(const lang::Program& program, const lang::TestCase& test, const Decision& decision,
                           const ArgumentOf& argument_of) {
  return Comparison(program, test, decision, argument_of).Run();
}

}  // namespace moult::tools
