#include "lang/interpret.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "lang/bind.h"
#include "lang/fuel.h"
#include "tests/support/evaluation.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

using test::Evaluation;
using test::IrBuilder;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

// Text of what a closed expression comes to: its rendering, or the error and the node it came from ("overflow@" + index
// of the node).
class InterpretTest : public testing::Test {
 protected:
  std::string Eval(NodeId value, uint64_t fuel = Evaluation::kFuel) {
    b_.program().rules.clear();
    b_.AddRule("value", b_.Eq(b_.Int(0), b_.Int(0)), b_.Render(value));
    // A rule that can only err if the value does: it is bound, then ignored.
    b_.AddRule("error", b_.Bind(value, [&](NodeId) { return b_.Bool(true); }));
    const Program program = b_.Build();
    Evaluation evaluation(program, {{"spam", "eggs"}});
    const LayoutRef layout = NativeLayout(program.types, program.input);
    const Outcome outcome = Interpret(program, evaluation.Input(*layout, record_, sources_, fuel));
    if (!outcome.errors.empty()) return ErrorText(outcome.errors[0].error.kind) + At(outcome.errors[0].error.site);
    return std::string(InterpretReason(program, evaluation.Input(*layout, record_, sources_, fuel), 0));
  }
  std::string At(SiteId site) {
    for (uint32_t k = 0; k < b_.program().nodes.size(); ++k) {
      if (b_.program().nodes[k].site == site) return std::string("@") + OpText(b_.program().nodes[k].op);
    }
    return "@?";
  }

  // Expressions that err, each at an operation of its own.
  NodeId Overflow() { return b_.Gt(b_.Plus(b_.Int(kMax), b_.Int(1)), b_.Int(0)); }
  NodeId DivideByZero() { return b_.Gt(b_.Divide(b_.Int(1), b_.Int(0)), b_.Int(0)); }
  NodeId Texts(const std::vector<std::string>& items) {
    std::vector<NodeId> nodes;
    for (const std::string& item : items) nodes.push_back(b_.String(item));
    return b_.List(kStringType, nodes);
  }
  NodeId Ints(const std::vector<int64_t>& items) {
    std::vector<NodeId> nodes;
    for (int64_t item : items) nodes.push_back(b_.Int(item));
    return b_.List(kIntType, nodes);
  }
  NodeId TextOp(Op op, TypeId type, const std::vector<NodeId>& operands) { return b_.Add(op, type, operands); }

  IrBuilder b_;
  const void* record_ = nullptr;
  SourceHost* sources_ = nullptr;
};

TEST_F(InterpretTest, IntArithmeticIsChecked) {
  struct Case {
    Op op;
    int64_t a, b;
    std::string result;
  };
  const Case kCases[] = {
      {Op::kAdd, 2, 3, "5"},
      {Op::kAdd, kMax, 1, "integer overflow@+"},
      {Op::kAdd, kMin, -1, "integer overflow@+"},
      {Op::kSub, 2, 3, "-1"},
      {Op::kSub, kMin, 1, "integer overflow@-"},
      {Op::kMul, -4, 5, "-20"},
      {Op::kMul, kMin, -1, "integer overflow@*"},
      {Op::kMul, 3037000500, 3037000500, "integer overflow@*"},
      {Op::kDiv, -7, 2, "-3"},
      {Op::kDiv, 1, 0, "division by zero@/"},
      {Op::kDiv, kMin, -1, "integer overflow@/"},
      {Op::kMod, -7, 2, "-1"},
      {Op::kMod, 7, -2, "1"},
      {Op::kMod, 1, 0, "division by zero@%"},
      {Op::kMod, kMin, -1, "integer overflow@%"},
  };
  for (const Case& c : kCases)
    EXPECT_EQ(Eval(b_.Arithmetic(c.op, b_.Int(c.a), b_.Int(c.b))), c.result) << OpText(c.op) << c.a;
  EXPECT_EQ(Eval(b_.Neg(b_.Int(5))), "-5");
  EXPECT_EQ(Eval(b_.Neg(b_.Int(kMin))), "integer overflow@neg");
}

