// Tests of the policy's own.
#include <fmt/format.h>

#include <array>

#include "tests/fuzz/policy_writer.h"

namespace moult::fuzz {

void PolicyWriter::MakeTest() {
  budget_ = 30;
  std::string parameter;
  for (const lang::RecordField& field : input_)
    if (field.type == lang::kIntType && c_.Chance(40)) parameter = field.name;
  std::string text = fmt::format("test \"{}\"", Fresh("of "));
  const bool rows_expect = !parameter.empty() && c_.Chance(50);  // then the test does not: a row has one verdict
  if (!parameter.empty()) {
    text += " for (q: int, unused: bool) in [\n";
    for (size_t k = 1 + c_.Below(3); k > 0; --k) text += fmt::format("  ({}, true){},\n", k, rows_expect ? Expectation() : "");
    text += "]";
  }
  text += " {\n  given { " + Given(parameter) + " }\n";
  for (const std::string& list : lists_)
    if (c_.Chance(50)) text += "  with " + list + " = {\"a\", 'b'}\n";
  for (const Callable& source : sources_) {
    std::vector<std::string> matches;
    for (const TypeId type : source.parameters) matches.push_back(c_.Chance(50) ? "_" : Closed(type, 1));
    text += fmt::format("  with {}({}) {}\n", source.name, fmt::join(matches, ", "), c_.Chance(20) ? "fails" : "= " + Closed(source.result, 1));
  }
  if (!rows_expect) text += " " + Expectation() + "\n";
  if (c_.Chance(40)) text += " " + Expected() + "\n";
  Declare(text + "}");
}

std::string PolicyWriter::Given(const std::string& parameter) {
  std::vector<std::string> fields;
  for (const lang::RecordField& field : input_) {
    if (KindOf(field.type) == TypeKind::kOptional && c_.Chance(50)) continue;
    fields.push_back(field.name + ": " + (field.name == parameter ? "q" : Closed(field.type, 1)));
  }
  return fmt::format("{}", fmt::join(fields, ", "));
}

std::string PolicyWriter::Expectation() {
  std::string text = " expect " + Verdict();
  const WrittenRule& rule = c_.Of(rules_);
  if (rule.mode != " mode shadow" && rule.mode != " mode off" && c_.Chance(40)) text += " because " + rule.name;
  return text;
}

std::string PolicyWriter::Expected() {
  const WrittenRule& rule = c_.Of(rules_);
  if (rule.mode == " mode shadow") return " expect shadow " + rule.name;
  if (rule.mode == " mode off") return scores_ ? " expect score -3" : " expect not because " + rule.name;
  switch (c_.Below(3)) {
    case 0: return " expect not because " + rule.name;
    case 1: return " expect errors " + rule.name;
    default: return rule.has_reason ? " expect reason \"of \"" : " expect not because " + rule.name;
  }
}

}  // namespace moult::fuzz
