#include "lang/test_values.h"

#include "lang/interpret.h"
#include "lang/quote.h"
#include "lang/value_text.h"

namespace moult::lang {
namespace {

constexpr uint64_t kFuel = 1'000'000;  // of one expression of a test

}  // namespace

TestValues::TestValues(const TestSuite& suite) : program_(suite.program) {
  for (const std::string& pattern : program_.regexes) {
    std::string error;  // the checker has seen to it that there is none
    regexes_.push_back(Regex::Create(pattern, &error));
    resources_.push_back(regexes_.back().get());
  }
  resources_.resize(resources_.size() + program_.lists.size());  // no closed expression asks for one
}

Evaluated TestValues::Of(NodeId id) {
  EvalInput input;
  input.resources = resources_.data();
  input.arena = &arena_;
  input.fuel = kFuel;
  return InterpretNode(program_, input, id);
}

Result<std::string, TestValues::Problem> TestValues::InputJson(const TestCase& test) {
  std::string json;
  if (!Put(test.given, json)) return Failure(problem_);
  return json;
}

bool TestValues::Put(const GivenValue& given, std::string& out) {
  if (given.kind == GivenValue::Kind::kExpression) {
    const Evaluated value = Of(given.expression);
    const std::optional<std::string> json = value ? ValueJson(program_.types, given.type, *value) : std::nullopt;
    if (json) {
      out += *json;
      return true;
    }
    problem_ = {given.span, value ? "this value has no form in JSON" : ErrorText(value.error().kind)};
    return false;
  }
  const bool record = given.kind == GivenValue::Kind::kRecord;
  out += record ? '{' : '[';
  for (size_t k = 0; k < given.parts.size(); ++k) {
    if (k > 0) out += ',';
    if (record) {
      AppendJsonString(out, program_.types.record(given.type).fields[given.fields[k]].name);
      out += ':';
    }
    if (!Put(given.parts[k], out)) return false;
  }
  out += record ? '}' : ']';
  return true;
}

}  // namespace moult::lang
