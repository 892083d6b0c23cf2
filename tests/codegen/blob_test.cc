// What a blob is, aside from what it computes: deterministic, position-independent, linear in the program, within limits, of the
// instructions that the processor has.
#include <capstone/capstone.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/codegen/fixture.h"

namespace moult::codegen::test {
namespace {

using lang::kIntType;
using lang::kStringType;
using lang::NodeId;
using lang::Op;
using B = InputBuilder;

// Rules in the manner of a large policy: an equality of strings, two thresholds, another equality.
lang::Program ManyRules(uint32_t count) {
  B b;
  b.program().decide = {lang::DecideMode::kScore, {"allow", "block"}, 0, {{100, 1}}};
  for (uint32_t k = 0; k < count; ++k) {
    const std::string country = {static_cast<char>('A' + k % 26), static_cast<char>('A' + k / 26 % 26)};
    const NodeId when = b.And(b.And(b.And(b.Eq(b.Field("s"), b.String(country)), b.Lt(b.Field("a"), b.Int(k % 200))),
                                    b.Gt(b.Field("b"), b.Int(k % 50))),
                              b.Eq(b.Field("t"), b.String(k % 2 == 0 ? "message" : "login")));
    lang::Rule& rule = b.AddRule("rule" + std::to_string(k), when);
    rule.has_verdict = false;
    rule.score = k % 20;
    rule.fires_on_error = rule.score > 0;
  }
  return b.Build();
}

// Every operation of this file's fixture that could use wide vectors, and calls, lets and errors.
lang::Program Mixed() {
  B b;
  const lang::LetId let = b.AddLet("halves", b.Divide(b.Int(100), b.Field("a")));
  const std::string text(48, 'x');
  b.AddRule("literal", b.Eq(b.Field("s"), b.String(text)), b.Plus(b.String("why: "), b.Render(b.LetRef(let))));
  b.AddRule("let", b.Gt(b.LetRef(let), b.Int(3)));
  b.AddRule("words", b.Exists(b.Field("words"), [&](NodeId w) { return b.Eq(w, b.String(text + text)); }));
  return b.Build();
}

Result<LayoutRef> Bound(const lang::Program& program) { return lang::BindLayout(program, *LayoutOf<HostInput>()); }

TEST(BlobTest, EqualArgumentsGiveEqualBytes) {
  const lang::Program program = Mixed();
  const CodeBlob a = *Generate(program, **Bound(program), {});
  const CodeBlob b = *Generate(program, **Bound(program), {});
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.relocations, b.relocations);
  const CodeBlob listed = *Generate(program, **Bound(program), {.listing = true});
  EXPECT_EQ(a.bytes, listed.bytes) << "a listing changes the code";
  const CodeBlob noted = *Generate(program, **Bound(program), {.notes = true});
  EXPECT_EQ(a.bytes, noted.bytes) << "notes change the code";
  EXPECT_TRUE(a.notes.empty());
  for (size_t k = 1; k < noted.notes.size(); ++k) EXPECT_LT(noted.notes[k - 1].offset, noted.notes[k].offset);
  for (uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    EXPECT_TRUE(std::any_of(noted.notes.begin(), noted.notes.end(), [rule](const CodeNote& note) {
      return note.part == CodeNote::Part::kRule && note.index == rule && note.node.valid();
    })) << rule;
  }
  EXPECT_NE(listed.listing.find("words"), std::string::npos) << listed.listing;
}

TEST(BlobTest, RunsAtAnyAddress) {
  const lang::Program program = Mixed();
  const LayoutRef layout = *Bound(program);
  const CodeBlob blob = MustGenerate(program, *layout);
  HostInput input{.a = 10, .s = std::string(48, 'x'), .words = {"y", std::string(96, 'x')}};
  std::string first;
  for (size_t offset : {size_t{0}, size_t{64}, size_t{4096 + 192}}) {
    MachineCode code(program, blob, offset);
    lang::test::Evaluation side(program);
    const std::string outcome = lang::test::ToText(code.Decide(side.Input(*layout, &input)));
    EXPECT_EQ(outcome, "verdict 2 score 0 fired 0 1 2 shadow - errors -");
    EXPECT_EQ(code.Reason(side.Input(*layout, &input), 0), "why: 10");
  }
}

TEST(BlobTest, GrowsLinearlyWithTheRules) {
  const auto bytes = [](uint32_t rules) {
    const lang::Program program = ManyRules(rules);
    return MustGenerate(program, **Bound(program)).bytes.size();
  };
  const size_t base = bytes(0);
  const size_t thousand = bytes(1000) - base;
  const size_t four_thousand = bytes(4000) - base;
  EXPECT_LE(four_thousand, thousand * 4 + thousand / 10);
  EXPECT_LE(thousand, 1000u * 160) << "bytes for rules of four compares";
}

TEST(BlobTest, OneHugeRuleIsDecidedRight) {
  B b;
  // 3 x 400 terms, nested as deep as the IR allows.
  NodeId sum = b.Int(0);
  for (int k = 0; k < 400; ++k) sum = b.Plus(sum, b.Cond(b.Eq(b.Field("s"), b.String("n" + std::to_string(k))), b.Int(k), b.Size(b.Field("t"))));
  b.AddRule("huge", b.Eq(sum, b.Int(400 * 5)), b.Render(sum));
  std::vector<NodeId> wide;
  for (int k = 0; k < 20000; ++k) wide.push_back(b.String("w" + std::to_string(k)));
  b.AddRule("wide", b.In(b.Field("s"), b.Set(kStringType, wide)));
  const std::vector<HostInput> inputs = {{.s = "w19999", .t = "hello"}, {.s = "w", .t = "hello"}, {.s = "n7", .t = "h"}};
  const Coverage coverage = ExpectSameAsInterpreter(b.Build(), inputs);
  EXPECT_GT(coverage.fired[0], 0u);
  EXPECT_GT(coverage.fired[1], 0u);
}

TEST(BlobTest, CodeBeyondTheLimitIsRefused) {
  const lang::Program program = ManyRules(100);
  const Result<CodeBlob> blob = Generate(program, **Bound(program), {.code_bytes = 4096});
  ASSERT_FALSE(blob.ok());
  EXPECT_EQ(blob.error()[0].code, "E-code-too-large");
}

// A graph of n nodes in which each is used twice is a tree of 2^n: it must end at the limit, soon.
TEST(BlobTest, ExponentialSharingEndsAtTheLimit) {
  B b;
  NodeId sum = b.Field("a");
  for (int k = 0; k < 300; ++k) sum = b.Plus(sum, sum);
  b.AddRule("shared", b.Eq(sum, b.Int(0)));
  const lang::Program program = b.Build();
  const Result<CodeBlob> blob = Generate(program, **Bound(program), {.code_bytes = 1 << 20});
  ASSERT_FALSE(blob.ok());
  EXPECT_EQ(blob.error()[0].code, "E-code-too-large");
}

TEST(BlobTest, StackUseIsKnownAndBounded) {
  B b;
  lang::LetId previous = b.AddLet("l0", b.Size(b.Field("s")));
  for (int k = 1; k < 200; ++k) previous = b.AddLet("l" + std::to_string(k), b.Plus(b.LetRef(previous), b.Int(1)));
  b.AddRule("chain", b.Gt(b.LetRef(previous), b.Int(200)));
  const lang::Program program = b.Build();
  const CodeBlob blob = MustGenerate(program, **Bound(program));
  EXPECT_GE(blob.stack_bytes, 200u * 16);
  EXPECT_LE(blob.stack_bytes, 64u << 10);
}

TEST(BlobTest, ModesScoresAndErrorsOfRulesAreTalliedAsTheInterpreterDoes) {
  B b;
  b.program().decide = {lang::DecideMode::kScore, {"allow", "challenge", "block"}, 0, {{-5, 1}, {40, 2}}};
  const auto add = [&](const char* name, lang::RuleMode mode, int64_t score, NodeId when) {
    lang::Rule& rule = b.AddRule(name, when);
    rule.mode = mode;
    rule.score = score;
    rule.has_verdict = false;
    rule.fires_on_error = score > 0;
  };
  add("live", lang::RuleMode::kLive, 45, b.Field("flag"));
  add("shadow", lang::RuleMode::kShadow, 1000, b.Gt(b.Field("a"), b.Int(0)));
  add("off", lang::RuleMode::kOff, 1000, b.Bool(true));
  add("minus", lang::RuleMode::kLive, -50, b.Lt(b.Field("a"), b.Int(0)));
  add("errs, fires", lang::RuleMode::kLive, 7, b.Eq(b.Divide(b.Int(1), b.Field("a")), b.Int(0)));
  add("errs, skips", lang::RuleMode::kLive, -7, b.Eq(b.Divide(b.Int(1), b.Field("a")), b.Int(0)));
  add("shadow errs", lang::RuleMode::kShadow, 7, b.Eq(b.Divide(b.Int(1), b.Field("a")), b.Int(0)));
  const std::vector<HostInput> inputs = Inputs();
  ExpectSameAsInterpreter(b.Build(), inputs);
}

// Calls of a source tell which rules were evaluated: the comparison of the engines includes them.
TEST(BlobTest, AFirstMatchEndsTheSearchOfLiveRulesAndOfThemAlone) {
  B b;
  b.program().decide = {lang::DecideMode::kFirstMatch, {"allow", "challenge", "block"}, 0, {}};
  const lang::SourceId asked = b.AddSource("asked", {lang::kIntType}, lang::kIntType);
  const auto add = [&](int number, lang::RuleMode mode, std::optional<uint32_t> verdict, bool fires_on_error) {
    const NodeId answer = b.Call(asked, {b.Plus(b.Field("a"), b.Int(number))});
    lang::Rule& rule = b.AddRule("rule" + std::to_string(number), b.Lt(b.Int(number), answer));
    rule.mode = mode;
    rule.has_verdict = verdict.has_value();
    rule.verdict = verdict.value_or(0);
    rule.fires_on_error = fires_on_error;
  };
  constexpr auto kLive = lang::RuleMode::kLive, kShadow = lang::RuleMode::kShadow;
  add(0, kShadow, 2, false);
  add(1, kLive, {}, false);  // fires, and decides nothing
  add(2, kLive, 1, false);
  add(3, kLive, 2, true);
  add(4, lang::RuleMode::kOff, 2, true);
  add(5, kShadow, 0, true);
  add(6, kShadow, 2, false);
  add(7, kLive, 2, false);
  add(8, kShadow, 1, false);
  std::vector<HostInput> inputs = Inputs();
  for (const int32_t a : {-8, -6, -4, -2, 1, 2, 5}) inputs.push_back({.a = a});
  const lang::Program program = b.Build();
  const Coverage coverage = ExpectSameAsInterpreter(program, inputs);
  EXPECT_GT(coverage.fired[2], 0u);
  EXPECT_GT(coverage.fired[3], 0u);
}

class Disassembler {
 public:
  Disassembler() { EXPECT_EQ(cs_open(CS_ARCH_X86, CS_MODE_64, &handle_), CS_ERR_OK); }
  ~Disassembler() { cs_close(&handle_); }

