// The typed IR: what the checker makes of a policy, and what the interpreter and the code generator take.
//
// A Program is an expression graph, not a control-flow graph: the language has no loops but comprehensions and no effects, so
// evaluation order is free except where `ops.def` says otherwise, and sharing, reordering and dispatching over the whole rule
// set are rewrites of one vector of nodes. Nodes are immutable, in topological order (operands before users, the value of a Bind
// or comprehension before the Locals that name it, a let's value before its LetRefs); a node may have several users (engines may
// compute it more than once, but a LetRef's let at most once).
//
//   rule link_spam { when size(links) >= 3 unless user.verified then block "{ip}" }
//
//   %3 = field[links] %0 : list<string>
//   %4 = size %3 : int
//   %5 = int 3 : int
//   %6 = >= %4 %5 : bool ...
//
// Everything that names a place in the text goes through a SiteId, so that the same rules moved about in a file give the same
// code (which reports sites) and only the table of spans, kept beside it, changes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lang/types.h"

namespace moult::lang {

enum class Op : uint8_t {
#define MOULT_OP(name, text, arity, fallible) k##name,
#include "lang/ops.def"
#undef MOULT_OP
};
const char* OpText(Op op);
int OpArity(Op op);  // -1: any number

// No path from a rule or let down its operands, on through a LetRef into the let's value, is longer than this many nodes: Check
// refuses a policy that would be (E-too-deep) and Verify holds it, so that whatever walks the graph may recurse.
inline constexpr uint32_t kMaxDepth = 500;

using LocalId = uint32_t;
using LetId = uint32_t;
using ListId = uint32_t;
using SourceId = uint32_t;
using RegexId = uint32_t;
using SiteId = uint32_t;  // index into Program::sites

// What a Bind or comprehension binds: its Node::imm. Only a comprehension may have a second variable.
struct Variables {
  static constexpr LocalId kNone = UINT32_MAX;

  LocalId first = kNone;
  LocalId second = kNone;

  static Variables Of(uint64_t imm) { return {static_cast<LocalId>(imm), static_cast<LocalId>(imm >> 32) - 1}; }
  uint64_t imm() const { return first | uint64_t{second + 1} << 32; }
};
bool IsComprehension(Op op);
inline bool Binds(Op op) { return op == Op::kBind || IsComprehension(op); }

struct NodeId {
  uint32_t index = UINT32_MAX;
  bool valid() const { return index != UINT32_MAX; }
  friend bool operator==(NodeId, NodeId) = default;
};

struct Node {
  Op op;
  TypeId type;
  uint32_t first_operand = 0;  // into Program::operand_pool
  uint32_t operand_count = 0;
  uint64_t imm = 0;            // by op; see ops.def
  SiteId site = 0;             // reported when this operation fails
};

// Bytes begin .. end of a file: 0 is the policy, k the k-th of Compiled::modules.
struct SiteSpan {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Local { std::string name; TypeId type; };
struct Let { std::string name; TypeId type; NodeId value; };
struct ListDecl {
  std::string name;
  TypeId type;
  std::string file;   // as written: relative to the folder of the file that declares it
  SiteSpan place;     // of `file` in that declaration
};
struct SourceDecl {
  std::string name;
  std::vector<TypeId> parameters;
  TypeId result;
  SiteSpan place;     // of its name
};

enum class RuleMode : uint8_t { kLive, kShadow, kOff };

// `emit name(arguments)` of a rule: Program::effect_arguments from `first_argument` on.
struct Effect {
  std::string name;
  uint32_t first_argument = 0;
  uint32_t argument_count = 0;
};

struct Rule {
  std::string name;
  NodeId when;                        // bool; `when a unless b` is lowered to a && !b
  RuleMode mode = RuleMode::kLive;
  bool has_verdict = false;
  uint32_t verdict = 0;               // ordinal in Decide::verdicts, if has_verdict; never under kScore
  int64_t score = 0;                  // added under kScore; 0 otherwise
  bool fires_on_error = false;        // as `on_error` says, else the safe direction: FiresOnError in lang/decide.h
  NodeId reason;                      // string, total: made of ConstString, Render and Add alone (an arena that is full gives
                                      // an empty reason); invalid when there is none
  std::vector<std::string> tags;
  uint32_t first_effect = 0;          // Program::effects from here on, in the order of the text
  uint32_t effect_count = 0;
  SiteId site = 0;
};

enum class DecideMode : uint8_t {
#define MOULT_DECIDE_MODE(name, text) k##name,
#include "lang/decide_modes.def"
#undef MOULT_DECIDE_MODE
};

// The score of one rule is within -kMaxScore .. kMaxScore, so that no sum over a policy's rules can overflow.
inline constexpr int64_t kMaxScore = 1'000'000'000;

struct Threshold { int64_t at_least; uint32_t verdict; };

struct Decide {
  DecideMode mode = DecideMode::kSeverest;
  // kSeverest: from least to most severe. kForbidOverrides: permit, forbid. kFirstMatch: as listed. kScore: the
  // default, then by rising threshold (a verdict named twice stands once).
  std::vector<std::string> verdicts;
  uint32_t default_verdict = 0;
  std::vector<Threshold> thresholds;  // kScore: rising `at_least`; the last one reached decides
};

struct Program {
  std::string name;                   // of the policy, "abuse.message"
  TypeTable types;
  TypeId input;                       // a record
  std::vector<Node> nodes;
  std::vector<NodeId> operand_pool;
  std::vector<std::string> strings;   // each once; also the bytes of constants that are wider than Node::imm
  std::vector<Local> locals;          // each bound by exactly one Bind or comprehension
  std::vector<Let> lets;              // a let refers only to lets before it
  std::vector<std::string> regexes;   // RE2 patterns, each once, known to compile
  std::vector<ListDecl> lists;
  std::vector<SourceDecl> sources;
  std::vector<Rule> rules;            // in the order of the text
  std::vector<Effect> effects;
  std::vector<NodeId> effect_arguments;  // scalars; evaluated when a decision has been made, for live rules that fired
  Decide decide;
  std::vector<SiteSpan> sites;        // site 0 is the policy's name

