// The checks of lang/verify.cc (the program) and lang/verify_node.cc (one node).
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "lang/ir.h"

namespace moult::lang {

// Walks the program once, in order; stops at the first violation. Every index is checked before it is used, so that a
// corrupt program of any kind is answered with text.
class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program), types_(program.types) {}

  std::optional<std::string> Run() {
    CheckTables();
    FindBinders();
    for (uint32_t k = 0; k < program_.nodes.size() && error_.empty(); ++k) CheckNode({k});
    if (error_.empty()) CheckLets();
    if (error_.empty()) CheckDecide();
    if (error_.empty()) CheckEffectArguments();
    if (error_.empty()) CheckRules();
    if (error_.empty()) return std::nullopt;
    return error_;
  }

 private:
  // What is known of a node once it has been checked.
  struct Facts {
    uint32_t depth = 0;
    LetId lets_below = 0;          // one more than the highest let that it refers to
    bool total_text = false;       // fit for a reason
    std::vector<LocalId> unbound;  // sorted: locals used that no binder below has bound
  };

  // Program-wide.
  void CheckTables();
  void FindBinders();
  void CheckLets();
  void CheckDecide();
  void CheckRules();
  void CheckRule(const Rule& rule);
  void CheckEffects(const Rule& rule);
  void CheckEffectArguments();
  bool CheckRoot(NodeId id, TypeId type, const std::string& what);

  // One node.
  void CheckNode(NodeId id);
  bool CheckShape(NodeId id);
  std::string TypeError(NodeId id) const;
  std::string LeafError(const Node& node) const;
  std::string WideConstantError(const Node& node, size_t bytes, TypeId type) const;
  std::string StructureError(const Node& node) const;
  std::string LiteralError(const Node& node) const;
  std::string OptionalError(const Node& node) const;
  std::string ComparisonError(const Node& node) const;
  std::string ArithmeticError(const Node& node) const;
  std::string TimeArithmeticError(const Node& node) const;
  std::string TextError(const Node& node) const;
  std::string ComprehensionError(const Node& node) const;
  std::string CallError(const Node& node) const;
  std::string SourceError(const Node& node) const;
  std::string BinderError(NodeId id) const;
  void Derive(NodeId id);

  TypeId OperandType(const Node& node, size_t k) const {
    return program_.nodes[program_.operand_pool[node.first_operand + k].index].type;
  }
  TypeKind OperandKind(const Node& node, size_t k) const { return types_.kind(OperandType(node, k)); }
  bool Exists(TypeId type) const { return type.index < types_.size(); }
  // "" if `node` takes exactly `operands` and gives `result`.
  std::string Expect(const Node& node, std::initializer_list<TypeId> operands, TypeId result) const;
  static std::string Require(bool condition, const char* otherwise) { return condition ? "" : otherwise; }
  bool IsScalar(TypeId type) const;
  std::string VariablesError(const Node& node) const;

  template <class... Args>
  void Fail(fmt::format_string<Args...> format, Args&&... args) {
    if (error_.empty()) error_ = fmt::format(format, std::forward<Args>(args)...);
  }

  const Program& program_;
  const TypeTable& types_;
  std::vector<NodeId> binders_;  // by LocalId
  std::vector<Facts> facts_;
  std::string error_;
};

}  // namespace moult::lang
