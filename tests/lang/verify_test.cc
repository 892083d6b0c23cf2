// Verify: accepts what the checker makes, and names the first fault of anything else.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "lang/compile.h"
#include "tests/support/ir_builder.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

using test::IrBuilder;

// A program with something of everything.
Program Sample() {
  const Result<Compiled> compiled = Compile({"sample.moult", R"(
policy sample
input { n: int, r: double, s: string, ok: bool, action: Action, user: User?, tags: list<string>, m: map<string, string> }
enum Action { login, signup }
record User { age: int }
decide score {>= 10: review, >= 20: block} default allow
let count = hits(s, n)
let twice = count + count
list blocked: set<string> from "blocked.txt"
source hits(key: string, n: int) -> int
fn square(x: int) -> int = x * x
rule a { when (has(user) && user.age > 1) || (m["a"] ?? "b") == "b" then score +10 "n is {n}", tag "x" }
rule b { when tags.exists(t, t in blocked) && square(n + 1) > twice then score -5 }
rule c { when s.matches("^a") && action in {Action.login} && tags[0] == s.substring(1) && s in [s] then score +1 }
rule d { when (ok ? r : -r) < 1.5 && size(s.split(",")) > 1 && urlDecode(s) != "x" then score +1 }
rule made { when {n: s}[n] == s && size({s, "x"}) > 1 && {age: n} == (user ?? {age: 1}) then score +1 }
rule transformed { when tags.exists_one(t, t == s) && size(tags.map(t, t != s, size(t))) == 1 then score +1 }
rule entries { when size(m.transformMap(k, v, v != s, size(v))) == n then score +1 }
)"});
  EXPECT_TRUE(compiled.ok()) << Render(compiled.error());
  return compiled->program;
}

NodeId Find(const Program& program, Op op) {
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    if (program.nodes[k].op == op) return {k};
  }
  ADD_FAILURE() << "no " << OpText(op);
  return {0};
}

NodeId Find(const Program& program, Function function) {
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    const Node& node = program.nodes[k];
    if (node.op == Op::kCall && node.imm == static_cast<uint64_t>(function)) return {k};
  }
  ADD_FAILURE() << "no " << FunctionText(function);
  return {0};
}

Node& Of(Program& program, Function function) { return program.nodes[Find(program, function).index]; }
Node& Any(Program& program, Op op) { return program.nodes[Find(program, op).index]; }

void SetOperand(Program& program, Op op, size_t k, NodeId to) {
  program.operand_pool[Any(program, op).first_operand + k] = to;
}

struct Corruption {
  const char* name;
  std::function<void(Program&)> apply;
  const char* complaint;  // part of it
};