TEST_F(InterpretTest, DoublesAndStringsAdd) {
  EXPECT_EQ(Eval(b_.Arithmetic(Op::kDiv, b_.Double(1), b_.Double(0))), "inf");
  EXPECT_EQ(Eval(b_.Arithmetic(Op::kDiv, b_.Double(0), b_.Double(0))), "nan");
  EXPECT_EQ(Eval(b_.Neg(b_.Double(0))), "-0");
  EXPECT_EQ(Eval(b_.Arithmetic(Op::kSub, b_.Double(0.5), b_.Double(0.25))), "0.25");
  EXPECT_EQ(Eval(b_.Plus(b_.String("a"), b_.String("é"))), "aé");
}

TEST_F(InterpretTest, ComparisonsAreExact) {
  constexpr int64_t kTwoTo53 = 1LL << 53;
  const double nan = std::nan("");
  const auto text = [&](const char* a) { return b_.String(a); };
  // In order: == != < <= > >=.
  struct Case {
    NodeId a, b;
    std::string results;
  };
  const Case kCases[] = {
      {b_.Int(1), b_.Int(2), "011100"},
      {b_.Int(kMin), b_.Int(kMax), "011100"},
      {b_.Int(3), b_.Int(3), "100101"},
      {b_.Double(0.0), b_.Double(-0.0), "100101"},
      {b_.Double(nan), b_.Double(nan), "010000"},
      {b_.Double(nan), b_.Int(0), "010000"},
      {b_.Int(0), b_.Double(nan), "010000"},
      {b_.Int(kTwoTo53 + 1), b_.Double(static_cast<double>(kTwoTo53)), "010011"},
      {b_.Double(static_cast<double>(kTwoTo53)), b_.Int(kTwoTo53 + 1), "011100"},
      {b_.Int(kMax), b_.Double(9223372036854775808.0), "011100"},
      {b_.Int(kMin), b_.Double(-9223372036854775808.0), "100101"},
      {b_.Int(kMin), b_.Double(-HUGE_VAL), "010011"},
      {b_.Int(-1), b_.Double(-1.5), "010011"},
      {b_.Int(1), b_.Double(1.5), "011100"},
      {b_.Double(1.5), b_.Int(1), "010011"},
      {text("a"), text("b"), "011100"},
      {text("a"), text("a\x01"), "011100"},
      {text("\xC3\xA9"), text("z"), "010011"},
      {text(""), text(""), "100101"},
      {b_.Bool(false), b_.Bool(true), "011100"},
  };
  for (const Case& c : kCases) {
    std::string results;
    for (Op op : {Op::kEq, Op::kNe, Op::kLt, Op::kLe, Op::kGt, Op::kGe}) {
      results += Eval(b_.Compare(op, c.a, c.b)) == "true" ? '1' : '0';
    }
    EXPECT_EQ(results, c.results) << &c - kCases;
  }
}

// Every operand of && and || may be true, false, or one of two errors.
TEST_F(InterpretTest, LogicAbsorbsErrorsAndReportsTheLeftmost) {
  const std::string overflow = "integer overflow@+";
  const std::string division = "division by zero@/";
  const std::vector<std::pair<std::string, NodeId>> left = {
      {"true", b_.Bool(true)}, {"false", b_.Bool(false)}, {overflow, Overflow()}};
  const std::vector<std::pair<std::string, NodeId>> right = {
      {"true", b_.Bool(true)}, {"false", b_.Bool(false)}, {division, DivideByZero()}};
  for (const auto& [l, a] : left) {
    for (const auto& [r, b] : right) {
      const std::string both = l == "false" || r == "false" ? "false" : l == overflow ? l : r;
      const std::string either = l == "true" || r == "true" ? "true" : l == overflow ? l : r;
      EXPECT_EQ(Eval(b_.And(a, b)), both) << l << " && " << r;
      EXPECT_EQ(Eval(b_.Or(a, b)), either) << l << " || " << r;
    }
  }
  EXPECT_EQ(Eval(b_.Not(Overflow())), overflow);
}

TEST_F(InterpretTest, OnlyTheChosenBranchIsComputed) {
  EXPECT_EQ(Eval(b_.Cond(b_.Bool(true), b_.Bool(true), Overflow())), "true");
  EXPECT_EQ(Eval(b_.Cond(b_.Bool(false), Overflow(), b_.Bool(true))), "true");
  EXPECT_EQ(Eval(b_.Cond(b_.Bool(false), b_.Bool(true), Overflow())), "integer overflow@+");
  EXPECT_EQ(Eval(b_.Cond(DivideByZero(), b_.Bool(true), Overflow())), "division by zero@/");
}

