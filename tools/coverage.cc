#include "tools/coverage.h"

#include <fmt/format.h>

#include <iterator>

#include "lang/compile.h"
#include "lang/quote.h"
#include "lang/report.h"
#include "tools/text.h"

namespace moult::tools {
namespace {

std::string PlaceText(const ExplainedFile& file, uint32_t offset) {
  const lang::Position place = lang::PositionOf(file.text, offset);
  return fmt::format("{}:{}:{}", file.name, place.line, place.column);
}

const char* NeverSeen(bool was_true, bool was_false) {
  return !was_true && !was_false ? "never evaluated" : was_true ? "never false" : "never true";
}

}  // namespace

void Coverage::Add(const Explanation& explanation) {
  if (files_.empty()) files_ = explanation.files;
  size_t index = 0;
  for (const ExplainedRule& rule : explanation.rules) {
    if (rule.off) continue;
    if (index == rules_.size()) rules_.push_back({rule.name, rule.begin});
    rules_[index].fired = rules_[index].fired || rule.fired;
    ++index;
  }
  std::vector<bool> off(explanation.expressions.size());
  for (const ExplainedRule& rule : explanation.rules) {
    for (const uint32_t clause : {rule.when, rule.unless}) {
      if (rule.off && clause != ExplainedRule::kNone) Spread(explanation, clause, off);
    }
  }
  for (size_t k = 0; k < explanation.expressions.size(); ++k) {
    const ExplainedExpression& e = explanation.expressions[k];
    if (!e.condition || e.literal || off[k]) continue;
    ConditionSeen& seen = conditions_[{e.file, e.begin, e.end}];
    seen.was_true = seen.was_true || e.seen_true;
    seen.was_false = seen.was_false || e.seen_false;
  }
}

// Marks an expression and its parts that lie inside it.
void Coverage::Spread(const Explanation& explanation, uint32_t id, std::vector<bool>& marked) {
  marked[id] = true;
  for (const uint32_t part : explanation.expressions[id].parts) {
    const ExplainedExpression& below = explanation.expressions[part];
    const ExplainedExpression& around = explanation.expressions[id];
    const bool inside = below.file == around.file && below.begin >= around.begin && below.end <= around.end;
    if (inside) Spread(explanation, part, marked);
  }
}

Coverage::Totals Coverage::totals() const {
  Totals totals;
  for (const RuleSeen& rule : rules_) {
    ++totals.rules;
    totals.rules_fired += rule.fired ? 1 : 0;
  }
  for (const auto& [place, seen] : conditions_) {
    totals.outcomes += 2;
    totals.outcomes_seen += (seen.was_true ? 1 : 0) + (seen.was_false ? 1 : 0);
  }
  return totals;
}

std::string_view Coverage::TextAt(const Place& place) const {
  return std::string_view(files_[place.file].text).substr(place.begin, place.end - place.begin);
}

std::string Coverage::Render() const {
  const Totals t = totals();
  std::string out = fmt::format("coverage: {} of {} fired ({}), {} of {} outcomes of conditions seen ({})\n", t.rules_fired,
                                Plural(t.rules, "rule"), Percent(t.rules_fired, t.rules), t.outcomes_seen, t.outcomes,
                                Percent(t.outcomes_seen, t.outcomes));
  for (const RuleSeen& rule : rules_) {
    if (!rule.fired) out += fmt::format("  {}: rule `{}` never fired\n", PlaceText(files_[0], rule.begin), rule.name);
  }
  for (const auto& [place, seen] : conditions_) {
    if (seen.was_true && seen.was_false) continue;
    out += fmt::format("  {}: {} was {}\n", PlaceText(files_[place.file], place.begin), lang::Quoted(TextAt(place)),
                       NeverSeen(seen.was_true, seen.was_false));
  }
  return out;
}

void Coverage::AppendJson(std::string& out) const {
  const Totals t = totals();
  fmt::format_to(std::back_inserter(out), "{{\"rules\":{},\"rules_fired\":{},\"outcomes\":{},\"outcomes_seen\":{},\"never_fired\":[",
                 t.rules, t.rules_fired, t.outcomes, t.outcomes_seen);
  bool first = true;
  for (const RuleSeen& rule : rules_) {
    if (rule.fired) continue;
    if (!std::exchange(first, false)) out += ',';
    lang::AppendJsonString(out, rule.name);
  }
  out += "],\"conditions\":[";
  first = true;
  for (const auto& [place, seen] : conditions_) {
    if (!std::exchange(first, false)) out += ',';
    const lang::Position at = lang::PositionOf(files_[place.file].text, place.begin);
    out += "{\"file\":";
    lang::AppendJsonString(out, files_[place.file].name);
    fmt::format_to(std::back_inserter(out), ",\"line\":{},\"column\":{},\"text\":", at.line, at.column);
    lang::AppendJsonString(out, TextAt(place));
    fmt::format_to(std::back_inserter(out), ",\"seen_true\":{},\"seen_false\":{}}}", seen.was_true, seen.was_false);
  }
  out += "]}";
}

}  // namespace moult::tools