const Corruption kCorruptions[] = {
    // structure
    {"unknown operation", [](Program& p) { Any(p, Op::kAnd).op = static_cast<Op>(250); }, "no such operation"},
    {"type that does not exist", [](Program& p) { Any(p, Op::kAnd).type = {9999}; }, "no such type"},
    {"site that does not exist", [](Program& p) { Any(p, Op::kAnd).site = 9999; }, "no such site"},
    {"no site 0", [](Program& p) { p.sites.clear(); }, "no site 0"},
    {"operands outside the pool", [](Program& p) { Any(p, Op::kAnd).first_operand = 1u << 30; }, "outside the pool"},
    {"operand count outside the pool", [](Program& p) { Any(p, Op::kMakeList).operand_count = UINT32_MAX; },
     "outside the pool"},
    {"arity", [](Program& p) { Any(p, Op::kAnd).operand_count = 1; }, "1 operands, not 2"},
    {"operand after its user", [](Program& p) { SetOperand(p, Op::kOr, 0, Find(p, Op::kOr)); }, "does not come before"},
    {"invalid operand", [](Program& p) { SetOperand(p, Op::kOr, 0, {}); }, "does not come before"},
    {"input that is no record", [](Program& p) { p.input = kIntType; }, "the input is no record"},
    // leaves
    {"bool beyond 1", [](Program& p) { Any(p, Op::kConstInt) = {.op = Op::kConstBool, .type = kBoolType, .imm = 2}; },
     "0 or 1"},
    {"string that does not exist", [](Program& p) { Any(p, Op::kConstString).imm = 999; }, "no such string"},
    {"enumerator that does not exist", [](Program& p) { Any(p, Op::kConstEnum).imm = 2; }, "no such enumerator"},
    {"constant of another type", [](Program& p) { Any(p, Op::kConstInt).type = kStringType; },
     "the result is string, not int"},
    {"list that does not exist", [](Program& p) { Any(p, Op::kListData).imm = 7; }, "no such list"},
    {"none of no optional", [](Program& p) { Any(p, Op::kConstInt).op = Op::kNone; }, "not optional"},
    {"local that does not exist", [](Program& p) { Any(p, Op::kLocal).imm = 99; }, "no such local"},
    {"local that nothing binds",
     [](Program& p) {
       p.locals.push_back({"x", kStringType});
       Any(p, Op::kLocal).imm = p.locals.size() - 1;
     },
     "nothing binds"},
    {"local of another type", [](Program& p) { p.locals[Any(p, Op::kExists).imm].type = kIntType; },
     "the result is string, not int"},
    {"let that does not exist", [](Program& p) { Any(p, Op::kLetRef).imm = 99; }, "no such let"},
    {"let after its use", [](Program& p) { p.lets[0].value = {static_cast<uint32_t>(p.nodes.size() - 1)}; },
     "does not come before"},
    // scope
    {"two binders of one local", [](Program& p) { Any(p, Op::kBind).imm = Any(p, Op::kExists).imm; }, "binds too"},
    {"binder of no local", [](Program& p) { Any(p, Op::kBind).imm = 99; }, "does not exist"},
    {"local outside its scope", [](Program& p) { p.rules[0].when = p.operand(Find(p, Op::kExists), 1); },
     "outside its scope"},
    {"value bound to a local that comes after it",
     [](Program& p) { SetOperand(p, Op::kExists, 0, Find(p, Function::kStringSplit)); }, "does not come before it"},
    // structure of values
    {"field that does not exist", [](Program& p) { Any(p, Op::kField).imm = 99; }, "no such field"},
    {"field of no record", [](Program& p) { SetOperand(p, Op::kField, 0, {1}); }, ""},
    {"index of no list", [](Program& p) { SetOperand(p, Op::kIndex, 0, Find(p, Op::kLetRef)); }, "no list"},
    {"index that is no int", [](Program& p) { SetOperand(p, Op::kIndex, 1, Find(p, Op::kConstString)); }, "not int"},
    {"map-find of another result", [](Program& p) { Any(p, Op::kMapFind).type = kStringType; }, "not optional"},
    {"map-get where it is optional", [](Program& p) { Any(p, Op::kMapFind).op = Op::kMapGet; }, "not string"},
    {"list of another element", [](Program& p) { SetOperand(p, Op::kMakeList, 0, Find(p, Op::kConstInt)); },
     "of another type"},
    {"map with a key alone", [](Program& p) { --Any(p, Op::kMakeMap).operand_count; }, "a key without a value"},
    {"map of another value", [](Program& p) { SetOperand(p, Op::kMakeMap, 1, p.operand(Find(p, Op::kMakeMap), 0)); },
     "of another type"},
    {"record without a field", [](Program& p) { --Any(p, Op::kMakeRecord).operand_count; }, "another number"},
    {"record of another field", [](Program& p) { SetOperand(p, Op::kMakeRecord, 0, Find(p, Op::kConstString)); },
     "of another type"},
    {"predicate that is no bool", [](Program& p) { SetOperand(p, Op::kToList, 1, Find(p, Op::kConstInt)); }, "no bool"},
    {"value of another type", [](Program& p) { Any(p, Op::kToList).type = p.types.ListOf(kStringType); }, "the value"},
    {"list that is a map", [](Program& p) { Any(p, Op::kToMap).type = p.types.ListOf(kStringType); }, "no map"},
    {"key of another type", [](Program& p) { Any(p, Op::kToMap).type = p.types.MapOf(kIntType, kIntType); }, "the key"},
    {"too few operands", [](Program& p) { Any(p, Op::kToMap).operand_count = 2; }, "another number"},
    {"second variable of another type",
     [](Program& p) { p.locals[Variables::Of(Any(p, Op::kToMap).imm).second].type = kIntType; }, "not int"},
    {"one variable too many",
     [](Program& p) { Any(p, Op::kExistsOne).imm = Variables{Variables::Of(Any(p, Op::kExistsOne).imm).first, 99}.imm(); },
     "does not exist"},
    {"set that is a list", [](Program& p) { Any(p, Op::kMakeSet).op = Op::kMakeList; }, "no such collection"},
    // optionals
    {"has of what is there", [](Program& p) { SetOperand(p, Op::kHas, 0, Find(p, Op::kInput)); }, "not optional"},
    {"unwrap to another type", [](Program& p) { Any(p, Op::kUnwrap).type = kIntType; }, "not"},
    {"default of another type", [](Program& p) { SetOperand(p, Op::kCoalesce, 1, Find(p, Op::kConstInt)); },
     "not string"},
    // operators
    {"logic of ints", [](Program& p) { SetOperand(p, Op::kAnd, 0, Find(p, Op::kConstInt)); }, "not bool"},
    {"not of an int", [](Program& p) { SetOperand(p, Op::kNeg, 0, Find(p, Op::kConstString)); }, "not double"},
    {"condition that is no bool", [](Program& p) { SetOperand(p, Op::kCond, 0, Find(p, Op::kConstInt)); }, "not bool"},
    {"branches of two types", [](Program& p) { SetOperand(p, Op::kCond, 1, Find(p, Op::kConstInt)); }, "not double"},
    {"comparison of two types", [](Program& p) { SetOperand(p, Op::kNe, 1, Find(p, Op::kConstInt)); }, "cannot be compared"},
    {"in of no collection", [](Program& p) { SetOperand(p, Op::kIn, 1, Find(p, Op::kLocal)); }, "no collection"},
    {"order of enums",
     [](Program& p) {
       NodeId constant = Find(p, Op::kConstEnum);
       Node& in = Any(p, Op::kIn);
       for (Node& node : p.nodes) {
         if (node.op == Op::kIn && p.types.kind(p[p.operand_pool[node.first_operand]].type) == TypeKind::kEnum) {
           node.op = Op::kLt;
           p.operand_pool[node.first_operand + 1] = constant;
           return;
         }
       }
       in.op = Op::kLt;
     },
     "no order"},
    {"sum of another result", [](Program& p) { Any(p, Op::kMul).type = kDoubleType; }, "not double"},
    {"product of texts", [](Program& p) { Any(p, Op::kMul).type = kStringType; }, "another type"},
    // calls
    {"pattern that does not exist", [](Program& p) { Any(p, Op::kMatches).imm = 9; }, "no such regular expression"},
    {"size of an int", [](Program& p) { SetOperand(p, Op::kSize, 0, Find(p, Op::kConstInt)); }, "no size"},
    {"split that gives no list", [](Program& p) { Of(p, Function::kStringSplit).type = kStringType; }, "the result is of another type"},
    {"function that does not exist", [](Program& p) { Any(p, Op::kCall).imm = kFunctionCount; }, "no such function"},
    {"call of an operation", [](Program& p) { Any(p, Op::kCall).imm = static_cast<uint64_t>(Function::kStringContains); },
     "operation of its own"},
    {"function of another number of parameters",
     [](Program& p) { Any(p, Op::kCall).imm = static_cast<uint64_t>(Function::kStringSubstringTo); }, "another number"},
    {"function of other parameters",
     [](Program& p) { Of(p, Function::kStringSplit).imm = static_cast<uint64_t>(Function::kStringSubstring); },
     "argument 1 is string, not int"},
    {"source that does not exist", [](Program& p) { Any(p, Op::kCallSource).imm = 5; }, "no such source"},
    {"arguments of another number", [](Program& p) { Any(p, Op::kCallSource).operand_count = 1; }, "another number"},
    {"argument of another type", [](Program& p) { p.sources[0].parameters[0] = kBoolType; }, "argument 0"},
    {"source of a list", [](Program& p) { p.sources[0].result = p.lists[0].type; }, "no scalar"},
    {"exists over an int", [](Program& p) { SetOperand(p, Op::kExists, 0, Find(p, Op::kConstInt)); }, ""},
    // lets, rules, decide
    {"let of another type", [](Program& p) { p.lets[1].type = kBoolType; }, ""},
    {"let that refers to itself", [](Program& p) { std::swap(p.lets[0], p.lets[1]); }, ""},
    {"condition without a node", [](Program& p) { p.rules[0].when = {}; }, "no such node"},
    {"condition that is an int", [](Program& p) { p.rules[0].when = Find(p, Op::kConstInt); }, "is int, not bool"},
    {"reason that can fail", [](Program& p) { p.rules[0].reason = Find(p, Function::kStringSubstring); }, "can fail"},
    {"reason that is no text", [](Program& p) { p.rules[0].reason = Find(p, Op::kConstInt); }, "not string"},
    {"score out of range", [](Program& p) { p.rules[0].score = kMaxScore + 1; }, "out of range"},
    {"verdict under score", [](Program& p) { p.rules[0].has_verdict = true; }, "a verdict under score"},
    {"score under severest",
     [](Program& p) {
       p.decide.mode = DecideMode::kSeverest;
       p.decide.thresholds.clear();
     },
     "a score under severest"},
    {"thresholds under first_match", [](Program& p) { p.decide.mode = DecideMode::kFirstMatch; }, "thresholds without a score"},
    {"other verdicts than permit and forbid", [](Program& p) { p.decide.mode = DecideMode::kForbidOverrides; },
     "not permit and forbid"},
    {"verdict that does not exist",
     [](Program& p) {
       p.rules[0].has_verdict = true;
       p.rules[0].verdict = 9;
     },
     "no such verdict"},
    {"effects that do not exist", [](Program& p) { p.rules[0].effect_count = 3; }, "effects that do not exist"},
    {"arguments that do not exist",
     [](Program& p) {
       p.rules[0].first_effect = static_cast<uint32_t>(p.effects.size());
       p.rules[0].effect_count = 1;
       p.effects.push_back({"e", 0, 9});
     },
     "arguments that do not exist"},
    {"argument that is no scalar", [](Program& p) { p.effect_arguments.push_back(Find(p, Op::kInput)); }, "no scalar"},
    {"argument without a node", [](Program& p) { p.effect_arguments.push_back({99999}); }, "no such node"},
    {"rule without a site", [](Program& p) { p.rules[0].site = 9999; }, "no such site"},
    {"default that does not exist", [](Program& p) { p.decide.default_verdict = 9; }, "no such default"},
    {"threshold of no verdict", [](Program& p) { p.decide.thresholds[0].verdict = 9; }, "no such verdict"},
    {"thresholds that do not rise", [](Program& p) { p.decide.thresholds[1].at_least = 10; }, "do not rise"},
};