  const Node& operator[](NodeId id) const { return nodes[id.index]; }
  std::span<const NodeId> operands(NodeId id) const {
    const Node& n = nodes[id.index];
    return {operand_pool.data() + n.first_operand, n.operand_count};
  }
  NodeId operand(NodeId id, size_t k) const { return operands(id)[k]; }

  // Appends a node. REQUIRES: every operand is in the program already.
  NodeId Add(Op op, TypeId type, std::span<const NodeId> operands, uint64_t imm = 0, SiteId site = 0);
  uint64_t AddString(std::string_view text);  // interns; returns the imm of a ConstString

 private:
  std::unordered_map<std::string, uint32_t> string_ids_;  // what AddString put into `strings`
};

// Whether a node that ReadsInput (see "Reading" in ops.def) may fail by that; a matter of the binding.
using ReadMayFail = std::function<bool(NodeId)>;

// For each node, whether evaluating it can fail: the operation itself, or an operand whose error is not absorbed. And and Or count
// as fallible if either operand is; a LetRef if its let is. Without `read_may_fail` every such read may. Cost: linear.
std::vector<bool> MayFail(const Program& program, const ReadMayFail& read_may_fail = nullptr);

// The same where `fails_itself` says of a node whether it can fail while its operands do not.
std::vector<bool> SpreadFailure(const Program& program, const std::function<bool(NodeId)>& fails_itself);

// Whether the operation reads an int or enum, or an optional of one, out of the input, or a whole record or collection.
bool ReadsInput(const Program& program, NodeId id);
// Whether the operation reads its operand number `k` whole; see ops.def.
bool ReadsWhole(const Program& program, NodeId id, size_t k);
// Whether this is a list or set of scalar constants: membership in one is decided without making it.
bool IsConstantCollection(const Program& program, NodeId id);

// Whether the operation itself can fail, its operands and the reading of inputs aside: the table's column, except that Add,
// Sub, Mul, Div and Neg of ints, and what makes strings, records or collections (a full arena), can too, that a LetRef is as its let
// is, and a Call as its function.
bool OperationMayFail(const Program& program, NodeId id);

// What Add or Sub of two such operands gives, if either is a timestamp or both are durations; nothing if there is no such operation.
std::optional<TypeId> TimeResult(Op op, TypeId left, TypeId right);

// The fields of the input record (and of records inside it) that the program reads, as a list of paths of field indices, each
// once, sorted: what a binding must supply. A path passes through optionals and elements: with `links: list<Link>`, reading the `url`
// of an element is [links, url]. A path to a record stands for its presence alone; a record used as a whole counts with all its fields.
struct InputUse { std::vector<uint32_t> path; TypeId type; SiteId site; };
std::vector<InputUse> InputUses(const Program& program);

// The IR as text, one node a line, for goldens and `--dump-ir`. Stable across runs.
std::string Print(const Program& program);

// Checks every structural and typing rule of `ops.def`. Returns the first violation, as text, or nothing.
std::optional<std::string> Verify(const Program& program);

}  // namespace moult::lang
