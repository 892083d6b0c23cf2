// Every operation, executed, against the interpreter: tables of expressions over the inputs of fixture.h, host-bound and native, by
// every kind of processor. A bool is a rule's condition; any other value is compared with itself there, so that its errors are
// the rule's, and rendered as the rule's reason.
#include <algorithm>
#include <functional>

#include "tests/codegen/fixture.h"

namespace moult::codegen::test {
namespace {

using lang::kBoolType;
using lang::kDoubleType;
using lang::kIntType;
using lang::kStringType;
using lang::NodeId;
using lang::Function;
using lang::Op;
using B = InputBuilder;

struct Case {
  const char* name;
  std::function<NodeId(B&)> make;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class ExpressionTest : public testing::TestWithParam<Case> {};

TEST_P(ExpressionTest, GivesWhatTheInterpreterGives) {
  B b;
  const NodeId value = GetParam().make(b);
  const bool is_bool = b.TypeOf(value) == kBoolType;
  b.AddRule("rule", is_bool ? value : b.Eq(value, value), b.Render(value));
  b.AddRule("negated", b.Not(is_bool ? value : b.Eq(value, value))).fires_on_error = false;
  const std::vector<HostInput> inputs = Inputs();
  ExpectSameAsInterpreter(b.Build(), inputs, {{"hello", "fox", "ada"}});
}

std::string Name(const testing::TestParamInfo<Case>& info) { return info.param.name; }

// One case for each comparison operator would hide which failed: a case holds one operator over several operand forms, or-ed by
// position into an int.
NodeId Bits(B& b, const std::vector<NodeId>& bools) {
  NodeId sum = b.Int(0);
  for (size_t k = 0; k < bools.size(); ++k) sum = b.Plus(sum, b.Cond(bools[k], b.Int(int64_t{1} << k), b.Int(0)));
  return sum;
}

NodeId IntCompares(B& b, Op op) {
  return Bits(b, {b.Compare(op, b.Field("a"), b.Int(3)), b.Compare(op, b.Int(-2), b.Field("b")),
                  b.Compare(op, b.Field("a"), b.Field("b")), b.Compare(op, b.Field("a"), b.Int(int64_t{1} << 40)),
                  b.Compare(op, b.Plus(b.Field("a"), b.Int(1)), b.Plus(b.Field("b"), b.Int(6))),
                  b.Compare(op, b.Size(b.Field("s")), b.Size(b.Field("t"))),
                  b.Compare(op, b.Int(1), b.Int(2)), b.Compare(op, b.Field("flag"), b.Bool(true))});
}

NodeId DoubleCompares(B& b, Op op) {
  const NodeId nan = b.Double(std::numeric_limits<double>::quiet_NaN());
  return Bits(b, {b.Compare(op, b.Field("x"), b.Double(2.5)), b.Compare(op, b.Field("x"), b.Field("y")),
                  b.Compare(op, b.Field("x"), nan), b.Compare(op, nan, nan),
                  b.Compare(op, b.Plus(b.Field("x"), b.Double(1)), b.Plus(b.Field("y"), b.Double(3))),
                  b.Compare(op, b.Double(0.0), b.Double(-0.0))});
}

NodeId MixedCompares(B& b, Op op) {
  return Bits(b, {b.Compare(op, b.Field("a"), b.Double(2.5)), b.Compare(op, b.Double(3), b.Field("a")),
                  b.Compare(op, b.Field("x"), b.Int(9007199254740993)), b.Compare(op, b.Field("x"), b.Int(2)),
                  b.Compare(op, b.Int(INT64_MAX), b.Field("x")), b.Compare(op, b.Field("a"), b.Field("x")),
                  b.Compare(op, b.Field("y"), b.Field("b"))});
}

NodeId TextCompares(B& b, Op op) {
  return Bits(b, {b.Compare(op, b.Field("s"), b.Field("t")), b.Compare(op, b.Field("s"), b.String("hello")),
                  b.Compare(op, b.String(""), b.Field("t")), b.Compare(op, b.Field("s"), b.Field("s")),
                  b.Compare(op, b.Library(Function::kStringLowerAscii, {b.Field("s")}), b.String("hello, world"))});
}

NodeId EnumCompares(B& b, Op op) {
  return Bits(b, {b.Compare(op, b.Field("action"), b.Enum(b.action, 1)),
                  b.Compare(op, b.Field("action"), b.Field(b.Field("user"), "action"))});
}

INSTANTIATE_TEST_SUITE_P(
    Comparison, ExpressionTest,
    testing::Values(
        Case{"IntEq", [](B& b) { return IntCompares(b, Op::kEq); }}, Case{"IntNe", [](B& b) { return IntCompares(b, Op::kNe); }},
        Case{"IntLt", [](B& b) { return IntCompares(b, Op::kLt); }}, Case{"IntLe", [](B& b) { return IntCompares(b, Op::kLe); }},
        Case{"IntGt", [](B& b) { return IntCompares(b, Op::kGt); }}, Case{"IntGe", [](B& b) { return IntCompares(b, Op::kGe); }},
        Case{"DoubleEq", [](B& b) { return DoubleCompares(b, Op::kEq); }},
        Case{"DoubleNe", [](B& b) { return DoubleCompares(b, Op::kNe); }},
        Case{"DoubleLt", [](B& b) { return DoubleCompares(b, Op::kLt); }},
        Case{"DoubleLe", [](B& b) { return DoubleCompares(b, Op::kLe); }},
        Case{"DoubleGt", [](B& b) { return DoubleCompares(b, Op::kGt); }},
        Case{"DoubleGe", [](B& b) { return DoubleCompares(b, Op::kGe); }},
        Case{"MixedEq", [](B& b) { return MixedCompares(b, Op::kEq); }},
        Case{"MixedNe", [](B& b) { return MixedCompares(b, Op::kNe); }},
        Case{"MixedLt", [](B& b) { return MixedCompares(b, Op::kLt); }},
        Case{"MixedLe", [](B& b) { return MixedCompares(b, Op::kLe); }},
        Case{"MixedGt", [](B& b) { return MixedCompares(b, Op::kGt); }},
        Case{"MixedGe", [](B& b) { return MixedCompares(b, Op::kGe); }},
        Case{"TextEq", [](B& b) { return TextCompares(b, Op::kEq); }}, Case{"TextNe", [](B& b) { return TextCompares(b, Op::kNe); }},
        Case{"TextLt", [](B& b) { return TextCompares(b, Op::kLt); }}, Case{"TextLe", [](B& b) { return TextCompares(b, Op::kLe); }},
        Case{"TextGt", [](B& b) { return TextCompares(b, Op::kGt); }}, Case{"TextGe", [](B& b) { return TextCompares(b, Op::kGe); }},
        Case{"EnumEq", [](B& b) { return EnumCompares(b, Op::kEq); }},
        Case{"EnumNe", [](B& b) { return EnumCompares(b, Op::kNe); }}),
    Name);

NodeId IntOp(B& b, Op op) {
  return b.Arithmetic(op, b.Arithmetic(op, b.Field("big"), b.Field("a")), b.Plus(b.Field("b"), b.Int(2)));
}

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, ExpressionTest,
    testing::Values(
        Case{"Add", [](B& b) { return IntOp(b, Op::kAdd); }}, Case{"Sub", [](B& b) { return IntOp(b, Op::kSub); }},
        Case{"Mul", [](B& b) { return IntOp(b, Op::kMul); }}, Case{"Div", [](B& b) { return IntOp(b, Op::kDiv); }},
        Case{"Mod", [](B& b) { return IntOp(b, Op::kMod); }}, Case{"Neg", [](B& b) { return b.Neg(b.Field("big")); }},
        Case{"NegLeast", [](B& b) { return b.Neg(b.Int(INT64_MIN)); }},
        Case{"DivLeastByMinusOne", [](B& b) { return b.Divide(b.Int(INT64_MIN), b.Plus(b.Size(b.Field("t")), b.Int(-6))); }},
        Case{"ModLeastByMinusOne",
             [](B& b) { return b.Arithmetic(Op::kMod, b.Coalesce(b.Field("maybe"), b.Int(1)), b.Int(-1)); }},
        Case{"DoubleAll",
             [](B& b) {
               return b.Arithmetic(Op::kDiv, b.Arithmetic(Op::kMul, b.Plus(b.Field("x"), b.Field("y")), b.Double(2)),
                                   b.Arithmetic(Op::kSub, b.Field("y"), b.Neg(b.Field("x"))));
             }},
        Case{"Concat", [](B& b) { return b.Plus(b.Plus(b.Field("s"), b.String("|")), b.Field("t")); }},
        Case{"Deep",
             [](B& b) {
               NodeId sum = b.Field("a");
               for (int k = 0; k < 200; ++k) sum = b.Plus(b.Int(k), b.Plus(sum, b.Field("b")));
               return sum;
             }}),
    Name);

NodeId Text2(B& b, Op op, NodeId x, NodeId y) { return b.Add(op, kBoolType, {x, y}); }

NodeId Affixes(B& b, Op op) {
  std::vector<NodeId> bools;
  const std::string text = "The quick brown fox jumps over the lazy dog and then some more text to pass sixty-four";
  for (size_t size : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 86}) {
    bools.push_back(Text2(b, op, b.Field("s"), b.String(op == Op::kStartsWith ? text.substr(0, size) : text.substr(text.size() - size))));
  }
  bools.push_back(Text2(b, op, b.Field("s"), b.Field("t")));
  bools.push_back(Text2(b, op, b.Field("s"), b.String("world")));
  return Bits(b, bools);
}

INSTANTIATE_TEST_SUITE_P(
    Text, ExpressionTest,
    testing::Values(
        Case{"StartsWith", [](B& b) { return Affixes(b, Op::kStartsWith); }},
        Case{"EndsWith", [](B& b) { return Affixes(b, Op::kEndsWith); }},
        Case{"Contains", [](B& b) { return Text2(b, Op::kContains, b.Field("s"), b.String("o")); }},
        Case{"IndexOf", [](B& b) { return b.Library(Function::kStringIndexOf, {b.Field("s"), b.Field("t")}); }},
        Case{"IndexOfFrom",
             [](B& b) { return b.Library(Function::kStringIndexOfFrom, {b.Field("s"), b.String("l"), b.Field("a")}); }},
        Case{"Substring", [](B& b) { return b.Library(Function::kStringSubstring, {b.Field("s"), b.Field("a")}); }},
        Case{"SubstringTo", [](B& b) { return b.Library(Function::kStringSubstringTo, {b.Field("s"), b.Int(0), b.Field("a")}); }},
        Case{"Split",
             [](B& b) {
               const NodeId parts = b.Library(Function::kStringSplit, {b.Field("s"), b.String("l")});
               return b.Plus(b.Index(parts, b.Int(0)), b.Index(parts, b.Int(1)));
             }},
        Case{"LowerAscii", [](B& b) { return b.Library(Function::kStringLowerAscii, {b.Field("s")}); }},
        Case{"UrlDecode", [](B& b) { return b.Library(Function::kUrlDecode, {b.Field("s")}); }},
        Case{"HtmlDecode", [](B& b) { return b.Library(Function::kHtmlDecode, {b.Field("s")}); }},
        Case{"Matches", [](B& b) { return b.And(b.Matches(b.Field("s"), "l+o"), b.Not(b.Matches(b.Field("t"), "^w"))); }},
        Case{"Size", [](B& b) { return b.Plus(b.Size(b.Field("s")), b.Size(b.Field("t"))); }},
        Case{"RenderEverything",
             [](B& b) {
               NodeId text = b.Render(b.Field("a"));
               for (const char* name : {"big", "flag", "x", "s", "action", "maybe", "nick"}) text = b.Plus(text, b.Render(b.Field(name)));
               return text;
             }}),
    Name);

// A literal of each size class equals its text and none that differs in one byte, wherever that is.
TEST(LiteralTest, DiffersFromEveryTextThatDiffersInOneByte) {
  for (size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 24, 31, 32, 33, 47, 63, 64, 65, 96, 127, 128, 129, 200}) {
    std::string literal;
    for (size_t k = 0; k < size; ++k) literal.push_back(static_cast<char>(k * 37 + 129));
    B b;
    b.AddRule("equal", b.Eq(b.Field("s"), b.String(literal)));
    b.AddRule("in", b.In(b.Field("s"), b.List(kStringType, {b.String(literal + "x"), b.String(literal), b.String("zz")})));
    b.AddRule("differ", b.Compare(Op::kNe, b.Field("s"), b.String(literal)));
    const lang::Program program = b.Build();
    std::vector<HostInput> inputs(size + 2);
    inputs[size].s = literal;
    inputs[size + 1].s = literal + "x";
    for (size_t k = 0; k < size; ++k) {
      inputs[k].s = literal;
      inputs[k].s[k] = static_cast<char>(inputs[k].s[k] ^ 0x10);
    }
    const Coverage coverage = ExpectSameAsInterpreter(program, inputs);
    EXPECT_EQ(coverage.fired[0], 2 * Processors().size()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Membership, ExpressionTest,
    testing::Values(
        Case{"Ints", [](B& b) { return b.In(b.Field("a"), b.Set(kIntType, {b.Int(3), b.Int(4), b.Int(5), b.Int(9), b.Int(INT64_MIN)})); }},
        Case{"Doubles", [](B& b) { return b.In(b.Field("x"), b.List(kDoubleType, {b.Double(2.5), b.Double(-0.0)})); }},
        Case{"Texts", [](B& b) { return b.In(b.Field("t"), b.Set(kStringType, {b.String(""), b.String("world"), b.String("hello")})); }},
        Case{"NoTexts", [](B& b) { return b.In(b.Field("t"), b.List(kStringType, {})); }},
        Case{"Enums", [](B& b) { return b.In(b.Field("action"), b.List(b.action, {b.Enum(b.action, 0), b.Enum(b.action, 2)})); }},
        Case{"Bools", [](B& b) { return b.In(b.Field("flag"), b.List(kBoolType, {b.Bool(true)})); }},
        Case{"IntList", [](B& b) { return b.In(b.Field("a"), b.Field("numbers")); }},
        Case{"TextList", [](B& b) { return b.In(b.Field("t"), b.Field("words")); }},
        Case{"DoubleList", [](B& b) { return b.In(b.Field("x"), b.Field("reals")); }},
        Case{"MapKeys", [](B& b) { return b.In(b.Field("t"), b.Field("headers")); }},
        Case{"Computed", [](B& b) { return b.In(b.Field("a"), b.List(kIntType, {b.Field("b"), b.Plus(b.Field("b"), b.Int(5))})); }},
        Case{"ListData", [](B& b) { return b.In(b.Field("t"), b.ListData(b.AddList("known"))); }},
        Case{"ListDataSize", [](B& b) { return b.Size(b.ListData(b.AddList("known"))); }},
        Case{"ListDataExists",
             [](B& b) {
               return b.Exists(b.ListData(b.AddList("known")),
                               [&](NodeId item) { return Text2(b, Op::kContains, b.Field("s"), item); });
             }}),
    Name);

INSTANTIATE_TEST_SUITE_P(
    Structure, ExpressionTest,
    testing::Values(
        Case{"Index", [](B& b) { return b.Index(b.Field("numbers"), b.Plus(b.Field("b"), b.Int(2))); }},
        Case{"IndexText", [](B& b) { return b.Index(b.Field("words"), b.Int(1)); }},
        Case{"IndexRecord", [](B& b) { return b.Field(b.Index(b.Field("users"), b.Int(0)), "country"); }},
        Case{"IndexEnum", [](B& b) { return b.Field(b.Index(b.Field("users"), b.Int(0)), "action"); }},
        Case{"MapGet", [](B& b) { return b.MapGet(b.Field("headers"), b.String("host")); }},
        Case{"MapGetComputed", [](B& b) { return b.MapGet(b.Field("headers"), b.Field("t")); }},
        Case{"MapFind", [](B& b) { return b.Coalesce(b.MapFind(b.Field("headers"), b.Field("t")), b.String("-")); }},
        Case{"Bind", [](B& b) { return b.Bind(b.Plus(b.Field("a"), b.Int(1)), [&](NodeId v) { return b.Plus(v, v); }); }},
        Case{"BindText", [](B& b) { return b.Bind(b.Plus(b.Field("s"), b.Field("t")), [&](NodeId v) { return b.Plus(v, v); }); }},
        Case{"BindOptional", [](B& b) { return b.Bind(b.Field("maybe"), [&](NodeId v) { return b.Coalesce(v, b.Int(-1)); }); }},
        Case{"BindRecord", [](B& b) { return b.Bind(b.Field("user"), [&](NodeId v) { return b.Field(v, "id"); }); }},
        Case{"MakeSetOnce",
             [](B& b) {
               return b.Plus(b.Size(b.Set(kStringType, {b.String("a"), b.String("b"), b.String("a")})),
                             b.Size(b.Set(kDoubleType, {b.Double(0.0), b.Double(-0.0), b.Double(1)})));
             }},
        Case{"CopiedUnknownEnum",
             [](B& b) { return b.Field(b.Index(b.List(b.user, {b.Index(b.Field("users"), b.Int(1))}), b.Int(0)), "action"); }},
        Case{"JoinedLists",
             [](B& b) {
               const NodeId words = b.Cond(b.Field("flag"), b.Field("words"), b.List(kStringType, {b.String("lit")}));
               return b.Plus(b.Index(words, b.Int(0)), b.Render(b.Size(words)));
             }},
        Case{"JoinedMaps",
             [](B& b) {
               const NodeId map = b.Cond(b.Field("flag"), b.Field("headers"), b.Field("headers"));
               return b.MapGet(map, b.String("x"));
             }}),
    Name);

NodeId SomebodyFromRussia(B& b) {
  const NodeId list = b.List(b.user, {b.Field("user"), b.Index(b.Field("users"), b.Int(0))});
  return b.Exists(list, [&](NodeId u) { return b.Eq(b.Field(u, "country"), b.String("RU")); });
}

bool HasIdOutOfRange(const HostInput& input) { return input.user.id > INT64_MAX; }

TEST(ListOfRecordsTest, HoldsCopiesOfTheRecords) {
  B b;
  b.AddRule("rule", SomebodyFromRussia(b));
  EXPECT_GT(ExpectSameAsInterpreter(b.Build(), Inputs()).fired[0], 0u);
}

TEST(ListOfRecordsTest, LooksIntoWhatItIsMadeOf) {  // nothing reads the int out of range
  B b;
  b.AddRule("rule", SomebodyFromRussia(b));
  const lang::Program program = b.Build();
  std::vector<HostInput> inputs = Inputs();
  const auto odd = std::ranges::find_if(inputs, HasIdOutOfRange);
  ASSERT_NE(odd, inputs.end());
  const LayoutRef layout = *lang::BindLayout(program, *LayoutOf<HostInput>());
  MachineCode code(program, MustGenerate(program, *layout));
  lang::test::Evaluation side(program);
  const lang::Outcome outcome = code.Decide(side.Input(*layout, &*odd));
  ASSERT_EQ(outcome.errors.size(), 1u);
  EXPECT_EQ(outcome.errors[0].error.kind, lang::ErrorKind::kIntOutOfRange);
}

INSTANTIATE_TEST_SUITE_P(
    Missing, ExpressionTest,
    testing::Values(
        Case{"Has", [](B& b) { return b.And(b.Has(b.Field("maybe")), b.Has(b.Field("friend_of"))); }},
        Case{"HasSome", [](B& b) { return b.Has(b.Cond(b.Field("flag"), b.Some(b.Field("a")), b.None(kIntType))); }},
        Case{"Unwrap", [](B& b) { return b.Unwrap(b.Field("nick")); }},
        Case{"UnwrapGuarded", [](B& b) { return b.And(b.Has(b.Field("nick")), b.Eq(b.Unwrap(b.Field("nick")), b.String("ada"))); }},
        Case{"UnwrapRecord", [](B& b) { return b.Field(b.Unwrap(b.Field("friend_of")), "country"); }},
        Case{"UnwrapRecordBigId", [](B& b) { return b.Field(b.Unwrap(b.Field("friend_of")), "id"); }},
        Case{"Coalesce", [](B& b) { return b.Coalesce(b.Field("nick"), b.Field("s")); }},
        Case{"CoalesceOptional", [](B& b) { return b.Coalesce(b.Coalesce(b.Field("maybe"), b.Some(b.Field("a"))), b.Int(9)); }},
        Case{"CoalesceRecord", [](B& b) { return b.Field(b.Coalesce(b.Field("friend_of"), b.Field("user")), "country"); }},
        Case{"CoalesceErrorOfLeft",
             [](B& b) { return b.Coalesce(b.Some(b.Divide(b.Int(1), b.Field("b"))), b.Int(7)); }}),
    Name);

// Operands of logic: true, false, and two errors that can be told apart.
NodeId Operand(B& b, int kind) {
  switch (kind) {
    case 0: return b.Compare(Op::kGe, b.Field("s"), b.String(""));  // true, not folded
    case 1: return b.Lt(b.Field("s"), b.String(""));                // false
    case 2: return b.Eq(b.Divide(b.Field("a"), b.Int(0)), b.Int(0));
    default: return b.Eq(b.Plus(b.Int(INT64_MAX), b.Plus(b.Size(b.Field("s")), b.Int(1))), b.Int(0));
  }
}

TEST(LogicTest, AbsorbsErrorsAndReportsTheLeftmost) {
  B b;
  for (Op outer : {Op::kAnd, Op::kOr}) {
    for (Op inner : {Op::kAnd, Op::kOr}) {
      for (int kinds = 0; kinds < 64; ++kinds) {
        const auto operand = [&](int k) { return Operand(b, kinds >> (2 * k) & 3); };
        const std::string name = std::to_string(static_cast<int>(outer)) + "/" + std::to_string(static_cast<int>(inner)) + "/" +
                                 std::to_string(kinds);
        const NodeId leaning_left = b.Add(outer, kBoolType, {b.Add(inner, kBoolType, {operand(0), operand(1)}), operand(2)});
        const NodeId leaning_right = b.Add(outer, kBoolType, {operand(0), b.Add(inner, kBoolType, {operand(1), operand(2)})});
        b.AddRule("left " + name, leaning_left);
        b.AddRule("right " + name, leaning_right).fires_on_error = false;
        b.AddRule("not " + name, b.Not(leaning_left));
        b.AddRule("value " + name, b.Eq(leaning_right, b.Bool(true)));
        b.AddRule("cond " + name, b.Cond(operand(0), leaning_left, leaning_right));
      }
    }
  }
  const std::vector<HostInput> inputs = Inputs();
  ExpectSameAsInterpreter(b.Build(), std::span(inputs).first(2));
}

TEST(ComprehensionTest, ExistsAndAllVisitElementsLikeTheInterpreter) {
  B b;
  for (bool all : {false, true}) {
    const auto over = [&](NodeId collection, auto body) { return all ? b.All(collection, body) : b.Exists(collection, body); };
    const std::string name = all ? "all " : "exists ";
    b.AddRule(name + "ints", over(b.Field("numbers"), [&](NodeId n) { return b.Gt(n, b.Int(0)); }));
    b.AddRule(name + "erring", over(b.Field("numbers"), [&](NodeId n) { return b.Gt(b.Divide(b.Int(7), n), b.Int(6)); }));
    b.AddRule(name + "texts", over(b.Field("words"), [&](NodeId w) { return b.Eq(w, b.String("hello")); }));
    b.AddRule(name + "keys", over(b.Field("headers"), [&](NodeId k) { return b.Eq(k, b.String("host")); }));
    b.AddRule(name + "records", over(b.Field("users"), [&](NodeId u) { return b.Gt(b.Field(u, "id"), b.Int(1)); }));
    b.AddRule(name + "enums", over(b.Field("users"), [&](NodeId u) { return b.Eq(b.Field(u, "action"), b.Enum(b.action, 1)); }));
    b.AddRule(name + "nested", over(b.Field("words"), [&](NodeId w) {
      return over(b.Field("users"), [&](NodeId u) { return b.Lt(b.Field(u, "country"), w); });
    }));
    b.AddRule(name + "absorbed", b.Or(over(b.Field("numbers"), [&](NodeId n) { return b.Eq(b.Divide(n, n), b.Int(1)); }), b.Field("flag")));
    b.AddRule(name + "value", b.Eq(over(b.Field("numbers"), [&](NodeId n) { return b.Eq(b.Divide(n, n), b.Int(1)); }), b.Field("flag")));
  }
  const lang::Program program = b.Build();
  const std::vector<HostInput> inputs = Inputs();
  for (uint64_t fuel : {0, 1, 2, 3, 5, 8, 1000}) ExpectSameAsInterpreter(program, inputs, {}, fuel);
}

// Fuel is compared by ExpectSameAsInterpreter; here is what takes it, with too little of it at every point.
TEST(FuelTest, WorkWithinAComprehensionTakesWhatTheInterpreterTakes) {
  B b;
  const NodeId text = b.Field("s");
  const NodeId words = b.Field("words");
  const lang::SourceId ask = b.AddSource("ask", {kStringType, kIntType, kStringType}, kIntType);
  b.AddList("animals");
  const auto within = [&](const std::string& name, auto body) {
    b.AddRule(name, b.Exists(words, [&](NodeId w) { return body(w); }));
    b.AddRule(name + ", absorbed", b.Exists(words, [&](NodeId w) { return b.And(body(w), b.Not(b.Field("flag"))); }));
  };
  for (const Op op : {Op::kEq, Op::kNe, Op::kLt, Op::kGe, Op::kContains, Op::kStartsWith, Op::kEndsWith}) {
    within(lang::OpText(op), [&](NodeId w) { return b.Add(op, kBoolType, {text, w}); });
    within(lang::OpText(op), [&](NodeId w) { return b.Add(op, kBoolType, {b.Plus(text, text), b.Plus(text, w)}); });
    within(lang::OpText(op), [&](NodeId) { return b.Add(op, kBoolType, {text, b.String("hello")}); });
  }
  within("decode", [&](NodeId w) { return b.Gt(b.Size(b.Library(Function::kHtmlDecode, {text})), b.Size(w)); });
  within("indexOf", [&](NodeId w) { return b.Gt(b.Library(Function::kStringIndexOf, {text, w}), b.Int(0)); });
  within("substring", [&](NodeId w) { return b.Eq(b.Library(Function::kStringSubstring, {text, b.Int(1)}), w); });
  within("matches", [&](NodeId) { return b.Matches(text, "dog.*z"); });
  within("split", [&](NodeId w) { return b.In(w, b.Library(Function::kStringSplit, {text, b.String(" ")})); });
  within("in ints", [&](NodeId w) { return b.In(b.Size(w), b.Field("numbers")); });
  within("in map", [&](NodeId w) { return b.In(b.Plus(text, w), b.Field("headers")); });
  within("in list data", [&](NodeId w) { return b.In(b.Plus(text, w), b.ListData(0)); });
  within("in literal", [&](NodeId w) { return b.In(w, b.List(kStringType, {b.String("fox"), b.String("dog")})); });
  within("map get", [&](NodeId w) { return b.Eq(b.MapGet(b.Field("headers"), text), w); });
  within("map find", [&](NodeId w) { return b.Has(b.MapFind(b.Field("headers"), w)); });
  within("source", [&](NodeId w) { return b.Gt(b.Call(ask, {w, b.Field("a"), text}), b.Int(4)); });
  b.AddRule("source alone", b.Gt(b.Call(ask, {text, b.Field("a"), text}), b.Int(4)));
  const lang::LetId let = b.AddLet("once", b.Matches(text, "dog"));
  within("let", [&](NodeId) { return b.Not(b.LetRef(let)); });
  const std::vector<HostInput> inputs = Inputs();
  const lang::Program program = b.Build();
  for (uint64_t fuel : {0, 1, 2, 7, 33, 103, 480, 100000}) ExpectSameAsInterpreter(program, inputs, {{"fox"}}, fuel);
}

TEST(LetTest, IsComputedOnceAndKeepsItsError) {
  B b;
  const lang::SourceId source = b.AddSource("slow", {kIntType, kStringType}, kIntType);
  const lang::SourceId texts = b.AddSource("name", {b.action, kBoolType, kDoubleType}, kStringType);
  const lang::SourceId enums = b.AddSource("kind", {kIntType}, b.action);
  const lang::LetId called = b.AddLet("called", b.Call(source, {b.Field("a"), b.Field("t")}));
  const lang::LetId twice = b.AddLet("twice", b.Plus(b.LetRef(called), b.LetRef(called)));
  const lang::LetId text = b.AddLet("text", b.Call(texts, {b.Field("action"), b.Field("flag"), b.Field("x")}));
  const lang::LetId real = b.AddLet("real", b.Plus(b.Field("x"), b.Double(1)));
  const lang::LetId flag = b.AddLet("flag", b.And(b.Field("flag"), b.Gt(b.LetRef(twice), b.Int(0))));
  const lang::LetId nick = b.AddLet("nick", b.Field("nick"));
  const lang::LetId words = b.AddLet("words", b.Field("words"));
  const lang::LetId user = b.AddLet("user", b.Field("user"));
  const lang::LetId kind = b.AddLet("kind", b.Call(enums, {b.Field("a")}));
  b.AddRule("one", b.Gt(b.LetRef(twice), b.Int(10)), b.Render(b.LetRef(twice)));
  b.AddRule("two", b.Or(b.LetRef(flag), b.LetRef(flag)), b.Render(b.LetRef(flag)));
  b.AddRule("three", b.Eq(b.LetRef(text), b.String("answered")), b.Render(b.LetRef(text)));
  b.AddRule("four", b.Gt(b.LetRef(real), b.Double(3)), b.Render(b.LetRef(real)));
  b.AddRule("five", b.Has(b.LetRef(nick)), b.Render(b.LetRef(nick)));
  b.AddRule("six", b.In(b.String("fox"), b.LetRef(words)));
  b.AddRule("seven", b.Eq(b.Field(b.LetRef(user), "country"), b.String("GB")), b.Render(b.Field(b.LetRef(user), "id")));
  b.AddRule("eight", b.Eq(b.LetRef(kind), b.Enum(b.action, 2)), b.Render(b.LetRef(kind)));
  const std::vector<HostInput> inputs = Inputs();
  ExpectSameAsInterpreter(b.Build(), inputs);
}

}  // namespace
}  // namespace moult::codegen::test
