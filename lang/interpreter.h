// Interpreter: a recursive walk over the nodes. Each function follows the comments of ops.def word by word; where two readings
// would be possible the text of the function is the definition. Internal to lang/interpret*.cc.
#pragma once

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

#include "lang/data_list.h"
#include "lang/eval.h"
#include "lang/ir.h"
#include "lang/observer.h"
#include "lang/value.h"
#include "lang/value_maker.h"

namespace moult::lang {

class Interpreter {
 public:
  Interpreter(const Program& program, const EvalInput& input)
      : program_(program),
        input_(input),
        fuel_(input.fuel),
        locals_(program.locals.size()),
        lets_(program.lets.size()),
        maker_(program.types, *input.arena) {}

  Evaluated Evaluate(NodeId id) {
    Evaluated value = Compute(id);
    if (input_.observer != nullptr) input_.observer->Saw(id, value);
    return value;
  }

  const Program& program() const { return program_; }
  uint64_t fuel() const { return fuel_; }

 private:
  Evaluated Compute(NodeId id);

  // Operations that do not simply need all their operands.
  Evaluated Logic(NodeId id, bool absorbing);
  Evaluated Coalesce(NodeId id);
  Evaluated Bind(NodeId id);
  Evaluated Render(NodeId id);
  Evaluated LetRef(NodeId id);
  Evaluated Joined(NodeId id, size_t k);  // operand number `k`, looked into if it is a record or a collection

  // Collections (interpret_collections.cc). What makes one computes an operand and stores it before it turns to the next.
  Evaluated ListData(NodeId id);
  // The list that the node names; null for any other node. Its items are not made, unless somebody wants to see the value.
  const DataList* AskedList(NodeId id);
  Evaluated MakeSequence(NodeId id);
  Evaluated MakeMap(NodeId id);
  Evaluated MakeRecord(NodeId id);
  Evaluated In(NodeId id);
  Evaluated MapEntry(NodeId id, const Value& map, const Value& key);
  Evaluated ListEntry(NodeId id, const DataList& list);
  Evaluated NoEntry(NodeId id) const;
  Evaluated InConstants(NodeId id, const Value& item);
  Evaluated Quantifier(NodeId id, bool absorbing);
  Evaluated ExistsOne(NodeId id);
  Evaluated ToList(NodeId id);
  Evaluated ToMap(NodeId id);
  // Visits every element, `body` giving an error that ends it.
  template <class Body>
  std::optional<EvalError> ForEach(NodeId id, const Value& collection, Body body);
  std::optional<EvalError> StartVisit(NodeId id, const Value& collection, size_t i);
  // Whether the visit counts, by the predicate of ToList or ToMap if there is one.
  Evaluated Selects(NodeId id, bool has_predicate);
  std::optional<EvalError> ErrorOf(NodeId id, ErrorKind kind) const {
    if (kind == ErrorKind::kNone) return std::nullopt;
    return EvalError{kind, program_[id].site};
  }

  // All others: operands from left to right, the first error ends it; then the operation on their values.
  Evaluated Strict(NodeId id);
  uint64_t Steps(NodeId id, const std::vector<Value>& operands) const;
  bool Spend(uint64_t steps);
  // Takes what an operation costs, within a comprehension alone.
  std::optional<EvalError> SpendWithin(uint64_t steps);
  Evaluated Apply(NodeId id, const std::vector<Value>& operands);
  Evaluated ApplyText(NodeId id, const std::vector<Value>& operands);
  Evaluated Index(NodeId id, const Value& list, int64_t index);
  Evaluated Compare(NodeId id, const Value& a, const Value& b);
  Evaluated EqualWhole(NodeId id, const Value& a, const Value& b);
  Evaluated Arithmetic(NodeId id, const Value& a, const Value& b);
  Evaluated TimeArithmetic(NodeId id, const Value& a, const Value& b);
  Evaluated Negate(NodeId id, const Value& operand);
  Evaluated CallLibrary(NodeId id, const std::vector<Value>& arguments);
  Evaluated Concatenate(NodeId id, const Value& a, const Value& b);
  Evaluated CallSource(NodeId id, const std::vector<Value>& arguments);

  std::optional<std::string_view> RenderValue(const Value& value, TypeId type);
  // The words of a scalar as a DataList takes them: a cidr lies where the value does.
  static Words ToWords(TypeKind kind, const Value& value);
  std::partial_ordering Order(const Value& a, TypeId a_type, const Value& b, TypeId b_type) const;
  // Whether `item` is the element that stands in a collection; of an ip and a cidr, whether it lies in it.
  bool Fits(const Value& item, TypeId item_type, const Value& element, TypeId element_type) const;
  // The first element (of a map: key) that `item` fits. One that cannot be read fits nothing.
  std::optional<size_t> FindScalar(const Value& item, TypeId item_type, const Value& collection, TypeId collection_type) const;
  ReadResult ReadItem(const Value& collection, bool is_map, size_t i) const {
    return is_map ? ReadKey(collection, i) : ReadElement(collection, i);
  }

  TypeId type(NodeId id) const { return program_[id].type; }
  TypeKind kind(NodeId id) const { return program_.types.kind(type(id)); }
  Failure<EvalError> Fail(NodeId id, ErrorKind error) const { return Failure(EvalError{error, program_[id].site}); }
  Evaluated FromRead(NodeId id, ReadResult read) const {
    if (!read) return Fail(id, read.error());
    return std::move(read).value();
  }
  Evaluated TextOr(NodeId id, std::optional<std::string_view> text, ErrorKind error) const {
    if (!text) return Fail(id, error);
    return Value::Text(*text);
  }
  const void* Resource(size_t index) const { return input_.resources[index]; }

  const Program& program_;
  const EvalInput input_;
  uint64_t fuel_;
  std::optional<SiteId> visited_at_;  // the innermost comprehension whose bodies are being evaluated
  std::vector<Value> locals_;
  std::vector<std::optional<Evaluated>> lets_;
  ValueMaker maker_;
};

}  // namespace moult::lang
