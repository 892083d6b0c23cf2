// Checker: the one pass behind Check(). Internal to lang/check*.cc; what it does is told in lang/check.h.
//
// An expression is typed and lowered in one walk: each Check... function gives a Checked, which is a constant not yet
// in the program or a node. One that is `bad` comes from an error that has been reported; whoever meets one stays
// silent.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "lang/ast.h"
#include "lang/builder.h"
#include "lang/check_origin.h"
#include "lang/compile.h"
#include "lang/function.h"
#include "lang/ir.h"
#include "lang/link.h"
#include "lang/narrowing.h"
#include "lang/report.h"
#include "lang/test_suite.h"

namespace moult::lang {

struct Checked {
  bool bad = false;
  TypeId type;
  NodeId node;                                 // invalid while constant
  std::optional<Constant> constant;            // a scalar
  std::optional<std::vector<Constant>> items;  // a constant list or set
  PathId path = kNoPath;                       // what `has` of this expression would narrow
  const char* fails = nullptr;                 // of an operation on constants that always errs: how
  Facts facts;                                 // of a bool: what its being true or false shows to be present

  bool is_constant() const { return constant.has_value() || items.has_value(); }
  static Checked Bad() {
    Checked value;
    value.bad = true;
    return value;
  }
};

class Checker {
 public:
  Checker(const Ast& ast, const Linked& files, const CompileLimits& limits, Reporter& reporter);
  std::optional<Program> Run();
  // Of a tree that is one expression.
  std::optional<Program> RunExpression(ExprId expression);
  void RecordOrigins(Origins* origins) { origins_.WriteTo(origins); }
  TestSuite TakeTests() { return std::move(suite_); }

 private:
  // -- names
  enum class GlobalKind : uint8_t { kInput, kEnum, kConst, kFunction, kLet, kList, kSource, kModule };
  struct Global {
    GlobalKind kind;
    uint32_t index;  // of the field, type id, declaration in the tree, or `use` in the tree
    TextSpan place{};  // of the name, where it is declared
  };
  // What one file declares. A file sees its own names, and those of the modules that it uses behind their aliases.
  struct Scope {
    std::unordered_map<std::string, TypeId> types;
    std::unordered_map<std::string, Global> globals;
  };
  struct Binding {
    std::string_view name;
    Checked value;
  };
  enum class State : uint8_t { kNew, kActive, kDone, kBad };
  struct LetState {
    State state = State::kNew;
    LetId id = 0;
    PathId path = kNoPath;
  };
  struct ConstState {
    State state = State::kNew;
    Checked value;
  };
  struct ListState {
    std::optional<TypeId> type;  // none if it has been reported
    std::optional<ListId> id;    // of the program, which has the lists of modules that are used
  };
  struct RecordShape {
    TextSpan place;
    State state = State::kNew;
    uint32_t height = 0;  // records within records
    uint64_t fields = 0;  // those of the records within included
  };
  static constexpr TypeId kUnsaidType = kIntType;  // of the elements of `[]` where nothing asks for their type: it has none
  static constexpr TypeId kLostType{UINT32_MAX};  // of a parameter whose type was reported: any argument will do
  struct Signature {
    std::vector<TypeId> parameters;
    TypeId result;
    bool bad = false;  // of a type that does not resolve, or recursive
  };

  // An overload that the arguments so far fit, and what its type variables stand for.
  struct Candidate {
    const FunctionInfo* function;
    TypeBindings bindings;
  };
  // check_modules.cc
  void DeclareUses();
  void WarnOfUnusedUses();
  // What `alias.name` may mean: the `use` that the name `e` refers to, if it does.
  const UseDecl* FindUse(const Expr& e);
  const UseDecl* FindUse(std::string_view alias);
  // The declarations behind a `use`; null when there is no such module, which has been reported.
  const Scope* ScopeOf(const UseDecl& use) const;
  const Global* FindIn(const UseDecl* use, const std::string& name) const;  // null for a null `use`
  // A name, or a name of a module; null for anything else, local names included.
  const Global* FindGlobal(const Expr& e);
  // Likewise for a name as text, "list" or "alias.list".
  const Global* FindNamed(const std::string& name);
  // What a call `f()` or `alias.f()` names; null for anything else.
  const Global* FindCallee(const Expr& e);
  Checked CheckModuleMember(const Expr& e, const UseDecl& use);
  Checked CheckModuleCall(const Expr& e, const UseDecl& use);
  std::string UseThatDeclares(std::string_view alias) const;
  void ReportUnknownMember(Code code, const UseDecl& use, const Name& name, std::string_view what);
  std::optional<TypeId> ResolveModuleType(const TypeExpr& type);
  // As seen from the policy: "web.User" for what a module declares.
  std::string NameForPolicy(const Name& name) const;

