// The static cost: worst cases of small policies, and that no decision takes more fuel than it.
#include "lang/cost.h"

#include <gtest/gtest.h>

#include <string>

#include "lang/bind.h"
#include "lang/compile.h"
#include "lang/fuel.h"
#include "lang/interpret.h"
#include "tests/support/evaluation.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

constexpr const char* kInput =
    "policy p\n"
    "input { n: int, text: string max 160, free: string, links: list<Link> max 4, tags: list<string> max 5, m: map<string, string> }\n"
    "record Link { url: string max 16, title: string }\n"
    "source ask(s: string) -> string\n"
    "decide severest [allow < block] default allow\n";

// The cost of a rule with that condition, as the total: "12" steps, or what has no bound.
std::string CostOfCondition(const std::string& condition, const std::string& declarations = "") {
  const Result<Compiled> compiled = Compile({"p.moult", kInput + declarations + "rule r { when " + condition + " then block }\n"});
  if (!compiled) return Render(compiled.error());
  const Cost total = CostOf(compiled->program).total;
  return total.bounded() ? std::to_string(total.steps) : total.unbounded_by;
}

TEST(CostTest, EveryOperationIsAStep) {
  EXPECT_EQ(CostOfCondition("true"), "1");
  EXPECT_EQ(CostOfCondition("n > 1"), "4") << "input, field, constant, comparison";
  EXPECT_EQ(CostOfCondition("n > 1 && n < 5"), "9");
  EXPECT_EQ(CostOfCondition("n > 1 ? n + n > 4 : n > 4"), "12") << "the dearer branch alone";
}

TEST(CostTest, TextsCostByTheirSize) {
  const uint64_t bytes = 160 * 4;
  EXPECT_EQ(CostOfCondition("text.contains(\"x\")"), std::to_string(4 + bytes / kScanBytes));
  EXPECT_EQ(CostOfCondition("text.matches(\"x\")"), std::to_string(3 + bytes / kDecodeBytes));
  EXPECT_EQ(CostOfCondition("text == \"x\""), "4") << "a comparison ends with the shorter text";
  EXPECT_EQ(CostOfCondition("free.contains(\"x\")"), "`free` has no `max`");
  EXPECT_EQ(CostOfCondition("free.startsWith(\"x\") && free != \"y\""), "9") << "no work depends on its size";
}

TEST(CostTest, ComprehensionsMultiply) {
  EXPECT_EQ(CostOfCondition("links.exists(l, n > 1)"), std::to_string(3 + 4 * (1 + 4)));
  const uint64_t inner = 5 + 160 * 4 / kScanBytes;  // text.contains(l.url): input, text, local, url, contains
  EXPECT_EQ(CostOfCondition("links.all(l, text.contains(l.url))"), std::to_string(3 + 4 * (1 + inner)));
  EXPECT_EQ(CostOfCondition("links.exists(l, l.title.contains(\"x\"))"), "`Link.title` has no `max`");
  EXPECT_EQ(CostOfCondition("tags.exists(t, text.contains(t))"), std::to_string(3 + 5 * (1 + 4 + 160 * 4 / kScanBytes)));
  EXPECT_EQ(CostOfCondition("tags.exists(t, t.contains(text))"),
            "the elements of `tags` have no `max` (a list of records whose field has one is bounded)");
  EXPECT_EQ(CostOfCondition("has(m[text])"), "`m` has no `max`");
  EXPECT_EQ(CostOfCondition("text.split(\",\").exists(w, w.contains(\"x\"))"),
            std::to_string(5 + 640 / kDecodeBytes + 641 * (1 + 3 + 640 / kScanBytes)));
}

TEST(CostTest, SourcesAreDearAndTheirAnswersUnbounded) {
  EXPECT_EQ(CostOfCondition("ask(\"x\") == \"y\""), std::to_string(4 + kSourceSteps)) << "call, argument, constant, comparison";
  EXPECT_EQ(CostOfCondition("ask(text).contains(\"x\")"), "what the source `ask` answers has no bound");
}

TEST(CostTest, ALetCountsOnceAndOnlyIfItIsUsed) {
  EXPECT_EQ(CostOfCondition("big || big", "let big = text.contains(\"x\")\n"), std::to_string(3 + 4 + 640 / kScanBytes));
  EXPECT_EQ(CostOfCondition("n > 1", "let big = free.contains(\"x\")\n"), "4");
}

TEST(CostTest, RulesThatAreOffAreFree) {
  const Result<Compiled> compiled =
      Compile({"p.moult", std::string(kInput) + "rule off mode off { when free.contains(\"x\") then block }\n"
                                                "rule shadow mode shadow { when n > 1 then block }\nrule live { when true then block \"{n}\" }\n"});
  ASSERT_TRUE(compiled) << Render(compiled.error());
  const PolicyCost cost = CostOf(compiled->program);
  EXPECT_EQ(cost.total.steps, 4u + 1 + 4) << cost.total.unbounded_by << "; rendering an int adds at most one step for its text";
  EXPECT_EQ(DearestRules(cost, 9), (std::vector<uint32_t>{2, 1}));
}

// Costs saturate: sizes that no memory has do not wrap around to small ones.
TEST(CostTest, HugeMaximaSaturate) {
  const std::string huge = "9223372036854775807";
  const Result<Compiled> compiled = Compile({"p.moult",
                                             "policy p\ninput { xs: list<int> max " + huge + ", s: string max " + huge +
                                                 " }\ndecide severest [allow < block] default allow\n"
                                                 "rule r { when xs.exists(x, xs.exists(y, s.contains(\"x\"))) then block }\n"});
  ASSERT_TRUE(compiled) << Render(compiled.error());
  EXPECT_EQ(CostOf(compiled->program).total.steps, UINT64_MAX);
}

TEST(CostTest, NoDecisionTakesMoreFuel) {
  test::IrBuilder b;
  std::vector<NodeId> items;
  for (const size_t size : {0u, 63u, 64u, 1000u, 4097u}) items.push_back(b.String(std::string(size, 'a')));
  const NodeId texts = b.List(kStringType, items);
  const auto in_body = [&](auto body) { b.AddRule("r", b.All(texts, [&](NodeId x) { return b.All(texts, [&](NodeId y) { return body(x, y); }); })); };
  for (const Op op : {Op::kEq, Op::kNe, Op::kLt, Op::kContains, Op::kStartsWith, Op::kEndsWith}) {
    in_body([&](NodeId x, NodeId y) { return b.Or(b.Add(op, kBoolType, {x, y}), b.Bool(true)); });
  }
  in_body([&](NodeId x, NodeId y) { return b.Or(b.In(x, b.List(kStringType, {y, x})), b.Bool(true)); });
  in_body([&](NodeId x, NodeId) { return b.Gt(b.Size(b.Library(Function::kHtmlDecode, {x})), b.Int(-1)); });
  in_body([&](NodeId x, NodeId y) { return b.Or(b.Matches(b.Plus(x, y), "b"), b.Bool(true)); });
  const Program program = b.Build();
  test::Evaluation evaluation(program);
  const LayoutRef layout = NativeLayout(program.types, program.input);
  const Outcome outcome = Interpret(program, evaluation.Input(*layout, nullptr, nullptr));
  EXPECT_TRUE(outcome.errors.empty()) << test::ToText(outcome);
  const uint64_t taken = test::Evaluation::kFuel - outcome.fuel_left;
  const Cost total = CostOf(program).total;
  ASSERT_TRUE(total.bounded()) << total.unbounded_by;
  EXPECT_GT(taken, 1000u);
  EXPECT_LE(taken, total.steps);
}

}  // namespace
}  // namespace moult::lang
