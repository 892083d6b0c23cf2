#include "tools/given_answers.h"

#include "lang/host_value.h"

namespace moult::tools {
namespace {

bool Fits(const lang::TestSuite& suite, lang::TestValues& values, const lang::GivenAnswer& answer, std::span<const HostValue> arguments) {
  for (size_t k = 0; k < answer.arguments.size(); ++k) {
    if (!answer.arguments[k].valid()) continue;
    const std::optional<HostValue> wanted = GivenScalar(suite, values, answer.arguments[k]);
    if (!wanted || *wanted != arguments[k]) return false;
  }
  return true;
}

}  // namespace

std::optional<HostValue> GivenScalar(const lang::TestSuite& suite, lang::TestValues& values, lang::NodeId id) {
  const lang::Program& program = suite.program;
  const lang::Evaluated value = values.Of(id);
  if (!value) return std::nullopt;
  return lang::ToHostValue(lang::ToScalar(program.types.kind(program[id].type), *value));
}

const lang::GivenAnswer* FindAnswer(const lang::TestSuite& suite, lang::TestValues& values, const lang::TestCase& test,
                                    const std::string& source, std::span<const HostValue> arguments) {
  for (const lang::GivenAnswer& answer : test.answers) {
    if (suite.program.sources[answer.source].name == source && Fits(suite, values, answer, arguments)) return &answer;
  }
  return nullptr;
}

}  // namespace moult::tools
