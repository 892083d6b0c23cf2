#include "lang/types.h"

#include <gtest/gtest.h>

namespace moult::lang {
namespace {

TEST(TypeTable, TheScalarsHaveFixedIds) {
  const TypeTable types;
  EXPECT_EQ(types.kind(kBoolType), TypeKind::kBool);
  EXPECT_EQ(types.kind(kIntType), TypeKind::kInt);
  EXPECT_EQ(types.kind(kDoubleType), TypeKind::kDouble);
  EXPECT_EQ(types.kind(kStringType), TypeKind::kString);
}

TEST(TypeTable, EqualTypesHaveEqualIds) {
  TypeTable types;
  EXPECT_EQ(types.ListOf(kIntType), types.ListOf(kIntType));
  EXPECT_EQ(types.OptionalOf(types.SetOf(kStringType)), types.OptionalOf(types.SetOf(kStringType)));
  EXPECT_FALSE(types.ListOf(kIntType) == types.SetOf(kIntType));
  EXPECT_FALSE(types.ListOf(kIntType) == types.ListOf(kStringType));
  EXPECT_FALSE(types.MapOf(kStringType, kIntType) == types.MapOf(kIntType, kStringType));
}

TEST(TypeTable, EveryEnumAndRecordIsANewType) {
  TypeTable types;
  EXPECT_FALSE(types.AddEnum({"A", {"x"}}) == types.AddEnum({"A", {"x"}}));
  EXPECT_FALSE(types.AddRecord({"R", {}}) == types.AddRecord({"R", {}}));
}

TEST(TypeTable, FieldsAreFoundByName) {
  TypeTable types;
  const TypeId record = types.AddRecord({"R", {{"a", kIntType}, {"b", kBoolType}}});
  EXPECT_EQ(types.FieldIndex(record, "a"), 0);
  EXPECT_EQ(types.FieldIndex(record, "b"), 1);
  EXPECT_EQ(types.FieldIndex(record, "c"), -1);
}

TEST(TypeTable, NamesAreAsWritten) {
  TypeTable types;
  const TypeId user = types.AddRecord({"User", {}});
  const TypeId action = types.AddEnum({"Action", {"login"}});
  EXPECT_EQ(types.Name(types.OptionalOf(user)), "User?");
  EXPECT_EQ(types.Name(types.ListOf(action)), "list<Action>");
  EXPECT_EQ(types.Name(types.MapOf(kStringType, types.SetOf(kDoubleType))), "map<string, set<double>>");
  EXPECT_EQ(types.Name(kBoolType), "bool");
}

}  // namespace
}  // namespace moult::lang