TEST_F(InterpretTest, BindIsStrict) {
  EXPECT_EQ(Eval(b_.Bind(Overflow(), [&](NodeId) { return b_.Int(1); })), "integer overflow@+");
  EXPECT_EQ(Eval(b_.Bind(b_.Int(4), [&](NodeId x) { return b_.Arithmetic(Op::kMul, x, x); })), "16");
}

TEST_F(InterpretTest, MissingValues) {
  const NodeId none = b_.None(kIntType);
  const NodeId some = b_.Some(b_.Int(7));
  const NodeId failing = b_.Some(b_.Plus(b_.Int(kMax), b_.Int(1)));
  EXPECT_EQ(Eval(b_.Has(none)), "false");
  EXPECT_EQ(Eval(b_.Has(some)), "true");
  EXPECT_EQ(Eval(b_.Has(failing)), "integer overflow@+");
  EXPECT_EQ(Eval(b_.Unwrap(some)), "7");
  EXPECT_EQ(Eval(b_.Unwrap(none)), "missing value@unwrap");
  EXPECT_EQ(Eval(b_.Coalesce(none, b_.Int(1))), "1");
  EXPECT_EQ(Eval(b_.Coalesce(some, b_.Divide(b_.Int(1), b_.Int(0)))), "7") << "the right is not computed";
  EXPECT_EQ(Eval(b_.Coalesce(failing, b_.Int(1))), "integer overflow@+") << "only absence is absorbed";
  EXPECT_EQ(Eval(b_.Coalesce(none, some)), "7");
  EXPECT_EQ(Eval(b_.Coalesce(none, none)), "<missing>");
}

TEST_F(InterpretTest, ListsAndSets) {
  const NodeId list = Ints({10, 20, 20});
  EXPECT_EQ(Eval(b_.Index(list, b_.Int(0))), "10");
  EXPECT_EQ(Eval(b_.Index(list, b_.Int(2))), "20");
  EXPECT_EQ(Eval(b_.Index(list, b_.Int(3))), "index out of range@index");
  EXPECT_EQ(Eval(b_.Index(list, b_.Int(-1))), "index out of range@index");
  EXPECT_EQ(Eval(b_.Size(list)), "3");
  EXPECT_EQ(Eval(b_.Size(b_.Set(kIntType, {b_.Int(1), b_.Int(2), b_.Int(1)}))), "2");
  EXPECT_EQ(Eval(b_.In(b_.Int(20), list)), "true");
  EXPECT_EQ(Eval(b_.In(b_.Int(21), list)), "false");
  const double nan = std::nan("");
  EXPECT_EQ(Eval(b_.In(b_.Double(nan), b_.Set(kDoubleType, {b_.Double(nan)}))), "false");
  EXPECT_EQ(Eval(b_.In(b_.Double(-0.0), b_.Set(kDoubleType, {b_.Double(0)}))), "true");
  EXPECT_EQ(Eval(b_.Size(b_.List(kIntType, {b_.Int(1), b_.Divide(b_.Int(1), b_.Int(0))}))), "division by zero@/");
  const NodeId declared = b_.ListData(b_.AddList("words"));
  EXPECT_EQ(Eval(b_.In(b_.String("spam"), declared)), "true");
  EXPECT_EQ(Eval(b_.In(b_.String("ham"), declared)), "false");
  EXPECT_EQ(Eval(b_.Size(declared)), "2");
  EXPECT_EQ(Eval(b_.Exists(declared, [&](NodeId word) { return b_.Eq(word, b_.String("eggs")); })), "true");
}