  // check.cc: declarations
  void DeclareTypes();
  void DeclareFields(TypeId record, const std::vector<FieldDecl>& fields);
  void DeclareInput();
  void DeclareValues();
  void DeclareSources();
  void DeclareLists();
  std::string HintForList(TypeId type) const;
  ListId AddList(uint32_t index);
  void DeclareSignatures();
  bool Declare(const Name& name, Global global);
  bool CheckFresh(std::unordered_map<std::string, TextSpan>& names, const Name& name, std::string_view what);
  void CheckConstants();
  void CheckLets();
  void ReportIfBuiltin(const Name& name);  // check_calls.cc
  void CheckFunctionBodies();

  // check_types.cc
  std::optional<TypeId> ResolveType(TypeExprId id);  // reports; nothing when it is no type
  std::optional<TypeId> ResolveNamed(const TypeExpr& type);
  std::optional<TypeId> ResolveGeneric(const TypeExpr& type);
  void ReportUnknownType(const TypeExpr& type);
  void CheckRecordNesting();
  bool MeasureRecord(TypeId id, uint32_t depth);
  void CheckSizesOfTypes();
  bool RequireKey(TypeId key, TextSpan place);  // reports what cannot be the key of a map

  // check_cycles.cc
  void FindFunctionCycles();
  static std::string CycleText(std::span<const std::string_view> names, std::string_view again);
  void ReportCycle(const std::vector<uint32_t>& cycle);
  std::vector<uint32_t> CalledFunctions(const FunctionDecl& function);

  // check_expr.cc. `expected` is a hint for `[]` and `{}` alone; the caller still has to check what comes.
  using Expected = std::optional<TypeId>;
  Checked Check(ExprId id, Expected expected = {});       // narrowed: T where a T? has been shown present
  Checked CheckRaw(ExprId id, Expected expected = {});    // as declared
  Checked CheckPlain(ExprId id, Expected expected = {});  // reports a T?
  Checked CheckAs(ExprId id, TypeId type, std::string_view what);
  Checked CheckBool(ExprId id, std::string_view what);
  Checked Dispatch(const Expr& e, Expected expected);
  Checked CheckName(const Expr& e);
  bool IsUnknownName(const Expr& e) const;
  Checked CheckGlobal(const Expr& e, Global global);
  bool ReportIfUnsaid(ExprId id);
  Checked ConstantValue(uint32_t index, TextSpan place);
  Checked FoldClosed(Checked value, const Name& name, TextSpan place);  // check_constant.cc
  Checked LowerLet(uint32_t index, TextSpan place);  // bad, or of the let's type
  Checked CheckSelect(const Expr& e);
  Checked CheckEnumerator(const Expr& e, TypeId type);
  std::optional<uint32_t> OrdinalOf(TypeId type, const std::string& name) const;
  Checked CheckIndex(const Expr& e);
  Checked CheckUnary(const Expr& e);
  Checked CheckConditional(const Expr& e, Expected expected);
  Checked CheckList(const Expr& e, Expected expected);
  Checked CheckSet(const Expr& e, Expected expected);

  Checked SelectField(const Expr& e, const Checked& base);
  bool IsScopeName(ExprId id);
  Checked SelectedKey(const Expr& e);
  Checked MakeMapAccess(Op op, const Expr& e, const Checked& map, const Checked& key);

  // check_literals.cc
  Checked CheckMap(const Expr& e, Expected expected);
  Checked CheckRecord(const Expr& e, TypeId type);
  std::optional<std::vector<Checked>> CheckAlike(std::span<const ExprId> ids, Expected expected, std::string_view what);
  bool RequireNewKey(std::span<const Checked> keys, const Checked& key, TextSpan place);
  bool ReportIfRecord(const Expr& e);
  std::vector<NodeId> Nodes(const std::vector<Checked>& values);
  uint32_t EmptyHeight(ExprId id) const;
  uint32_t TypeRank(ExprId id) const;
  Checked CheckUnlessLost(ExprId id, Expected expected, bool lost);

  // check_macros.cc
  Checked CheckMacro(const Expr& e);
  Checked CheckTransform(const Expr& e, NodeId values, Variables variables, std::span<const ExprId> bodies, bool has_predicate);
  bool RequireVariable(const Expr& e, ExprId id);
  std::optional<Variables> BindVariables(const Expr& e, const Checked& collection, size_t count);

