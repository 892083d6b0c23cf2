// Lists, sets, maps and records: literals, membership, equality, comprehensions.
#include <utility>

#include "lang/fuel.h"
#include "lang/interpreter.h"

namespace moult::lang {

Evaluated Interpreter::ListData(NodeId id) {
  const NativeSpan items = static_cast<const DataList*>(Resource(program_.regexes.size() + program_[id].imm))->Items();
  return Value{.address = items.data, .layout = maker_.Native(type(id)).element.get(), .count = items.count};
}

const DataList* Interpreter::AskedList(NodeId id) {
  if (program_[id].op != Op::kListData) return nullptr;
  if (input_.observer != nullptr) static_cast<void>(Evaluate(id));
  return static_cast<const DataList*>(Resource(program_.regexes.size() + program_[id].imm));
}

Evaluated Interpreter::MakeSequence(NodeId id) {
  const std::span<const NodeId> operands = program_.operands(id);
  Result<ValueMaker::Array, ErrorKind> array = maker_.NewArray(type(id), operands.size());
  if (!array) return Fail(id, array.error());
  for (NodeId operand : operands) {
    Evaluated item = Evaluate(operand);
    if (!item) return item;
    const ErrorKind bad = maker_.Append(*array, type(operand), *item);
    if (bad != ErrorKind::kNone) return Fail(id, bad);
  }
  if (program_[id].op == Op::kMakeSet) maker_.KeepDistinct(*array, type(id));
  return maker_.Finish(*array);
}

Evaluated Interpreter::MakeMap(NodeId id) {
  const std::span<const NodeId> operands = program_.operands(id);
  Result<ValueMaker::Array, ErrorKind> array = maker_.NewArray(type(id), operands.size() / 2);
  if (!array) return Fail(id, array.error());
  for (size_t k = 0; k < operands.size(); k += 2) {
    const Evaluated key = Evaluate(operands[k]);
    if (!key) return key;
    const Evaluated value = Evaluate(operands[k + 1]);
    if (!value) return value;
    const ErrorKind bad = maker_.AppendEntry(*array, type(id), *key, *value);
    if (bad != ErrorKind::kNone) return Fail(id, bad);
  }
  if (maker_.HasEqualKeys(*array, type(id))) return Fail(id, ErrorKind::kDuplicateKey);
  return maker_.Finish(*array);
}

Evaluated Interpreter::MakeRecord(NodeId id) {
  const std::span<const NodeId> operands = program_.operands(id);
  Result<Value, ErrorKind> record = maker_.NewRecord(type(id));
  if (!record) return Fail(id, record.error());
  for (size_t k = 0; k < operands.size(); ++k) {
    Evaluated field = Evaluate(operands[k]);
    if (!field) return field;
    const ErrorKind bad = maker_.StoreField(*record, type(id), k, *field);
    if (bad != ErrorKind::kNone) return Fail(id, bad);
  }
  return std::move(record).value();
}

Evaluated Interpreter::EqualWhole(NodeId id, const Value& a, const Value& b) {
  const TypeId a_type = type(program_.operand(id, 0));
  const TypeId b_type = type(program_.operand(id, 1));
  ErrorKind bad = maker_.Check(a, a_type);
  if (bad == ErrorKind::kNone) bad = maker_.Check(b, b_type);
  if (bad != ErrorKind::kNone) return Fail(id, bad);
  return Value::Bool(maker_.Equal(a, a_type, b, b_type) == (program_[id].op == Op::kEq));
}

Evaluated Interpreter::Concatenate(NodeId id, const Value& a, const Value& b) {
  ErrorKind bad = maker_.Check(a, type(id));
  if (bad == ErrorKind::kNone) bad = maker_.Check(b, type(id));
  if (bad != ErrorKind::kNone) return Fail(id, bad);
  Result<ValueMaker::Array, ErrorKind> array = maker_.NewArray(type(id), a.count + b.count);
  if (!array) return Fail(id, array.error());
  for (const Value* part : {&a, &b}) {
    for (size_t i = 0; i < part->count; ++i) {
      const ErrorKind error = maker_.Append(*array, program_.types[type(id)].element, ReadElement(*part, i).value());
      if (error != ErrorKind::kNone) return Fail(id, error);
    }
  }
  return maker_.Finish(*array);
}

Evaluated Interpreter::In(NodeId id) {
  const Evaluated item = Evaluate(program_.operand(id, 0));
  if (!item) return item;
  const NodeId operand = program_.operand(id, 1);
  if (IsConstantCollection(program_, operand)) return InConstants(id, *item);
  const TypeId item_type = type(program_.operand(id, 0));
  if (const DataList* list = AskedList(operand)) {
    if (const std::optional<EvalError> error = SpendWithin(ScanSteps(item->text.size()))) return Failure(*error);
    const bool covers = item_type != ItemType(program_.types, type(operand));
    return Value::Bool(covers ? list->Covers(item->ip()) : list->Contains(ToWords(program_.types.kind(item_type), *item)));
  }
  const Evaluated collection = Evaluate(operand);
  if (!collection) return collection;
  const uint64_t steps = SearchSteps(CollectionSize(*collection), item->text.size());
  if (const std::optional<EvalError> error = SpendWithin(steps)) return Failure(*error);
  if (program_.types.IsComposite(item_type)) {
    return Value::Bool(maker_.Find(*collection, type(operand), *item, item_type) != kNotFound);
  }
  return Value::Bool(FindScalar(*item, item_type, *collection, type(operand)).has_value());
}

Evaluated Interpreter::InConstants(NodeId id, const Value& item) {
  const TypeId item_type = type(program_.operand(id, 0));
  for (NodeId constant : program_.operands(program_.operand(id, 1))) {
    const Evaluated value = Evaluate(constant);
    if (Fits(item, item_type, *value, type(constant))) return Value::Bool(true);
  }
  return Value::Bool(false);
}

bool Interpreter::Fits(const Value& item, TypeId item_type, const Value& element, TypeId element_type) const {
  if (item_type == kIpType && element_type == kCidrType) return element.cidr().Contains(item.ip());
  return Order(item, item_type, element, element_type) == 0;
}

std::optional<size_t> Interpreter::FindScalar(const Value& item, TypeId item_type, const Value& collection,
                                              TypeId collection_type) const {
  const bool is_map = program_.types.kind(collection_type) == TypeKind::kMap;
  const TypeId element_type = ItemType(program_.types, collection_type);
  for (size_t i = 0, size = CollectionSize(collection); i < size; ++i) {
    const ReadResult candidate = ReadItem(collection, is_map, i);
    if (candidate && Fits(item, item_type, *candidate, element_type)) return i;
  }
  return std::nullopt;
}

Words Interpreter::ToWords(TypeKind kind, const Value& value) {
  switch (kind) {
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kCidr:
      return {reinterpret_cast<uint64_t>(value.text.data()), value.text.size()};
    default:
      return {static_cast<uint64_t>(value.integer), static_cast<uint64_t>(value.low)};
  }
}

// Of the entry in a map that lies in memory, of keys that stand twice the first.
Evaluated Interpreter::MapEntry(NodeId id, const Value& map, const Value& key) {
  const std::optional<size_t> entry = FindScalar(key, type(program_.operand(id, 1)), map, type(program_.operand(id, 0)));
  if (entry) return FromRead(id, ReadMapped(map, *entry));
  return NoEntry(id);
}

Evaluated Interpreter::NoEntry(NodeId id) const {
  if (program_[id].op == Op::kMapFind) return Value::Missing();
  return Fail(id, ErrorKind::kNoSuchKey);
}

Evaluated Interpreter::ListEntry(NodeId id, const DataList& list) {
  const NodeId operand = program_.operand(id, 1);
  const Evaluated key = Evaluate(operand);
  if (!key) return key;
  if (const std::optional<EvalError> error = SpendWithin(ScanSteps(key->text.size()))) return Failure(*error);
  const void* value = list.Find(ToWords(kind(operand), *key));
  if (value == nullptr) return NoEntry(id);
  return FromRead(id, ReadValue(*maker_.Native(type(program_.operand(id, 0))).element->fields[1].layout, value));
}

// Takes the fuel of a visit and reads the variables.
std::optional<EvalError> Interpreter::StartVisit(NodeId id, const Value& collection, size_t i) {
  const Variables variables = Variables::Of(program_[id].imm);
  const bool is_map = kind(program_.operand(id, 0)) == TypeKind::kMap;
  const bool has_position = variables.second != Variables::kNone && !is_map;
  ReadResult first = has_position ? Value::Int(static_cast<int64_t>(i)) : ReadItem(collection, is_map, i);
  if (!first) return ErrorOf(id, first.error());
  locals_[variables.first] = std::move(first).value();
  if (variables.second == Variables::kNone) return std::nullopt;
  ReadResult second = is_map ? ReadMapped(collection, i) : ReadElement(collection, i);
  if (!second) return ErrorOf(id, second.error());
  locals_[variables.second] = std::move(second).value();
  return std::nullopt;
}

// Without fuel the visit fails and is the last. Otherwise the error is that of the first visit that failed.
Evaluated Interpreter::Quantifier(NodeId id, bool absorbing) {
  const Evaluated collection = Evaluate(program_.operand(id, 0));
  if (!collection) return collection;
  std::optional<EvalError> first_error;
  const auto note = [&](EvalError error) { first_error = first_error.value_or(error); };
  for (size_t i = 0, size = CollectionSize(*collection); i < size; ++i) {
    if (!Spend(1)) {
      note({ErrorKind::kFuelExhausted, program_[id].site});
      break;
    }
    if (std::optional<EvalError> error = StartVisit(id, *collection, i)) {
      note(*error);
      continue;
    }
    const std::optional<SiteId> outer = std::exchange(visited_at_, program_[id].site);
    Evaluated body = Evaluate(program_.operand(id, 1));
    visited_at_ = outer;
    if (!body) {
      note(body.error());
    } else if ((body->integer != 0) == absorbing) {
      return body;
    }
  }
  if (first_error) return Failure(*first_error);
  return Value::Bool(!absorbing);
}

template <class Body>
std::optional<EvalError> Interpreter::ForEach(NodeId id, const Value& collection, Body body) {
  for (size_t i = 0, size = CollectionSize(collection); i < size; ++i) {
    if (!Spend(1)) return ErrorOf(id, ErrorKind::kFuelExhausted);
    if (std::optional<EvalError> error = StartVisit(id, collection, i)) return error;
    const std::optional<SiteId> outer = std::exchange(visited_at_, program_[id].site);
    const std::optional<EvalError> error = body();
    visited_at_ = outer;
    if (error) return error;
  }
  return std::nullopt;
}

Evaluated Interpreter::ExistsOne(NodeId id) {
  const Evaluated collection = Evaluate(program_.operand(id, 0));
  if (!collection) return collection;
  size_t found = 0;
  const auto error = ForEach(id, *collection, [&]() -> std::optional<EvalError> {
    const Evaluated body = Evaluate(program_.operand(id, 1));
    if (!body) return body.error();
    found += body->integer != 0;
    return std::nullopt;
  });
  if (error) return Failure(*error);
  return Value::Bool(found == 1);
}

Evaluated Interpreter::Selects(NodeId id, bool has_predicate) {
  return has_predicate ? Evaluate(program_.operand(id, 1)) : Evaluated(Value::Bool(true));
}

Evaluated Interpreter::ToList(NodeId id) {
  const Evaluated collection = Evaluate(program_.operand(id, 0));
  if (!collection) return collection;
  Result<ValueMaker::Array, ErrorKind> array = maker_.NewArray(type(id), CollectionSize(*collection));
  if (!array) return Fail(id, array.error());
  const size_t operands = program_[id].operand_count;
  const auto error = ForEach(id, *collection, [&]() -> std::optional<EvalError> {
    const Evaluated selects = Selects(id, operands == 3);
    if (!selects) return selects.error();
    if (selects->integer == 0) return std::nullopt;
    const Evaluated value = Evaluate(program_.operand(id, operands - 1));
    if (!value) return value.error();
    return ErrorOf(id, maker_.Append(*array, program_.types[type(id)].element, *value));
  });
  if (error) return Failure(*error);
  return maker_.Finish(*array);
}

Evaluated Interpreter::ToMap(NodeId id) {
  const Evaluated collection = Evaluate(program_.operand(id, 0));
  if (!collection) return collection;
  Result<ValueMaker::Array, ErrorKind> array = maker_.NewArray(type(id), CollectionSize(*collection));
  if (!array) return Fail(id, array.error());
  const size_t operands = program_[id].operand_count;
  const auto error = ForEach(id, *collection, [&]() -> std::optional<EvalError> {
    const Evaluated selects = Selects(id, operands == 4);
    if (!selects) return selects.error();
    if (selects->integer == 0) return std::nullopt;
    const Evaluated key = Evaluate(program_.operand(id, operands - 2));
    if (!key) return key.error();
    const Evaluated value = Evaluate(program_.operand(id, operands - 1));
    if (!value) return value.error();
    return ErrorOf(id, maker_.AppendEntry(*array, type(id), *key, *value));
  });
  if (error) return Failure(*error);
  if (maker_.HasEqualKeys(*array, type(id))) return Fail(id, ErrorKind::kDuplicateKey);
  return maker_.Finish(*array);
}

}  // namespace moult::lang