// Each element of the list stands for what the body gives for it: t, f, or an error o, d.
TEST_F(InterpretTest, ComprehensionsAbsorbErrorsAndReportTheFirst) {
  struct Case {
    std::vector<std::string> elements;
    std::string exists, all;
  };
  const std::string overflow = "integer overflow@+";
  const std::string division = "division by zero@/";
  const Case kCases[] = {
      {{}, "false", "true"},
      {{"f", "t"}, "true", "false"},
      {{"t", "t"}, "true", "true"},
      {{"f", "f"}, "false", "false"},
      {{"o", "t"}, "true", overflow},
      {{"o", "f"}, overflow, "false"},
      {{"f", "d", "o"}, division, "false"},
      {{"t", "d", "o"}, "true", division},
      {{"o", "d"}, overflow, overflow},
  };
  const auto body = [&](NodeId x) {
    const NodeId rest = b_.Cond(b_.Eq(x, b_.String("o")), Overflow(), DivideByZero());
    return b_.Cond(b_.Eq(x, b_.String("t")), b_.Bool(true), b_.Cond(b_.Eq(x, b_.String("f")), b_.Bool(false), rest));
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Eval(b_.Exists(Texts(c.elements), body)), c.exists) << testing::PrintToString(c.elements);
    EXPECT_EQ(Eval(b_.All(Texts(c.elements), body)), c.all) << testing::PrintToString(c.elements);
  }
}

TEST_F(InterpretTest, EachVisitCostsAStepOfFuel) {
  const auto is_three = [&](NodeId x) { return b_.Eq(x, b_.Int(3)); };
  const NodeId find = b_.Exists(Ints({1, 2, 3, 4}), is_three);
  EXPECT_EQ(Eval(find, 3), "true");
  EXPECT_EQ(Eval(find, 2), "out of evaluation steps@exists");
  EXPECT_EQ(Eval(b_.Exists(Ints({}), is_three), 0), "false");
  const NodeId fails_first =
      b_.Exists(Ints({0, 1}), [&](NodeId x) { return b_.Gt(b_.Divide(b_.Int(1), x), b_.Int(9)); });
  EXPECT_EQ(Eval(fails_first, 1), "division by zero@/") << "an earlier error comes first";
  EXPECT_EQ(Eval(b_.Or(find, b_.Bool(true)), 0), "true") << "absorbed like any other error";
  const NodeId nested = b_.Exists(Ints({1, 2}), [&](NodeId) { return b_.Exists(Ints({1, 2}), is_three); });
  EXPECT_EQ(Eval(nested, 6), "false");
  EXPECT_EQ(Eval(nested, 5), "out of evaluation steps@exists");
}

TEST_F(InterpretTest, WorkOnTextsWithinAComprehensionTakesFuel) {
  const NodeId text = b_.String(std::string(640, 'a'));
  const auto within = [&](auto body) { return b_.Exists(Ints({1, 2}), [&](NodeId) { return body(); }); };
  const NodeId contains = within([&] { return TextOp(Op::kContains, kBoolType, {text, b_.String("b")}); });
  EXPECT_EQ(Eval(contains, 2 + 2 * 10), "false");
  EXPECT_EQ(Eval(contains, 2 + 2 * 10 - 1), "out of evaluation steps@exists");
  const NodeId matches = within([&] { return b_.Matches(text, "b"); });
  EXPECT_EQ(Eval(matches, 2 + 2 * 40), "false");
  EXPECT_EQ(Eval(matches, 2 + 2 * 40 - 1), "out of evaluation steps@exists");
  const NodeId search = within([&] { return b_.In(text, b_.List(kStringType, {b_.Render(b_.Int(1)), b_.Render(b_.Int(2))})); });
  EXPECT_EQ(Eval(search, 2 + 2 * 2 * 11), "false");
  EXPECT_EQ(Eval(search, 2 + 2 * 2 * 11 - 1), "out of evaluation steps@exists");
  const NodeId literal = within([&] { return b_.Or(b_.Eq(text, b_.String("b")), b_.In(text, Texts({"a", "b"}))); });
  EXPECT_EQ(Eval(literal, 2), "false") << "short by construction";
  EXPECT_EQ(Eval(TextOp(Op::kContains, kBoolType, {text, b_.String("b")}), 0), "false") << "once a request, whatever its size";
  const LetId let = b_.AddLet("once", b_.Matches(text, "b"));
  EXPECT_EQ(Eval(within([&] { return b_.LetRef(let); }), 2), "false") << "a let is computed once, wherever it is used first";
}

