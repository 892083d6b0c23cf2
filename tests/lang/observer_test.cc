// The interpreter tells an observer of what it computes, and of nothing else.
#include "lang/observer.h"

#include <gtest/gtest.h>

#include <map>

#include "lang/bind.h"
#include "lang/interpret.h"
#include "tests/support/evaluation.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

using test::Evaluation;
using test::IrBuilder;

// What each node came to, in order: "true", "7", "error".
class Recorder final : public EvalObserver {
 public:
  explicit Recorder(const Program& program) : program_(program) {}
  void Saw(NodeId id, const Evaluated& value) override {
    std::string& text = seen_[id.index];
    if (!text.empty()) text += " ";
    const bool is_bool = program_[id].type == kBoolType;
    text += !value ? "error" : is_bool ? (value->integer != 0 ? "true" : "false") : std::to_string(value->integer);
  }
  std::string Of(NodeId id) const { return seen_.contains(id.index) ? seen_.at(id.index) : "not evaluated"; }

 private:
  const Program& program_;
  std::map<uint32_t, std::string> seen_;
};

Recorder Observe(const Program& program) {
  Recorder recorder(program);
  Evaluation evaluation(program);
  const LayoutRef layout = NativeLayout(program.types, program.input);
  EvalInput input = evaluation.Input(*layout, nullptr);
  input.observer = &recorder;
  Interpret(program, input);
  return recorder;
}

TEST(Observer, SeesOperandsAndWhatShortCircuitingSkipsStaysUnseen) {
  IrBuilder b;
  const NodeId one = b.Int(1);
  const NodeId less = b.Add(Op::kLt, kBoolType, {b.Int(2), one});
  const NodeId skipped = b.Eq(b.Int(3), b.Int(4));
  const NodeId both = b.Add(Op::kAnd, kBoolType, {less, skipped});
  b.AddRule("r", both);
  const Recorder seen = Observe(b.Build());
  EXPECT_EQ(seen.Of(one), "1");
  EXPECT_EQ(seen.Of(less), "false");
  EXPECT_EQ(seen.Of(skipped), "not evaluated");
  EXPECT_EQ(seen.Of(both), "false");
}

TEST(Observer, SeesAnErrorThatIsAbsorbed) {
  IrBuilder b;
  const NodeId quotient = b.Divide(b.Int(1), b.Int(0));
  const NodeId fails = b.Eq(quotient, b.Int(1));
  const NodeId holds = b.Bool(true);
  const NodeId either = b.Add(Op::kOr, kBoolType, {fails, holds});
  b.AddRule("r", either);
  const Recorder seen = Observe(b.Build());
  EXPECT_EQ(seen.Of(quotient), "error");
  EXPECT_EQ(seen.Of(fails), "error");
  EXPECT_EQ(seen.Of(either), "true");
}

TEST(Observer, SeesALetOnceAndItsReferencesEach) {
  IrBuilder b;
  const NodeId value = b.Plus(b.Int(1), b.Int(2));
  const LetId let = b.AddLet("three", value);
  const NodeId first = b.LetRef(let);
  const NodeId second = b.LetRef(let);
  b.AddRule("r", b.Eq(first, second));
  const Recorder seen = Observe(b.Build());
  EXPECT_EQ(seen.Of(value), "3");
  EXPECT_EQ(seen.Of(first), "3");
  EXPECT_EQ(seen.Of(second), "3");
}

TEST(Observer, SeesEveryVisitOfAComprehensionUpToTheDecidingOne) {
  IrBuilder b;
  NodeId body;
  const NodeId list = b.List(kIntType, {b.Int(1), b.Int(2), b.Int(3)});
  const NodeId exists = b.Exists(list, [&](NodeId x) { return body = b.Eq(x, b.Int(2)); });
  b.AddRule("r", exists);
  const Recorder seen = Observe(b.Build());
  EXPECT_EQ(seen.Of(body), "false true");
  EXPECT_EQ(seen.Of(exists), "true");
}

}  // namespace
}  // namespace moult::lang