  // Calls visit(instruction's bytes, mnemonic) for all code; false if something in it is no instruction.
  template <class Visit>
  bool ForEach(const CodeBlob& blob, Visit visit) {
    const auto* code = reinterpret_cast<const uint8_t*>(blob.bytes.data());
    size_t left = blob.code_size;
    uint64_t address = 0;
    cs_insn* instruction = cs_malloc(handle_);
    while (left > 0 && cs_disasm_iter(handle_, &code, &left, &address, instruction)) {
      visit(std::span(instruction->bytes, instruction->size), std::string_view(instruction->mnemonic));
    }
    cs_free(instruction, 1);
    return left == 0;
  }

 private:
  csh handle_ = 0;
};

// In 64-bit mode C4 and C5 begin VEX, 62 EVEX instructions; legacy prefixes do not come before them.
bool IsVex(std::span<const uint8_t> bytes) { return bytes[0] == 0xC4 || bytes[0] == 0xC5 || bytes[0] == 0x62; }

size_t VexInstructions(const CodeBlob& blob) {
  size_t count = 0;
  EXPECT_TRUE(Disassembler().ForEach(blob, [&](auto bytes, auto) { count += IsVex(bytes); }));
  return count;
}

TEST(BlobTest, BaselineHasNoVexInstructions) {
  B b;
  const std::string text(100, 'x');
  b.AddRule("wide", b.Eq(b.Field("s"), b.String(text)));
  b.AddRule("doubles", b.Gt(b.Plus(b.Field("x"), b.Field("y")), b.Double(1)));
  const lang::Program program = b.Build();
  EXPECT_EQ(VexInstructions(MustGenerate(program, **Bound(program), {.cpu = CpuFeatures::Baseline()})), 0u);
  EXPECT_GT(VexInstructions(MustGenerate(program, **Bound(program), {.cpu = {.avx2 = true}})), 0u);
}

TEST(BlobTest, EveryCallIsFollowedByCodeOfTheBlob) {
  const lang::Program program = Mixed();
  const CodeBlob blob = MustGenerate(program, **Bound(program));
  const auto* bytes = reinterpret_cast<const uint8_t*>(blob.bytes.data());
  EXPECT_EQ(bytes[blob.code_size - 1], 0xCC) << "the last function has no padding";
  for (const Relocation& relocation : blob.relocations) {
    EXPECT_EQ(relocation.offset % 8, 0u);
    EXPECT_GE(relocation.offset, blob.code_size);
    EXPECT_LE(relocation.offset + 8, blob.bytes.size());
  }
}

TEST(CpuFeaturesTest, TheEnvironmentMasksThem) {
  setenv("MOULT_CPU", "baseline", 1);
  EXPECT_EQ(CpuFeatures::Host(), CpuFeatures::Baseline());
  unsetenv("MOULT_CPU");
}

}  // namespace
}  // namespace moult::codegen::test
