// The syntax tree of one policy or module, as written: names unresolved, types unchecked. Nodes live in vectors and name each
// other by typed index, so that deep trees are freed without recursion. The modules that a policy uses are parsed into the tree of
// the policy: to which file a declaration belongs is told by where its name is (lang/source_text.h).
//
// No tree that the parser makes is higher than CompileLimits::nesting (long chains of `+`, `.` and `-` included; chains of `&&` and
// `||` are built balanced, which changes neither their value nor which error is the leftmost), so passes may recurse. Operands
// come before their users in Ast::exprs.
//
// What could not be read has been reported by the parser, and no later pass says a word about it:
//   an expression is of kind kError, a type or a clause of a rule has an invalid id, DecideDecl::broken is set, and
//   Ast::incomplete says that declarations may be missing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace moult::lang {

// Bytes begin .. end of the text being parsed: of one file, or of a SourceText.
struct TextSpan {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Name {
  std::string text;   // "abuse.message" for a policy or module, "web.User" for a type of a module, one identifier otherwise
  TextSpan span;
};

struct ExprId {
  uint32_t index = UINT32_MAX;
  bool valid() const { return index != UINT32_MAX; }
};
struct TypeExprId {
  uint32_t index = UINT32_MAX;
  bool valid() const { return index != UINT32_MAX; }
};

// A type as written: `string`, `list<string>`, `map<string, int>`, `User?`.
struct TypeExpr {
  Name name;                             // "list", "string", "User"
  std::vector<TypeExprId> arguments;
  bool optional = false;                 // `T?`
  TextSpan span;
};

enum class ExprKind : uint8_t {
  kError,       // where parsing recovered; has been reported: the checker says no more about it
  kBool,        // integer: 0 or 1
  kInt,         // integer. `-9223372036854775808` is one literal
  kDouble,      // real
  kString,      // text: escapes resolved
  kBytes,       // text: the bytes, escapes resolved
  kTemplate,    // an interpolated string, in reasons only: children in order, literal parts as kString, `{expr}` as expr
  kName,        // text
  kSelect,      // children[0].text
  kIndex,       // children[0][children[1]]
  kCall,        // text(children...): a function or a source
  kMethod,      // children[0].text(children[1...])
  kUnary,       // text is "!" or "-"
  kBinary,      // text is one of || && == != < <= > >= in ?? + - * / %
  kConditional, // children: condition ? then : else
  kList,        // [children...]
  kSet,         // {children...}; `{}` has kind kMap
  kMap,         // {key: value, ...}: children in pairs; keys of kind kName are for records
};

struct Expr {
  ExprKind kind = ExprKind::kError;
  std::string text;
  int64_t integer = 0;
  double real = 0;
  std::vector<ExprId> children;
  TextSpan span;                         // of the whole expression
  TextSpan name_span;                    // of `text` where it is a name or an operator
};

struct FieldDecl {
  Name name;
  TypeExprId type;
  std::optional<uint64_t> max;           // `max 64`
  TextSpan max_span;                     // of `max 64` when it is written
};

struct UseDecl {
  Name module;                           // "lib.web"
  Name alias;                            // "web": its last component, by which its names are reached
};
struct InputDecl { TextSpan span; std::vector<FieldDecl> fields; };
struct RecordDecl { Name name; std::vector<FieldDecl> fields; };
struct EnumDecl { Name name; std::vector<Name> enumerators; };
struct ConstDecl { Name name; ExprId value; };
struct Parameter { Name name; TypeExprId type; };
struct FunctionDecl {
  Name name;
  std::vector<Parameter> parameters;
  TypeExprId result;
  ExprId body;
  bool broken = false;                   // the signature could not be read: how many parameters there are is not known
};
struct LetDecl { Name name; ExprId value; };
struct ListDeclAst { Name name; TypeExprId type; Name file; };             // file: the string's value
struct SourceDeclAst { Name name; std::vector<Parameter> parameters; TypeExprId result; bool broken = false; };  // as of a function

struct BudgetDecl { uint64_t steps = 0; TextSpan span; };

struct ThresholdDecl { int64_t at_least = 0; Name verdict; TextSpan span; };

struct DecideDecl {
  Name mode;                             // one of lang/decide_modes.def, unless broken
  std::vector<Name> verdicts;            // severest: from least to most severe; first_match: as listed
  std::vector<ThresholdDecl> thresholds; // score
  Name default_verdict;
  bool broken = false;                   // could not be read: what the verdicts are is not known
  TextSpan span;
};

// One item of `then block "reason", score +30 "reason", tag "x", reason "text", emit f(x)`.
struct ThenItem {
  enum class Kind : uint8_t { kVerdict, kScore, kTag, kReason, kEmit } kind = Kind::kVerdict;
  Name name;                             // kVerdict: the verdict; kTag: the tag's text; kEmit: the effect
  int64_t score = 0;                     // kScore
  std::vector<ExprId> arguments;         // kEmit
  ExprId reason;                         // kReason; kVerdict and kScore when one follows: kString, kTemplate or kError
  TextSpan span;
};

struct RuleDecl {
  Name name;
  Name mode;                             // "live", "shadow", "off"; empty text when not written
  Name on_error;                         // "fire", "skip"; empty text when not written
  ExprId when;                           // invalid when the rule has none (reported)
  ExprId unless;                         // invalid when there is none
  std::vector<ThenItem> then;            // empty when there is none or it could not be read (reported)
  TextSpan then_span;                    // of the word `then`; empty when there is none
  TextSpan span;
};

// `with NAME = value`, `with NAME(argument, _) = value`, `with NAME(_) fails`: what stands in for data or for a source in a test.
struct WithDecl {
  Name name;
  bool is_call = false;
  std::vector<ExprId> arguments;         // invalid for `_`, which any value matches
  bool fails = false;
  ExprId value;                          // invalid if `fails`
  TextSpan span;
};

// One thing that a test expects: `block`, `because a, b`, `score 30`.
struct ExpectDecl {
  enum class Kind : uint8_t { kVerdict, kBecause, kNotBecause, kScore, kTags, kReason, kShadow, kErrors, kEmits } kind = Kind::kVerdict;
  std::vector<Name> names;               // the verdict, rules, tags, a reason's text, or an effect
  bool is_call = false;                  // kEmits with arguments; an invalid one stands for any
  std::vector<ExprId> arguments;
  int64_t score = 0;                     // kScore
  TextSpan span;
};

// `(value, ...) expect ...`: one case of a test with parameters.
struct TestRow { std::vector<ExprId> values; std::vector<ExpectDecl> expects; TextSpan span; };

struct TestDecl {
  Name name;                             // the string's value
  std::vector<Parameter> parameters;     // with them, a case for each row; without, one case
  std::vector<TestRow> rows;
  ExprId given;                          // kMap; invalid when there is none, or it could not be read (reported)
  std::vector<WithDecl> withs;
  std::vector<ExpectDecl> expects;       // of every case
  bool broken = false;                   // a clause could not be read
  bool only_withs = false;               // neither a `given` nor an `expect` is missed
  TextSpan span;
};

struct Ast {
  Name policy;                           // or module, of the first file; empty text when the header could not be read
  bool is_module = false;                // the first file
  // A declaration was lost, whole or in part: one that is missing is no error of the user's that is worth a diagnostic. Nor is a
  // name, type, field or verdict that is not found, if MayHaveLost.
  bool incomplete = false;
  std::vector<TextSpan> declarations;    // of every one, in order, the header included
  std::set<std::string, std::less<>> lost_words;  // the words of what was skipped: the names of what was lost are among them
  // A declaration was lost with its name: of this kind nothing is unknown for certain.
  bool lost_value = false, lost_function = false, lost_type = false, lost_rule = false;
  bool lost_text = false;                         // a part that nothing is known of: any name may be in it
  std::vector<Expr> exprs;
  std::vector<TypeExpr> types;
  std::vector<UseDecl> uses;
  std::vector<InputDecl> inputs;         // more than one is an error of the checker
  std::vector<RecordDecl> records;
  std::vector<EnumDecl> enums;
  std::vector<ConstDecl> consts;
  std::vector<FunctionDecl> functions;
  std::vector<LetDecl> lets;
  std::vector<ListDeclAst> lists;
  std::vector<SourceDeclAst> sources;
  std::vector<DecideDecl> decides;
  std::vector<BudgetDecl> budgets;       // more than one is an error of the checker
  std::vector<RuleDecl> rules;
  std::vector<TestDecl> tests;

  // Whether something of this name may have been declared where nothing could be read.
  bool MayHaveLost(std::string_view name) const { return lost_text || lost_words.contains(name); }
  const Expr& operator[](ExprId id) const { return exprs[id.index]; }
  const TypeExpr& operator[](TypeExprId id) const { return types[id.index]; }
};

}  // namespace moult::lang
