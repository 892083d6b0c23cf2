// The interpreter on random programs and inputs: total, deterministic, and failing only where it may.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "lang/bind.h"
#include "lang/interpret.h"
#include "moult/diagnostic.h"
#include "tests/support/evaluation.h"
#include "tests/support/random_input.h"
#include "tests/support/random_program.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

using test::Random;

constexpr int kPrograms = 300;
constexpr int kInputs = 10;

// Each program gets a seed of its own, so that one can be replayed apart.
template <class Body>
void ForEachProgram(Body body) {
  for (int k = 0; k < kPrograms && !testing::Test::HasFailure(); ++k) {
    const uint64_t seed = moult::test::Seed() + static_cast<uint64_t>(k);
    SCOPED_TRACE(testing::Message() << "MOULT_SEED=" << seed);
    Random random(seed);
    const Program program = test::RandomProgram(random);
    body(random, program);
  }
}

std::string ToText(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += d.message + "\n";
  return text;
}

LayoutRef BoundHostLayout(Random& random, const Program& program, LayoutRef* host) {
  *host = test::RandomHostLayout(random, program);
  Result<LayoutRef> bound = BindLayout(program, **host);
  EXPECT_TRUE(bound.ok()) << ToText(bound.error());
  return bound.ok() ? *bound : nullptr;
}

std::string Decide(const Program& program, test::Evaluation& evaluation, const Layout& layout, const void* record,
                   uint64_t salt, uint64_t fuel = test::Evaluation::kFuel) {
  test::FakeSources sources([&](SourceId source, std::span<const Scalar> arguments, Scalar* result) {
    return test::AnswerByHash(program, salt, source, arguments, result);
  });
  std::string text = test::ToText(Interpret(program, evaluation.Input(layout, record, &sources, fuel)));
  for (uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    text += "\n";
    text += InterpretReason(program, evaluation.Input(layout, record, &sources, fuel), rule);
  }
  return text;
}

TEST(InterpretRandomTest, IsTotalAndDeterministicOnHostileInputs) {
  ForEachProgram([](Random& random, const Program& program) {
    test::Evaluation evaluation(program, test::RandomLists(random, program));
    LayoutRef host;
    const LayoutRef layout = BoundHostLayout(random, program, &host);
    ASSERT_NE(layout, nullptr);
    for (int i = 0; i < kInputs; ++i) {
      const test::RandomInput input(random, *host, /*hostile=*/true);
      ASSERT_EQ(Decide(program, evaluation, *layout, input.data(), i),
                Decide(program, evaluation, *layout, input.data(), i));
      Decide(program, evaluation, *layout, input.data(), i, /*fuel=*/i);
    }
  });
}

TEST(InterpretRandomTest, ErrorsHappenOnlyWhereMayFailSaysSo) {
  ForEachProgram([](Random& random, const Program& program) {
    const std::vector<bool> may_fail = MayFail(program);
    test::Evaluation evaluation(program, test::RandomLists(random, program));
    const LayoutRef layout = NativeLayout(program.types, program.input);
    ASSERT_NE(layout, nullptr);
    for (int i = 0; i < kInputs; ++i) {
      const test::RandomInput input(random, *layout, /*hostile=*/true);
      for (const RuleError& e : Interpret(program, evaluation.Input(*layout, input.data())).errors) {
        ASSERT_TRUE(may_fail[program.rules[e.rule].when.index]) << ErrorText(e.error.kind);
      }
    }
  });
}

// What the random programs are worth: they reach every operation and every kind of error, and rules fire and do not.
TEST(InterpretRandomTest, ProgramsReachEverything) {
  std::set<Op> ops;
  std::set<ErrorKind> errors;
  size_t rules = 0, fired = 0, erred = 0;
  ForEachProgram([&](Random& random, const Program& program) {
    for (const Node& node : program.nodes) ops.insert(node.op);
    test::Evaluation evaluation(program, test::RandomLists(random, program));
    LayoutRef host;
    const LayoutRef layout = BoundHostLayout(random, program, &host);
    ASSERT_NE(layout, nullptr);
    for (int i = 0; i < kInputs; ++i) {
      const test::RandomInput input(random, *host, /*hostile=*/true);
      const uint64_t fuel = i % 2 == 0 ? 1 : test::Evaluation::kFuel;
      const Outcome outcome = Interpret(program, evaluation.Input(*layout, input.data(), nullptr, fuel));
      for (const RuleError& e : outcome.errors) errors.insert(e.error.kind);
      rules += program.rules.size();
      fired += outcome.fired.size() + outcome.shadow_fired.size();
      erred += outcome.errors.size();
    }
  });
#define MOULT_OP(name, text, arity, fallible) EXPECT_TRUE(ops.contains(Op::k##name)) << text;
#include "lang/ops.def"
#undef MOULT_OP
  // A text that fits no conversion is a matter of single library functions, which have tests of their own.
  const auto may_be_rare = [](ErrorKind kind) {
    return kind == ErrorKind::kArenaExhausted || (kind >= ErrorKind::kBadTimestamp && kind <= ErrorKind::kNotUtf8);
  };
#define MOULT_ERROR(name, text) EXPECT_TRUE(errors.contains(ErrorKind::k##name) || may_be_rare(ErrorKind::k##name)) << text;
#include "lang/errors.def"
#undef MOULT_ERROR
  EXPECT_GT(fired, rules / 20);
  EXPECT_GT(erred, rules / 50);
  EXPECT_LT(erred, rules / 2);
}

}  // namespace
}  // namespace moult::lang