  // check_operators.cc
  Checked CheckBinary(const Expr& e);
  Checked CheckLogic(const Expr& e, Op op);
  Checked CheckCoalesce(const Expr& e);
  Checked CheckIn(const Expr& e);
  Checked MakeIn(const Expr& e, Checked item, const Checked& collection);
  Checked CheckEquality(const Expr& e, Op op);
  Checked CheckOrder(const Expr& e, Op op);
  Checked CheckArithmetic(const Expr& e, Op op);
  std::pair<Checked, Checked> CheckSides(const Expr& e);
  bool SameOperands(const Expr& e, const Checked& left, const Checked& right);
  std::string HintForJoin(const Expr& e, const Checked& left, const Checked& right) const;
  void ReportMixedArithmetic(const Expr& e, const Checked& left, const Checked& right);

  // check_calls.cc
  Checked CheckCall(const Expr& e);
  Checked CheckMethod(const Expr& e);
  std::string QualifiedName(const Expr& e) const;
  bool IsNamespace(const Expr& e) const;
  // `arguments`: with the receiver of a method. `overloads`: not empty; all of one name.
  Checked CheckLibraryCall(const Expr& e, std::span<const ExprId> arguments, std::vector<const FunctionInfo*> overloads);
  Checked CheckOverloaded(const Expr& e, std::span<const ExprId> arguments, size_t k, std::vector<Candidate>& candidates);
  Expected TypeOfLiteral(ExprId id, const std::vector<Candidate>& candidates, size_t k);
  Checked ReportBadConstant(const Expr& e, const Constant& text, ErrorKind error);
  Checked MakeLibraryCall(const Expr& e, const Candidate& chosen, const std::vector<Checked>& arguments);
  std::string ArgumentText(const Expr& e, size_t k) const;

  // check_text_format.cc
  Checked CheckFormat(const Expr& e);
  Checked CheckFormatted(const Expr& e, ExprId id, char clause, int64_t precision);
  bool IsFormattable(TypeId type) const;
  Checked JoinTexts(const std::vector<Checked>& pieces, TextSpan place);
  Checked CheckExtreme(const Expr& e, const std::vector<const FunctionInfo*>& overloads);
  Checked MixedExtreme(const Expr& e, const std::vector<Checked>& values);
  Checked CheckSize(const Expr& e);
  Checked CheckMatches(const Expr& e);
  Checked CheckHas(const Expr& e);
  Checked CheckPresence(ExprId id);
  Checked CheckEnd(const Expr& e);
  bool RequireList(const Expr& e, const Checked& list);
  Checked CheckFlatten(const Expr& e);
  Checked CheckSortBy(const Expr& e);
  Checked CheckFunctionCall(const Expr& e, uint32_t index);
  Checked CheckLostCall(const Expr& e);
  Checked CheckSourceCall(const Expr& e, uint32_t index);
  Checked Inline(const Expr& e, uint32_t index, std::vector<Checked> arguments);
  bool IsFreeToRepeat(const Checked& value) const;
  std::optional<std::vector<Checked>> CheckArguments(const Expr& e, const std::vector<TypeId>& parameters);
  bool CheckArity(const Expr& e, size_t given, size_t least, size_t most);
  Checked ReportUnknownFunction(const Expr& e, bool is_method);

  // check_rules.cc
  void CheckDecide();
  void CheckVerdicts(const std::vector<Name>& verdicts, const DecideDecl& decl);
  void CheckScore(const DecideDecl& decl);
  uint32_t AddVerdict(const std::string& name);
  std::optional<uint32_t> FindVerdict(const Name& name);
  void CheckRules();
  void CheckRule(const RuleDecl& decl);
  void WarnOfSilentErrors();
  Checked CheckCondition(const RuleDecl& decl, RuleOrigin& origin);
  void CheckBudget();
  void CheckThen(const RuleDecl& decl, Rule& rule);
  void AddTag(const ThenItem& item, Rule& rule);
  void CheckOutcome(const ThenItem& item, Rule& rule);
  void CheckEmit(const ThenItem& item, Rule& rule);
  Checked CheckEmitArgument(const ThenItem& item, size_t index);
  NodeId CheckReason(ExprId id);
  NodeId ConcatReason(std::span<const NodeId> parts, TextSpan place);

  // check_testing.cc
  void CheckTests();
  void CheckTest(const TestDecl& test);
  void CheckCase(const TestDecl& test, const TestRow* row, const std::vector<TypeId>& types);
  Checked CheckRowValue(ExprId id, TypeId type, const std::string& parameter);
  bool BindRow(const TestDecl& test, const TestRow& row, const std::vector<TypeId>& types);
  bool IsClosed(const Checked& value, ExprId at);
  NodeId CheckClosed(ExprId id, TypeId type, std::string_view what);
  GivenValue CheckGiven(ExprId id, TypeId type, std::string_view what);
  GivenValue CheckGivenRecord(const Expr& e, TypeId type);
  void ReportMissingFields(const Expr& e, TypeId type, const std::vector<bool>& given);
  void ReportBadFieldOfGiven(const Expr& key, TypeId type);
  std::string RecordName(TypeId record) const;
  void CheckWith(const WithDecl& with, TestCase& test);
  void CheckGivenList(const WithDecl& with, uint32_t index, TestCase& test);
  void CheckAnswer(const WithDecl& with, uint32_t index, TestCase& test);
  void CheckExpectation(const ExpectDecl& expect, TestCase& test);
  void CheckExpectedEffect(const ExpectDecl& expect, Expectation& result);
  std::optional<uint32_t> FindExpectedRule(const Name& name, ExpectDecl::Kind kind);