TEST_F(InterpretTest, ACallOfASourceTakesFuelWhereverItStands) {
  test::FakeSources sources([](SourceId, std::span<const Scalar>, Scalar* result) {
    *result = {.kind = TypeKind::kInt, .integer = 5};
    return true;
  });
  sources_ = &sources;
  const SourceId ask = b_.AddSource("ask", {kStringType, kIntType}, kIntType);
  const NodeId call = b_.Call(ask, {b_.String(std::string(128, 'a')), b_.Int(1)});
  EXPECT_EQ(Eval(call, kSourceSteps + 2), "5");
  EXPECT_EQ(Eval(call, kSourceSteps + 1), "out of evaluation steps@source");
}

TEST_F(InterpretTest, TextOperations) {
  const auto text = [&](const char* t) { return b_.String(t); };
  EXPECT_EQ(Eval(b_.Size(text("aé€😀"))), "4");
  EXPECT_EQ(Eval(TextOp(Op::kStartsWith, kBoolType, {text("abc"), text("ab")})), "true");
  EXPECT_EQ(Eval(TextOp(Op::kEndsWith, kBoolType, {text("abc"), text("bc")})), "true");
  EXPECT_EQ(Eval(TextOp(Op::kContains, kBoolType, {text("abc"), text("x")})), "false");
  EXPECT_EQ(Eval(b_.Library(Function::kStringIndexOf, {text("éa"), text("a")})), "1");
  EXPECT_EQ(Eval(b_.Library(Function::kStringIndexOfFrom, {text("aaa"), text("a"), b_.Int(2)})), "2");
  EXPECT_EQ(Eval(b_.Library(Function::kStringIndexOfFrom, {text("aaa"), text("a"), b_.Int(4)})),
            "index out of range@call");
  EXPECT_EQ(Eval(b_.Library(Function::kStringSubstring, {text("éab"), b_.Int(1)})), "ab");
  EXPECT_EQ(Eval(b_.Library(Function::kStringSubstring, {text("ab"), b_.Int(3)})), "index out of range@call");
  EXPECT_EQ(Eval(b_.Library(Function::kStringSubstringTo, {text("éab"), b_.Int(0), b_.Int(2)})), "éa");
  EXPECT_EQ(Eval(b_.Library(Function::kStringSubstringTo, {text("ab"), b_.Int(2), b_.Int(1)})),
            "index out of range@call");
  EXPECT_EQ(Eval(b_.Library(Function::kStringLowerAscii, {text("AÉ")})), "aÉ");
  EXPECT_EQ(Eval(b_.Library(Function::kUrlDecode, {text("%2541+")})), "%41 ");
  EXPECT_EQ(Eval(b_.Library(Function::kHtmlDecode, {text("&lt;&#62")})), "<>");
  EXPECT_EQ(Eval(b_.Matches(text("xaby"), "a.*y$")), "true");
  EXPECT_EQ(Eval(b_.Matches(text("xaby"), "^a")), "false");
  const NodeId parts = b_.Library(Function::kStringSplit, {text("a,b,,c"), text(",")});
  EXPECT_EQ(Eval(b_.Size(parts)), "4");
  EXPECT_EQ(Eval(b_.Index(parts, b_.Int(3))), "c");
  EXPECT_EQ(Eval(b_.In(b_.String(""), parts)), "true");
}

TEST_F(InterpretTest, RenderingIsTotal) {
  EXPECT_EQ(Eval(b_.Render(Overflow())), "<error>");
  EXPECT_EQ(Eval(b_.Render(b_.None(kStringType))), "<missing>");
  EXPECT_EQ(Eval(b_.Render(b_.Some(b_.Double(1.5)))), "1.5");
  EXPECT_EQ(Eval(b_.Render(b_.Bool(false))), "false");
  const TypeId action = b_.types().AddEnum({"Action", {"login", "signup"}});
  EXPECT_EQ(Eval(b_.Render(b_.Enum(action, 1))), "signup");
}

TEST_F(InterpretTest, AFullArenaIsAnError) {
  b_.AddRule("r", b_.Eq(b_.Plus(b_.String("a"), b_.String("b")), b_.String("ab")),
             b_.Plus(b_.Render(b_.Int(1)), b_.String("x")));
  const Program program = b_.Build();
  Arena arena(0);
  const LayoutRef layout = NativeLayout(program.types, program.input);
  const EvalInput input{.layout = layout.get(), .arena = &arena};
  const Outcome outcome = Interpret(program, input);
  ASSERT_EQ(outcome.errors.size(), 1u);
  EXPECT_EQ(outcome.errors[0].error.kind, ErrorKind::kArenaExhausted);
  EXPECT_EQ(InterpretReason(program, input, 0), "") << "a reason that cannot be written is empty";
}

