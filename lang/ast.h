// The syntax tree of one policy file, as written: names unresolved, types unchecked. Nodes live in vectors and name each
// other by typed index, so that deep trees are freed without recursion.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace moult::lang {

// Bytes begin .. end of the file being parsed.
struct TextSpan {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Name {
  std::string text;   // "abuse.message" for a policy, one identifier otherwise
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
  bool optional = false;
  TextSpan span;
};

enum class ExprKind : uint8_t {
  kError,       // where parsing recovered; has been reported: the checker says no more about it
  kBool,        // integer: 0 or 1
  kInt,         // integer. `-9223372036854775808` is one literal
  kDouble,      // real
  kString,      // text: escapes resolved
  kTemplate,    // an interpolated string, in reasons only: children, literal parts as kString
  kName,        // text
  kSelect,      // children[0].text
  kIndex,       // children[0][children[1]]
  kCall,        // text(children...): a function or a source
  kMethod,      // children[0].text(children[1...])
  kUnary,       // text is "!" or "-"
  kBinary,      // text is the operator: "&&" "||" "==" "in" "??" "+" ...
  kConditional, // children: condition ? then : else
  kList,        // [children...]
  kSet,         // {children...}; `{}` has kind kMap
  kMap,         // {key: value, ...}: children in pairs; keys of kName form are for records
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
};

struct InputDecl { TextSpan span; std::vector<FieldDecl> fields; };
struct RecordDecl { Name name; std::vector<FieldDecl> fields; };
struct EnumDecl { Name name; std::vector<Name> enumerators; };
struct ConstDecl { Name name; ExprId value; };
struct Parameter { Name name; TypeExprId type; };
struct FunctionDecl { Name name; std::vector<Parameter> parameters; TypeExprId result; ExprId body; };
struct LetDecl { Name name; ExprId value; };
struct ListDeclAst { Name name; TypeExprId type; Name file; };             // file: the string's value
struct SourceDeclAst { Name name; std::vector<Parameter> parameters; TypeExprId result; };

struct ThresholdDecl { int64_t at_least = 0; Name verdict; TextSpan span; };

struct DecideDecl {
  Name mode;                             // "severest", "score"; others parse and are refused by the checker
  std::vector<Name> verdicts;            // severest: from least to most severe
  std::vector<ThresholdDecl> thresholds; // score
  Name default_verdict;
  TextSpan span;
};

// One item of `then a "reason", tag "x", score +30`.
struct ThenItem {
  enum class Kind : uint8_t { kVerdict, kScore, kTag, kReason } kind = Kind::kVerdict;
  Name name;                             // kVerdict: the verdict; kTag: the tag's text
  int64_t score = 0;                     // kScore
  ExprId reason;                         // kReason, and kVerdict when a reason follows it: kString or kTemplate
  TextSpan span;
};

struct RuleDecl {
  Name name;
  Name mode;                             // "live", "shadow", "off"; empty text when not written
  ExprId when;                           // invalid when the rule has none (reported)
  ExprId unless;                         // invalid when there is none
  std::vector<ThenItem> then;
  TextSpan span;
};

struct Ast {
  Name policy;
  std::vector<Expr> exprs;
  std::vector<TypeExpr> types;
  std::vector<InputDecl> inputs;         // more than one is an error of the checker
  std::vector<RecordDecl> records;
  std::vector<EnumDecl> enums;
  std::vector<ConstDecl> consts;
  std::vector<FunctionDecl> functions;
  std::vector<LetDecl> lets;
  std::vector<ListDeclAst> lists;
  std::vector<SourceDeclAst> sources;
  std::vector<DecideDecl> decides;
  std::vector<RuleDecl> rules;

  const Expr& operator[](ExprId id) const { return exprs[id.index]; }
  const TypeExpr& operator[](TypeExprId id) const { return types[id.index]; }
};

}  // namespace moult::lang
