#include "lang/types.h"

#include <utility>

namespace moult::lang {

TypeTable::TypeTable() {
  for (TypeKind kind : {TypeKind::kBool, TypeKind::kInt, TypeKind::kDouble, TypeKind::kString, TypeKind::kBytes,
                        TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kIp, TypeKind::kCidr}) {
    types_.push_back({.kind = kind, .decl = 0, .element = {}, .key = {}});
  }
}

TypeId TypeTable::AddEnum(EnumType type) {
  enums_.push_back(std::move(type));
  types_.push_back(
      {.kind = TypeKind::kEnum, .decl = static_cast<uint32_t>(enums_.size() - 1), .element = {}, .key = {}});
  return {static_cast<uint32_t>(types_.size() - 1)};
}

TypeId TypeTable::AddRecord(RecordType type) {
  records_.push_back(std::move(type));
  types_.push_back(
      {.kind = TypeKind::kRecord, .decl = static_cast<uint32_t>(records_.size() - 1), .element = {}, .key = {}});
  return {static_cast<uint32_t>(types_.size() - 1)};
}

TypeId TypeTable::ListOf(TypeId element) {
  return Intern({.kind = TypeKind::kList, .decl = 0, .element = element, .key = {}});
}
TypeId TypeTable::SetOf(TypeId element) {
  return Intern({.kind = TypeKind::kSet, .decl = 0, .element = element, .key = {}});
}
TypeId TypeTable::MapOf(TypeId key, TypeId value) {
  return Intern({.kind = TypeKind::kMap, .decl = 0, .element = value, .key = key});
}
TypeId TypeTable::OptionalOf(TypeId element) {
  return Intern({.kind = TypeKind::kOptional, .decl = 0, .element = element, .key = {}});
}

TypeId TypeTable::Intern(Type type) {
  auto [entry, is_new] = interned_.try_emplace({type.kind, type.element.index, type.key.index},
                                               TypeId{static_cast<uint32_t>(types_.size())});
  if (is_new) types_.push_back(type);
  return entry->second;
}

int TypeTable::FieldIndex(TypeId record_type, std::string_view name) const {
  const std::vector<RecordField>& fields = record(record_type).fields;
  for (size_t k = 0; k < fields.size(); ++k) {
    if (fields[k].name == name) return static_cast<int>(k);
  }
  return -1;
}

bool TypeTable::AreComparable(TypeId a, TypeId b) const {
  if (a == b) return !IsOptional(a);
  const Type& x = types_[a.index];
  const Type& y = types_[b.index];
  const bool numbers = (a == kIntType || a == kDoubleType) && (b == kIntType || b == kDoubleType);
  if (x.kind != y.kind || numbers) return numbers;
  switch (x.kind) {
    case TypeKind::kMap:
      return x.key == y.key && AreComparable(x.element, y.element);
    case TypeKind::kList:
    case TypeKind::kSet:
      return AreComparable(x.element, y.element);
    default:
      return false;
  }
}

std::string TypeTable::Name(TypeId id) const {
  const Type& type = types_[id.index];
  switch (type.kind) {
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return "int";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kDuration:
      return "duration";
    case TypeKind::kIp:
      return "ip";
    case TypeKind::kCidr:
      return "cidr";
    case TypeKind::kEnum:
      return enums_[type.decl].name;
    case TypeKind::kRecord:
      return records_[type.decl].name;
    case TypeKind::kList:
      return "list<" + Name(type.element) + ">";
    case TypeKind::kSet:
      return "set<" + Name(type.element) + ">";
    case TypeKind::kMap:
      return "map<" + Name(type.key) + ", " + Name(type.element) + ">";
    case TypeKind::kOptional:
      return Name(type.element) + "?";
  }
  return "?";
}

}  // namespace moult::lang
