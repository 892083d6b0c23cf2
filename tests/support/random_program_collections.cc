// Random records and collections, and what is asked of them.
#include <fmt/format.h>

#include "tests/support/program_generator.h"

namespace moult::lang::test {

NodeId Generator::MakeMembership(int depth) {
  const TypeId collection = *Known([&](TypeId t) {
    const Type& type = program_.types[t];
    if (type.kind == TypeKind::kMap) return true;
    return (type.kind == TypeKind::kList || type.kind == TypeKind::kSet) && !program_.types.IsOptional(type.element);
  });
  TypeId item = ItemType(program_.types, collection);
  if (item == kCidrType && KindOf(collection) != TypeKind::kMap && OneIn(2)) item = kIpType;
  return Emit(Op::kIn, kBoolType, {Make(item, depth), Make(collection, depth)});
}

std::optional<NodeId> Generator::MakeListData(TypeId type) {
  std::vector<ListId> fitting;
  for (ListId k = 0; k < program_.lists.size(); ++k) {
    if (program_.lists[k].type == type) fitting.push_back(k);
  }
  if (fitting.empty()) return std::nullopt;
  return Emit(Op::kListData, type, {}, fitting[Below(random_, fitting.size())]);
}

NodeId Generator::MakeComprehension(int depth) {
  constexpr Op kOps[] = {Op::kExists, Op::kAll, Op::kExistsOne};
  const Visited visited = OverCollection(depth);
  const NodeId body = Make(kBoolType, depth);
  LeaveScope(visited);
  return Emit(kOps[Below(random_, 3)], kBoolType, {visited.collection, body}, visited.variables.imm());
}

Generator::Visited Generator::OverCollection(int depth) {
  const TypeId type = *Known([&](TypeId t) { return KindOf(t) >= TypeKind::kList && KindOf(t) <= TypeKind::kMap; });
  const bool is_map = KindOf(type) == TypeKind::kMap;
  const bool two = KindOf(type) != TypeKind::kSet && OneIn(3);
  Visited visited{Make(type, depth), {}};
  const auto bind = [&](TypeId variable) {
    scope_.push_back(b_.AddLocal(fmt::format("x{}", program_.locals.size()), variable));
    return scope_.back();
  };
  visited.variables.first = bind(is_map ? program_.types[type].key : two ? kIntType : ElementOf(type));
  if (two) visited.variables.second = bind(ElementOf(type));
  return visited;
}

NodeId Generator::MakeTransform(TypeId type, int depth) {
  const bool to_map = KindOf(type) == TypeKind::kMap;
  const Visited visited = OverCollection(depth);
  std::vector<NodeId> operands = {visited.collection};
  if (OneIn(2)) operands.push_back(Make(kBoolType, depth));
  if (to_map) operands.push_back(Make(program_.types[type].key, depth));
  operands.push_back(Make(ElementOf(type), depth));
  LeaveScope(visited);
  return Emit(to_map ? Op::kToMap : Op::kToList, type, operands, visited.variables.imm());
}

NodeId Generator::MakeMap(TypeId type, int depth) {
  if (OneIn(3)) return MakeGeneric(type, depth);
  if (OneIn(3)) return MakeTransform(type, depth - 1);
  std::vector<NodeId> entries;
  for (size_t k = Below(random_, 3); k > 0; --k) {
    entries.push_back(Make(program_.types[type].key, depth - 1));
    entries.push_back(Make(ElementOf(type), depth - 1));
  }
  return Emit(Op::kMakeMap, type, entries);
}

NodeId Generator::MakeRecord(TypeId type, int depth) {
  if (type == program_.input || OneIn(2)) return MakeGeneric(type, depth);
  std::vector<NodeId> fields;
  for (size_t k = 0; k < program_.types.record(type).fields.size(); ++k) {
    fields.push_back(Make(program_.types.record(type).fields[k].type, depth - 1));
  }
  return Emit(Op::kMakeRecord, type, fields);
}

NodeId Generator::MakeCollection(TypeId type, int depth) {
  const bool is_list = KindOf(type) == TypeKind::kList;
  if (OneIn(4)) return MakeLibraryCall(type, depth);
  if (is_list && OneIn(3)) return MakeTransform(type, depth - 1);
  if (is_list && OneIn(4)) return Emit(Op::kAdd, type, {Make(type, depth - 1), Make(type, depth - 1)});
  if (!is_list && OneIn(2)) return MakeLeaf(type);
  std::vector<NodeId> items;
  for (size_t k = Below(random_, 4); k > 0; --k) items.push_back(Make(ElementOf(type), depth - 1));
  return Emit(is_list ? Op::kMakeList : Op::kMakeSet, type, items);
}

}  // namespace moult::lang::test