TEST(Verify, AcceptsWhatTheCheckerMakes) { EXPECT_EQ(Verify(Sample()).value_or(""), ""); }

TEST(Verify, NamesEachKindOfCorruption) {
  for (const Corruption& corruption : kCorruptions) {
    SCOPED_TRACE(corruption.name);
    Program program = Sample();
    corruption.apply(program);
    const std::optional<std::string> complaint = Verify(program);
    ASSERT_TRUE(complaint.has_value());
    EXPECT_NE(complaint->find(corruption.complaint), std::string::npos) << *complaint;
  }
}

TEST(Verify, DepthAtTheLimitAndBeyond) {
  for (uint32_t depth : {kMaxDepth, kMaxDepth + 1}) {
    IrBuilder b;
    NodeId node = b.Bool(true);
    for (uint32_t k = 1; k < depth; ++k) node = b.Not(node);
    b.AddRule("r", node);
    EXPECT_EQ(Verify(b.program()).has_value(), depth > kMaxDepth) << depth;
  }
}

TEST(Verify, DepthGoesOnThroughLets) {
  for (uint32_t lets : {kMaxDepth / 2 - 1, kMaxDepth / 2 + 1}) {
    IrBuilder b;
    NodeId node = b.Bool(true);
    for (uint32_t k = 0; k < lets; ++k) node = b.Not(b.LetRef(b.AddLet("l", node)));
    b.AddRule("r", node);
    EXPECT_EQ(Verify(b.program()).has_value(), lets > kMaxDepth / 2) << lets;
  }
}