TEST_F(InterpretTest, ALetIsComputedAtMostOnceAndOnlyIfNeeded) {
  test::FakeSources sources([](SourceId, std::span<const Scalar>, Scalar* result) {
    *result = {.kind = TypeKind::kBool, .integer = 1};
    return true;
  });
  sources_ = &sources;
  const SourceId asked = b_.AddSource("asked", {}, kBoolType);
  const LetId unused = b_.AddLet("unused", b_.Exists(Ints({1, 2, 3}), [&](NodeId) { return b_.Bool(false); }));
  const LetId counted = b_.AddLet("counted", b_.All(Ints({1, 2, 3}), [&](NodeId) { return b_.Call(asked, {}); }));
  const NodeId twice = b_.And(b_.LetRef(counted), b_.LetRef(counted));
  EXPECT_EQ(Eval(b_.And(twice, b_.Or(b_.Bool(true), b_.LetRef(unused))), 3 * (1 + kSourceSteps)), "true")
      << "the steps of fuel are enough";
  const LetId failing = b_.AddLet("failing", Overflow());
  EXPECT_EQ(Eval(b_.And(b_.LetRef(failing), b_.LetRef(failing))), "integer overflow@+")
      << "the error keeps its own site";
}

TEST_F(InterpretTest, SourcesAnswerOrFail) {
  const TypeId action = b_.types().AddEnum({"Action", {"login", "signup"}});
  const SourceId length = b_.AddSource("length", {kStringType, kIntType}, kIntType);
  const SourceId wrong = b_.AddSource("wrong", {}, kIntType);
  const SourceId act = b_.AddSource("act", {kIntType}, action);
  const NodeId call = b_.Call(length, {b_.String("abc"), b_.Int(10)});
  EXPECT_EQ(Eval(call), "source failed@source") << "no host";
  test::FakeSources sources([&](SourceId source, std::span<const Scalar> arguments, Scalar* result) {
    if (source == length && arguments[1].integer == 0) return false;
    if (source == length)
      *result = {.kind = TypeKind::kInt,
                 .integer = static_cast<int64_t>(arguments[0].text.size()) + arguments[1].integer};
    if (source == wrong) *result = {.kind = TypeKind::kString, .text = "no int"};
    if (source == act) *result = {.kind = TypeKind::kEnum, .integer = arguments[0].integer};
    return true;
  });
  sources_ = &sources;
  EXPECT_EQ(Eval(call), "13");
  EXPECT_EQ(sources.calls(), std::vector<std::string>{"source 0(string abc, int 10)"});
  EXPECT_EQ(Eval(b_.Call(length, {b_.String("abc"), b_.Int(0)})), "source failed@source");
  EXPECT_EQ(Eval(b_.Call(length, {b_.String("abc"), b_.Divide(b_.Int(1), b_.Int(0))})), "division by zero@/");
  EXPECT_EQ(Eval(b_.Call(wrong, {})), "source failed@source") << "a result of another type";
  EXPECT_EQ(Eval(b_.Call(act, {b_.Int(1)})), "signup");
  for (int64_t ordinal : {int64_t{2}, int64_t{-1}, kMin})
    EXPECT_EQ(Eval(b_.Call(act, {b_.Int(ordinal)})), "source failed@source");
  EXPECT_EQ(Eval(b_.Or(b_.Bool(true), b_.Eq(b_.Call(length, {b_.String("never"), b_.Int(1)}), b_.Int(0)))), "true");
  for (const std::string& c : sources.calls()) EXPECT_EQ(c.find("never"), std::string::npos) << "called speculatively";
}

TEST_F(InterpretTest, TheDeepestProgramThatVerifyAllowsIsEvaluated) {
  NodeId node = b_.Int(0);
  for (uint32_t k = 0; k < kMaxDepth - 4; ++k) node = b_.Plus(node, b_.Int(1));
  EXPECT_EQ(Eval(node), std::to_string(kMaxDepth - 4));
}

}  // namespace
}  // namespace moult::lang