  // check_values.cc: what the others are made of
  Checked Make(Op op, TypeId type, std::initializer_list<NodeId> operands, TextSpan place, uint64_t imm = 0);
  Checked MakeOf(Op op, TypeId type, std::span<const NodeId> operands, TextSpan place, uint64_t imm = 0);
  Checked MakeConstant(TypeId type, Constant constant);
  NodeId Use(const Checked& value);  // the node of a value, made now if it is a constant
  Checked Limited(NodeId id, TypeId type, TextSpan place);
  bool RequirePlain(const Checked& value, ExprId at);
  // Makes `value` one of `type` if it is, or if `type` is optional of its type. Reports what it is not.
  bool Coerce(Checked& value, TypeId type, ExprId at, std::string_view what);
  void Report(Code code, TextSpan place, std::string message, std::string hint = {});
  // `hint`, unless it is empty, is surer than what would be guessed of the candidates.
  void ReportUnknown(Code code, const Name& name, std::string message, const std::vector<std::string_view>& candidates,
                     std::string hint = {});
  bool MayHaveLost(Code code, std::string_view name) const;
  void ReportUnknowns();
  void ReportTooDeep(TextSpan place);
  std::string Suggest(std::string_view name, const std::vector<std::string_view>& candidates);
  std::string TypeName(TypeId type) const { return "`" + types().Name(type) + "`"; }
  std::string ATypeName(TypeId type) const;  // "an `int`"
  std::string EnumOf(std::string_view enumerator) const;  // the first enum that has it; empty when none has
  std::string PathText(ExprId id) const;
  std::string DefaultText(TypeId type) const;  // a literal of the type; empty when there is none
  const Binding* FindBinding(std::string_view name) const;
  std::vector<std::string_view> ValueNames() const;

  TypeTable& types() { return builder_.program().types; }
  const TypeTable& types() const { return builder_.program().types; }

  // A fresh view of the names: no parameters, no variables, nothing narrowed. For the body of a let, constant or
  // function.
  class Outside;
  // The names that are seen where a declaration is.
  class InFile;

  Scope& scope() { return scopes_[scope_]; }
  const Scope& scope() const { return scopes_[scope_]; }

  const Ast& ast_;
  const Linked& files_;
  const CompileLimits& limits_;
  Reporter& reporter_;
  Builder builder_;
  std::vector<Scope> scopes_;  // by file
  uint32_t scope_ = 0;         // whose names are seen
  std::vector<bool> uses_used_;
  std::unordered_map<uint32_t, std::unordered_map<std::string, uint32_t>> members_;  // fields and enumerators, by type
  std::unordered_map<std::string, uint32_t> verdicts_;
  std::vector<LetState> lets_;
  std::vector<ConstState> constants_;
  std::vector<Signature> functions_;
  std::vector<Signature> sources_;
  std::vector<ListState> lists_;
  std::vector<RecordShape> records_;  // by TypeId; of no meaning for other types
  std::vector<Binding> bindings_;     // innermost last
  size_t frame_ = 0;                  // the bindings that can be seen start here
  Narrowing narrowing_;
  PathId input_path_ = kNoPath;
  std::vector<std::string_view> open_names_;  // lets and constants being lowered, or records being measured
  bool folds_ = true;  // whether what constants come to is computed here; else it is left to the program
  std::set<std::pair<uint32_t, std::string>> lost_fields_;  // by record: declared, but with a type that is none
  TestSuite suite_;
  OriginRecorder origins_;
  struct Unknown {
    std::map<uint32_t, TextSpan> places;  // by where they begin
    std::string hint;
  };
  std::map<std::tuple<Code, uint32_t, std::string>, Unknown> unknown_;  // by code, file and message
  uint32_t depth_ = 0;                                      // of Check, through inlined functions and lets
  uint32_t suggestions_ = 0;                                // made so far; they cost
  struct EffectUse {
    std::vector<std::optional<TypeId>> arguments;  // nothing where an error has been reported
  };
  std::unordered_map<std::string, EffectUse> effects_;  // as its first `emit` has it
  bool verdicts_known_ = false;
  bool bodies_apart_ = false;  // checking function bodies for themselves: calls stand for their results
};

}  // namespace moult::lang
