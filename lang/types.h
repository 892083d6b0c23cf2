// Types of the policy language. A TypeId names a type in one TypeTable; equal types have equal ids.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace moult::lang {

enum class TypeKind : uint8_t {
  kBool, kInt, kDouble, kString, kBytes, kTimestamp, kDuration, kIp, kCidr, kEnum,  // the scalars
  kRecord, kList, kSet, kMap, kOptional
};
constexpr bool IsScalar(TypeKind kind) { return kind <= TypeKind::kEnum; }
// Whether `<` compares two of the kind.
constexpr bool HasOrder(TypeKind kind) { return kind < TypeKind::kIp; }
// Whether the function of the type's name makes one of a string.
constexpr bool HasText(TypeKind kind) { return kind >= TypeKind::kBytes && kind <= TypeKind::kCidr; }
// Whether size() counts what is in one.
constexpr bool HasSize(TypeKind kind) {
  return kind == TypeKind::kString || kind == TypeKind::kBytes || kind == TypeKind::kList || kind == TypeKind::kSet ||
         kind == TypeKind::kMap;
}

struct TypeId {
  uint32_t index = 0;
  friend bool operator==(TypeId, TypeId) = default;
};

inline constexpr TypeId kBoolType{0};
inline constexpr TypeId kIntType{1};
inline constexpr TypeId kDoubleType{2};
inline constexpr TypeId kStringType{3};
inline constexpr TypeId kBytesType{4};
inline constexpr TypeId kTimestampType{5};
inline constexpr TypeId kDurationType{6};
inline constexpr TypeId kIpType{7};
inline constexpr TypeId kCidrType{8};

struct EnumType {
  std::string name;
  std::vector<std::string> enumerators;  // the ordinal of an enumerator is its index
};

struct RecordField {
  std::string name;
  TypeId type;
  uint64_t max_size = 0;  // declared `max N` of a collection or string; 0 when none was declared
};

struct RecordType {
  std::string name;  // "input" for the policy's input
  std::vector<RecordField> fields;
};

struct Type {
  TypeKind kind = TypeKind::kBool;
  uint32_t decl = 0;  // kEnum, kRecord: index into TypeTable::enums() or records()
  TypeId element;     // kList, kSet, kOptional: T; kMap: V
  TypeId key;         // kMap: K
};

// Interns types. The scalar types but enums have the fixed ids above.
class TypeTable {
 public:
  TypeTable();

  TypeId AddEnum(EnumType type);      // a new type at each call
  TypeId AddRecord(RecordType type);  // likewise; fields may be set later through record()
  TypeId ListOf(TypeId element);
  TypeId SetOf(TypeId element);
  TypeId MapOf(TypeId key, TypeId value);
  TypeId OptionalOf(TypeId element);

  const Type& operator[](TypeId id) const { return types_[id.index]; }
  TypeKind kind(TypeId id) const { return types_[id.index].kind; }
  bool IsOptional(TypeId id) const { return kind(id) == TypeKind::kOptional; }
  const EnumType& enum_type(TypeId id) const { return enums_[types_[id.index].decl]; }
  const RecordType& record(TypeId id) const { return records_[types_[id.index].decl]; }
  RecordType& record(TypeId id) { return records_[types_[id.index].decl]; }
  // The index of a record's field, or -1.
  int FieldIndex(TypeId record, std::string_view name) const;
  // Whether values of the two types can be asked to be equal: the same type, or the same but for int and double.
  bool AreComparable(TypeId a, TypeId b) const;
  bool IsComposite(TypeId id) const { return kind(id) >= TypeKind::kRecord && kind(id) <= TypeKind::kMap; }
  // As it is written in a policy: "list<string>", "User?".
  std::string Name(TypeId id) const;
  size_t size() const { return types_.size(); }

 private:
  TypeId Intern(Type type);

  std::vector<Type> types_;
  std::map<std::tuple<TypeKind, uint32_t, uint32_t>, TypeId> interned_;  // by kind, element, key
  std::vector<EnumType> enums_;
  std::vector<RecordType> records_;
};

// What `in` looks for in a collection of the type: its elements, of a map its keys.
inline TypeId ItemType(const TypeTable& types, TypeId collection) {
  return types.kind(collection) == TypeKind::kMap ? types[collection].key : types[collection].element;
}
// Whether `x in collection` is a question for an x of type `item`: of what stands in it, or of an ip and the ranges in which it may lie.
inline bool MayBeIn(TypeId item, TypeId element) { return item == element || (item == kIpType && element == kCidrType); }

}  // namespace moult::lang
