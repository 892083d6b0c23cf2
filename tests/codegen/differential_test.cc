// Random programs over random inputs in random layouts: machine code must come to what the interpreter comes to, error for error and
// call for call. MOULT_SEED replays; MOULT_DIFFERENTIAL_PROGRAMS says how many programs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "codegen/facts.h"
#include "lang/bind.h"
#include "lang/interpret.h"
#include "tests/support/evaluation.h"
#include "tests/support/machine_code.h"
#include "tests/support/random_input.h"
#include "tests/support/random_program.h"
#include "tests/support/seed.h"

namespace moult::codegen::test {
namespace {

using lang::test::Evaluation;
using lang::test::FakeSources;
using lang::test::Random;

int ProgramCount() {
  const char* given = std::getenv("MOULT_DIFFERENTIAL_PROGRAMS");
  return given != nullptr ? std::atoi(given) : 400;
}

class Differential {
 public:
  Differential(Random& random, uint64_t index)
      : random_(random), program_(lang::test::RandomProgram(random)), lists_(lang::test::RandomLists(random, program_)), salt_(index) {}

  // False when the engines differ; then the test has failed.
  bool Run() {
    for (int k = 0; k < 3; ++k) {
      const LayoutRef host = k == 0 ? lang::NativeLayout(program_.types, program_.input)
                                    : lang::test::RandomHostLayout(random_, program_);
      Result<LayoutRef> bound = lang::BindLayout(program_, *host);
      if (!bound) {
        ADD_FAILURE() << bound.error()[0].message;
        return false;
      }
      if (!RunLayout(**bound)) return false;
    }
    return true;
  }

 private:
  bool RunLayout(const Layout& layout) {
    MachineCode baseline(program_, MustGenerate(program_, layout, {.cpu = CpuFeatures::Baseline()}));
    MachineCode host(program_, MustGenerate(program_, layout, {.cpu = CpuFeatures::Host()}));
    for (int k = 0; k < 4; ++k) {
      const lang::test::RandomInput input(random_, layout, /*hostile=*/k % 2 == 1);
      if (!RunInput(layout, input.data(), {&baseline, &host})) return false;
    }
    return true;
  }

  bool RunInput(const Layout& layout, const void* record, std::initializer_list<MachineCode*> codes) {
    const auto answer = [this](lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) {
      return lang::test::AnswerByHash(program_, salt_, source, arguments, result);
    };
    const uint64_t fuel = random_() % 4 == 0 ? random_() % (random_() % 2 == 0 ? 20 : 400) : Evaluation::kFuel;
    FakeSources expected_sources(answer);
    Evaluation expected_side(program_, lists_);
    const lang::Outcome expected = lang::Interpret(program_, expected_side.Input(layout, record, &expected_sources, fuel));
    for (MachineCode* code : codes) {
      FakeSources sources(answer);
      Evaluation side(program_, lists_);
      const lang::Outcome actual = code->Decide(side.Input(layout, record, &sources, fuel));
      EXPECT_EQ(lang::test::ToText(expected), lang::test::ToText(actual));
      EXPECT_EQ(expected_sources.calls(), sources.calls());
      EXPECT_EQ(expected.fuel_left, actual.fuel_left);
      ExpectSameReasonsAndArguments(layout, record, *code, answer);
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << "fuel " << fuel << "\n" << lang::Print(program_);
        return false;
      }
    }
    return true;
  }

  void ExpectSameReasonsAndArguments(const Layout& layout, const void* record, MachineCode& code, const FakeSources::Answer& answer) {
    FakeSources a(answer), b(answer);
    Evaluation expected(program_, lists_), actual(program_, lists_);
    for (uint32_t k = 0; k < program_.rules.size(); ++k) {
      EXPECT_EQ(lang::InterpretReason(program_, expected.Input(layout, record, &a), k),
                code.Reason(actual.Input(layout, record, &b), k))
          << "reason of rule " << k;
    }
    for (uint32_t k = 0; k < program_.effect_arguments.size(); ++k) {
      EXPECT_EQ(lang::test::ToText(lang::InterpretArgument(program_, expected.Input(layout, record, &a), k)),
                lang::test::ToText(code.Argument(actual.Input(layout, record, &b), k)))
          << "argument " << k;
    }
  }

  Random& random_;
  lang::Program program_;
  lang::test::ListTexts lists_;
  uint64_t salt_;
};

TEST(DifferentialTest, MachineCodeDecidesAsTheInterpreterDoes) {
  const uint64_t seed = moult::test::Seed();
  for (int k = 0; k < ProgramCount(); ++k) {
    Random random(seed + static_cast<uint64_t>(k));  // MOULT_SEED=(the number below) MOULT_DIFFERENTIAL_PROGRAMS=1 replays one
    if (!Differential(random, static_cast<uint64_t>(k)).Run()) {
      FAIL() << "program " << k << ": MOULT_SEED=" << seed + static_cast<uint64_t>(k) << " MOULT_DIFFERENTIAL_PROGRAMS=1 replays it";
    }
  }
}

}  // namespace
}  // namespace moult::codegen::test