// Whatever the bytes of the nodes, Verify answers; and what it accepts can be printed and analysed.
TEST(Verify, SurvivesRandomCorruption) {
  std::mt19937_64 random(moult::test::Seed());
  const Program sample = Sample();
  for (int round = 0; round < 3000; ++round) {
    Program program = sample;
    const int changes = 1 + static_cast<int>(random() % 3);
    for (int k = 0; k < changes; ++k) {
      Node& node = program.nodes[random() % program.nodes.size()];
      switch (random() % 6) {
        case 0:
          node.op = static_cast<Op>(random() % 70);
          break;
        case 1:
          node.type.index = static_cast<uint32_t>(random() % 20);
          break;
        case 2:
          node.imm = random() % 4 == 0 ? random() : random() % 10;
          break;
        case 3:
          node.operand_count = static_cast<uint32_t>(random() % 4);
          break;
        case 4:
          node.first_operand = static_cast<uint32_t>(random() % (program.operand_pool.size() + 2));
          break;
        case 5:
          program.operand_pool[random() % program.operand_pool.size()].index = static_cast<uint32_t>(random() % 100);
          break;
      }
    }
    if (Verify(program).has_value()) continue;
    EXPECT_FALSE(Print(program).empty());
    EXPECT_EQ(MayFail(program).size(), program.nodes.size());
    InputUses(program);
  }
}

}  // namespace
}  // namespace moult::lang
