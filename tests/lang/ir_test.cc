#include "lang/ir.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lang/compile.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

using test::IrBuilder;

TEST(Ops, EveryOperationHasATextAndAnArity) {
#define MOULT_OP(name, text, arity, fallible) \
  EXPECT_STREQ(OpText(Op::k##name), text);    \
  EXPECT_EQ(OpArity(Op::k##name), arity);
#include "lang/ops.def"
#undef MOULT_OP
}

TEST(Program, StringsAreKeptOnce) {
  Program program;
  EXPECT_EQ(program.AddString("a"), 0u);
  EXPECT_EQ(program.AddString("b"), 1u);
  EXPECT_EQ(program.AddString("a"), 0u);
  EXPECT_EQ(program.strings, (std::vector<std::string>{"a", "b"}));
}

TEST(Program, ACopyInternsOnItsOwn) {
  Program program;
  program.AddString("a");
  Program copy = program;
  EXPECT_EQ(copy.AddString("b"), 1u);
  EXPECT_EQ(program.AddString("c"), 1u);
  EXPECT_EQ(copy.strings[1], "b");
}

// -- MayFail

class MayFailTest : public ::testing::Test {
 protected:
  void SetUp() override {
    b_.AddField("n", kIntType);
    b_.AddField("r", kDoubleType);
    b_.AddField("s", kStringType);
    b_.AddField("many", b_.types().ListOf(kIntType));
    b_.AddField("texts", b_.types().ListOf(kStringType));
    b_.AddField("maybe", b_.types().OptionalOf(kStringType));
    b_.AddField("labels", b_.types().MapOf(kStringType, kStringType));
  }
  bool MayFailWith(NodeId node, const ReadMayFail& read = nullptr) { return MayFail(b_.Build(), read)[node.index]; }

  static bool Never(NodeId) { return false; }

  IrBuilder b_;
};

TEST_F(MayFailTest, ReadingAnIntFailsOnlyIfTheBindingSaysSo) {
  const NodeId node = b_.Gt(b_.Field("n"), b_.Int(1));
  EXPECT_TRUE(MayFailWith(node));
  EXPECT_FALSE(MayFailWith(node, Never));
}

TEST_F(MayFailTest, ReadingTextDoesNot) { EXPECT_FALSE(MayFailWith(b_.Field("s"))); }

TEST_F(MayFailTest, ArithmeticOfIntsDoesAndOfDoublesDoesNot) {
  EXPECT_TRUE(MayFailWith(b_.Plus(b_.Int(1), b_.Int(2))));
  EXPECT_TRUE(MayFailWith(b_.Neg(b_.Int(1))));
  EXPECT_FALSE(MayFailWith(b_.Divide(b_.Field("r"), b_.Double(0))));
  EXPECT_FALSE(MayFailWith(b_.Neg(b_.Field("r"))));
  EXPECT_TRUE(MayFailWith(b_.Plus(b_.Field("s"), b_.String("x")))) << "a full arena";
}

TEST_F(MayFailTest, AnErrorOfAnOperandCountsThroughLogic) {
  const NodeId fails = b_.Eq(b_.Divide(b_.Int(1), b_.Int(0)), b_.Int(1));
  EXPECT_TRUE(MayFailWith(b_.And(b_.Bool(false), fails)));
  EXPECT_TRUE(MayFailWith(b_.Cond(b_.Bool(true), b_.Bool(true), fails)));
  EXPECT_FALSE(MayFailWith(b_.Render(fails))) << "total";
}

TEST_F(MayFailTest, ALetIsAsItsValueIs) {
  const LetId fine = b_.AddLet("fine", b_.Field("s"));
  const LetId fails = b_.AddLet("fails", b_.Divide(b_.Int(1), b_.Int(0)));
  const NodeId fine_ref = b_.LetRef(fine);
  const NodeId fails_ref = b_.LetRef(fails);
  EXPECT_FALSE(MayFailWith(fine_ref));
  EXPECT_TRUE(MayFailWith(fails_ref));
}

TEST_F(MayFailTest, ComprehensionsTakeFuel) {
  const NodeId texts = b_.Exists(b_.Field("texts"), [&](NodeId x) { return b_.Eq(x, b_.String("a")); });
  EXPECT_TRUE(MayFailWith(texts, Never));
}

TEST_F(MayFailTest, PresenceIsCheckedByHasNotByUnwrap) {
  EXPECT_FALSE(MayFailWith(b_.Has(b_.Field("maybe"))));
  EXPECT_TRUE(MayFailWith(b_.Unwrap(b_.Field("maybe"))));
  EXPECT_FALSE(MayFailWith(b_.MapFind(b_.Field("labels"), b_.String("a"))));
  EXPECT_TRUE(MayFailWith(b_.MapGet(b_.Field("labels"), b_.String("a"))));
}

// -- InputUses

std::string UsesOf(const std::string& declarations, const std::string& rules) {
  const Result<Compiled> compiled = Compile(
      {"p.moult", "policy p\n" + declarations + "\ndecide severest [allow < block] default allow\n" + rules + "\n"});
  if (!compiled.ok()) return Render(compiled.error());
  std::string text;
  for (const InputUse& use : InputUses(compiled->program)) {
    TypeId type = compiled->program.input;
    std::string path;
    for (uint32_t index : use.path) {
      while (compiled->program.types.kind(type) != TypeKind::kRecord) type = compiled->program.types[type].element;
      path += (path.empty() ? "" : ".") + compiled->program.types.record(type).fields[index].name;
      type = compiled->program.types.record(type).fields[index].type;
    }
    EXPECT_EQ(type, use.type) << path;
    text += (text.empty() ? "" : " ") + path;
  }
  return text;
}

constexpr char kInput[] =
    "input { n: int, unused: int, user: User, maybe: User?, links: list<Link> }\n"
    "record User { id: int, home: Place, name: string? }\n"
    "record Place { city: string, zip: string }\n"
    "record Link { url: string, clicks: int }\n";

TEST(InputUses, OnlyWhatIsReadIsListedOnce) {
  EXPECT_EQ(UsesOf(kInput, "rule r { when n > 1 || n < 0 then block }"), "n");
}

TEST(InputUses, FieldsOfRecords) {
  EXPECT_EQ(UsesOf(kInput, "rule r { when user.home.city == \"x\" then block }"), "user user.home user.home.city");
}

TEST(InputUses, ThroughOptionalsAndTheirPresence) {
  EXPECT_EQ(UsesOf(kInput, "rule r { when has(maybe) then block }"), "maybe");
  EXPECT_EQ(UsesOf(kInput, "rule r { when has(maybe) && maybe.id > 1 then block }"), "maybe maybe.id");
}

TEST(InputUses, ThroughElements) {
  EXPECT_EQ(UsesOf(kInput, "rule r { when links.exists(l, l.url == \"x\") then block }"), "links links.url");
  EXPECT_EQ(UsesOf(kInput, "rule r { when links[0].clicks > 1 then block }"), "links links.clicks");
  EXPECT_EQ(UsesOf(kInput, "rule r { when size(links) > 1 then block }"), "links");
}

TEST(InputUses, ThroughLetsAndParameters) {
  EXPECT_EQ(UsesOf(kInput, "let u = user\nrule r { when u.id > 1 then block }"), "user user.id");
  EXPECT_EQ(UsesOf(kInput, "fn f(u: User) -> bool = u.id > 1\nlet u = user\nrule r { when f(u) then block }"),
            "user user.id");
}

TEST(InputUses, ARecordTakenWholeCountsWithAllItsFields) {
  EXPECT_EQ(UsesOf(kInput, "rule r { when (n > 1 ? user : maybe ?? user).id > 1 then block }"),
            "n user user.id user.home user.home.city user.home.zip user.name "
            "maybe maybe.id maybe.home maybe.home.city maybe.home.zip maybe.name");
}

}  // namespace
}  // namespace moult::lang
