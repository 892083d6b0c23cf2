// Generator: what RandomProgram makes programs with. Internal to tests/support/random_program*.cc.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include "lang/function.h"
#include "tests/support/ir_builder.h"
#include "tests/support/random_program.h"

namespace moult::lang::test {

class Generator {
 public:
  Generator(Random& random, const ProgramShape& shape) : random_(random), shape_(shape) {}

  Program Run() {
    MakeTypes();
    FindRecipes(program_.input, {}, 0);
    MakeDeclarations();
    for (int k = 0; k < shape_.lets; ++k) MakeLet();
    MakeDecide();
    for (int k = 0; k < shape_.rules; ++k) MakeRule(k);
    return b_.Build();
  }

 private:
  // A way from the input to a value: fields, and into optionals, lists and maps.
  struct Step {
    Op op;  // kField, kUnwrap, kIndex, kMapGet
    uint64_t field = 0;
    TypeId key;
  };
  using Recipe = std::vector<Step>;

  // -- types and declarations
  void MakeTypes();
  // The first four, which most operations are of, half of the time.
  TypeId RandomScalarType() { return scalars_[Below(random_, OneIn(2) ? 4 : scalars_.size())]; }
  TypeId RandomFieldType(int depth);
  void FindRecipes(TypeId type, Recipe recipe, int depth);
  void MakeDeclarations();
  void MakeLet();
  void MakeDecide();
  void MakeRule(int index);
  NodeId MakeReason();

  // -- expressions. Each gives a node of exactly the type asked for.
  NodeId Make(TypeId type, int depth);
  NodeId MakeLeaf(TypeId type);
  NodeId MakeConstant(TypeId type);
  std::optional<NodeId> MakeListData(TypeId type);  // if there is such a list
  NodeId MakeBool(int depth);
  NodeId MakeInt(int depth);
  NodeId MakeDouble(int depth);
  NodeId MakeTime(TypeId type, int depth);
  NodeId MakeText(int depth);
  NodeId MakeOptional(TypeId type, int depth);
  NodeId MakeCollection(TypeId type, int depth);
  NodeId MakeMap(TypeId type, int depth);
  NodeId MakeRecord(TypeId type, int depth);
  NodeId MakeGeneric(TypeId type, int depth);
  NodeId MakeComparison(int depth);
  NodeId MakeMembership(int depth);
  NodeId MakeComprehension(int depth);
  NodeId MakeTransform(TypeId type, int depth);
  struct Visited { NodeId collection; Variables variables; };
  Visited OverCollection(int depth);  // the variables are in scope until LeaveScope
  void LeaveScope(const Visited& visited) { scope_.resize(scope_.size() - (visited.variables.second == Variables::kNone ? 1 : 2)); }
  NodeId MakeBinding(TypeId type, int depth);
  NodeId Follow(const Recipe& recipe);
  NodeId WithLocal(Op op, TypeId type, NodeId value, TypeId variable, TypeId body, int depth);
  std::optional<NodeId> Choose(const std::vector<NodeId>& nodes);
  std::optional<NodeId> MakeVariable(TypeId type);
  std::optional<NodeId> MakeCall(TypeId type, int depth);
  NodeId MakeLibraryCall(TypeId type, int depth);
  std::optional<std::vector<TypeId>> ParametersFor(const FunctionInfo& function, TypeId result);
  // A known type that `accept` accepts, if there is one.
  template <class Accept>
  std::optional<TypeId> Known(Accept accept);

  NodeId Emit(Op op, TypeId type, const std::vector<NodeId>& operands, uint64_t imm = 0);
  TypeKind KindOf(TypeId type) const { return program_.types.kind(type); }
  TypeId ElementOf(TypeId type) const { return program_.types[type].element; }
  bool OneIn(size_t n) { return Below(random_, n) == 0; }

  Random& random_;
  const ProgramShape& shape_;
  IrBuilder b_;
  Program& program_ = b_.program();
  std::vector<TypeId> scalars_;
  std::vector<TypeId> records_;
  std::map<uint32_t, std::vector<Recipe>> recipes_;  // by TypeId
  std::vector<TypeId> known_;                        // types that an expression may have
  std::vector<LocalId> scope_;
  std::map<uint32_t, std::vector<NodeId>> shareable_;  // by TypeId: without locals, and small
  std::vector<uint32_t> tree_nodes_;                   // by node: of the tree under it
};

template <class Accept>
std::optional<TypeId> Generator::Known(Accept accept) {
  std::vector<TypeId> fitting;
  std::ranges::copy_if(known_, std::back_inserter(fitting), accept);
  if (fitting.empty()) return std::nullopt;
  return fitting[Below(random_, fitting.size())];
}

}  // namespace moult::lang::test
