// PolicyWriter: what WritePolicy writes with. Internal to tests/fuzz/policy_*.cc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lang/function.h"
#include "lang/types.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/policy_text.h"

namespace moult::fuzz {

using lang::TypeId;
using lang::TypeKind;

// How tight the loosest operator of an expression binds, loosest first.
enum class Level : uint8_t { kConditional, kOr, kAnd, kRelation, kCoalesce, kSum, kProduct, kUnary, kPrimary };

struct Text {
  std::string text;
  Level level = Level::kPrimary;
};

class PolicyWriter {
 public:
  explicit PolicyWriter(Choices choices) : c_(choices) {}
  PolicyText Write();

 private:
  // A name that has a value, or a way of fields to one. `narrows`: `has` may make a T of its T?.
  struct Variable { std::string text; TypeId type; bool narrows = false; };
  struct Callable { std::string name; std::vector<TypeId> parameters; TypeId result; };
  struct WrittenRule { std::string name; std::string mode; bool has_reason = false; };

  // -- the file (policy_writer.cc)
  std::string Module();
  std::string Policy();
  void MakeTypes();
  void MakeEnum();
  void MakeRecord();
  void MakeInput();
  void MakeConst();
  void MakeFunction(const std::string& name);
  void MakeSource();
  void MakeList(const std::string& name);
  void MakeLet();
  void MakeDecide();
  void MakeRule();
  void Qualify();  // what the module declares, as the policy calls it
  std::string Effect();
  std::string Emitted();
  std::string Reason();
  std::string Verdict();
  void Declare(std::string text) { declarations_.push_back(std::move(text)); }
  std::string Declarations();
  TypeId AnyType(int depth);
  TypeId PoolType() { return c_.Of(pool_); }
  TypeId ScalarType();
  std::string TypeText(TypeId type) const;
  std::string ParametersText(const std::vector<TypeId>& types, std::vector<Variable>& variables);
  void AddPaths(const std::string& path, TypeId type, int depth);

  // -- tests (policy_tests.cc)
  void MakeTest();
  std::string Given(const std::string& parameter);
  std::string Expectation();
  std::string Expected();

  // -- expressions (policy_expr.cc). Each gives one of the type asked for.
  Text Expression(TypeId type, int depth);
  std::string At(const Text& text, Level level);  // in brackets if it needs them, or now and then
  std::string Operand(TypeId type, Level level, int depth) { return At(Expression(type, depth), level); }
  std::string Receiver(const Text& text);
  Text Binary(const char* op, Level level, TypeId left, TypeId right, int depth);
  Text Leaf(TypeId type);
  Text Conditional(TypeId type, int depth);
  Text Composite(TypeId type, int depth);
  Text Bool(int depth);
  Text Comparison(int depth);
  Text Number(TypeId type, int depth);
  Text Time(TypeId type, int depth);
  Text Sum(TypeId type, int depth);
  std::optional<Text> Selection(TypeId type, int depth);
  std::optional<Text> Narrowed(TypeId type, int depth);
  std::optional<Text> OwnCall(TypeId type, int depth);

  // -- literals, the library and macros (policy_library.cc)
  Text Literal(TypeId type, int depth);
  std::string Elements(TypeId element, int depth);
  std::string Entries(TypeId type, int depth);
  std::string Closed(TypeId type, int depth);  // for a test's input
  std::optional<Text> LibraryCall(TypeId type, int depth);
  Text Argument(const lang::FunctionInfo& function, size_t k, TypeId type, int depth);
  Text Quantifier(int depth);
  std::optional<Text> Transform(TypeId type, int depth);
  TypeId CollectionType();
  // The variables of a macro over `collection`, in scope until the caller shrinks it: "x, " or "k, v, ".
  std::string MacroVariables(TypeId collection, bool two);
  std::string Fresh(const char* prefix) { return prefix + std::to_string(names_++); }
  TypeKind KindOf(TypeId type) const { return types_.kind(type); }
  TypeId ElementOf(TypeId type) const { return types_[type].element; }

  Choices c_;
  lang::TypeTable types_;
  std::map<uint32_t, std::string> declared_;  // enums and records, by TypeId
  std::vector<TypeId> pool_;                  // types that expressions are asked of
  std::vector<Variable> scope_;
  std::vector<Callable> functions_;
  std::vector<Callable> sources_;
  std::vector<std::string> lists_;
  std::vector<std::string> declarations_;
  std::vector<lang::RecordField> input_;
  std::vector<std::string> verdicts_;
  std::vector<WrittenRule> rules_;
  bool scores_ = false;
  bool sloppy_ = false;
  bool uses_module_ = false;
  int budget_ = 0;  // expressions that are left to the declaration
  int names_ = 0;
};

}  // namespace moult::fuzz
