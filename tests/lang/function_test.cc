// The table of library functions: every row can be read, found and told apart.
#include "lang/function.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lang/bind.h"

namespace moult::lang {
namespace {

TEST(FunctionTable, EverySignatureReadsAsItIsWritten) {
  for (uint32_t k = 0; k < kFunctionCount; ++k) {
    const FunctionInfo& info = InfoOf(static_cast<Function>(k));
    std::string text;
    for (const TypePattern& parameter : info.parameters) text += (text.empty() ? "" : ", ") + PatternText(parameter);
    EXPECT_EQ("(" + text + ") -> " + PatternText(info.result), info.signature) << info.name;
  }
}

TEST(FunctionTable, OverloadsStandTogetherAndDiffer) {
  std::map<std::string_view, uint32_t> last;
  std::set<std::string> texts;
  std::string_view before;
  for (uint32_t k = 0; k < kFunctionCount; ++k) {
    const FunctionInfo& info = InfoOf(static_cast<Function>(k));
    EXPECT_TRUE(info.name == before || !last.contains(info.name)) << info.name << " stands in two places";
    EXPECT_TRUE(texts.insert(FunctionText(info.function)).second) << FunctionText(info.function) << " stands twice";
    last[before = info.name] = k;
  }
}

TEST(FunctionTable, FindsByNameAndStyle) {
  EXPECT_EQ(FindFunctions("substring", true).size(), 2u);
  EXPECT_TRUE(FindFunctions("substring", false).empty()) << "a method";
  EXPECT_EQ(FindFunctions("urlDecode", true).size(), 1u);
  EXPECT_EQ(FindFunctions("urlDecode", false).size(), 1u) << "either";
  EXPECT_TRUE(FindFunctions("substr", true).empty());
}

TEST(FunctionTypes, VariablesStandForOneTypeWithinASignature) {
  TypeTable types;
  const TypePattern variable{.kind = TypePattern::Kind::kVariable};
  const TypePattern list{.kind = TypePattern::Kind::kList, .arguments = {variable}};
  TypeBindings bindings;
  EXPECT_FALSE(Substitute(types, list, bindings)) << "free";
  EXPECT_FALSE(Unify(types, list, kStringType, bindings));
  bindings = {};
  EXPECT_TRUE(Unify(types, list, types.ListOf(kIntType), bindings));
  EXPECT_FALSE(Unify(types, variable, kStringType, bindings));
  EXPECT_EQ(Substitute(types, list, bindings), types.ListOf(kIntType));
}

TEST(NativeTypes, DescribeHowValuesLie) {
  TypeTable types;
  const TypeId record = types.AddRecord({"R", {{"flag", kBoolType}, {"name", types.OptionalOf(kStringType)}}});
  const TypeId type = types.MapOf(kIntType, types.ListOf(record));
  const LayoutRef layout = NativeLayout(types, type);
  const TypeId of[] = {kIntType, type};
  const LayoutRef number = NativeLayout(types, kIntType);
  const Layout* layouts[] = {number.get(), layout.get()};
  const std::string words = DescribeCall(types, of, layouts);
  Arena arena;
  const Call call(arena, nullptr, words.data());
  EXPECT_EQ(call.type(0).kind(), TypeKind::kInt);
  EXPECT_EQ(call.type(0).size(), 8u);
  const NativeType map = call.type(1);
  EXPECT_EQ(map.kind(), TypeKind::kMap);
  EXPECT_EQ(map.entry_size(), 24u);
  EXPECT_EQ(map.value_offset(), 8u);
  EXPECT_EQ(map.key().kind(), TypeKind::kInt);
  EXPECT_EQ(map.element().kind(), TypeKind::kList);
  const NativeType inner = map.element().element();
  ASSERT_EQ(inner.kind(), TypeKind::kRecord);
  ASSERT_EQ(inner.field_count(), 2u);
  EXPECT_EQ(inner.field(0).kind(), TypeKind::kBool);
  EXPECT_EQ(inner.field_offset(1), 8u);
  EXPECT_EQ(inner.field(1).kind(), TypeKind::kOptional);
  EXPECT_EQ(inner.field(1).flag_offset(), 16u);
  EXPECT_EQ(inner.field(1).element().kind(), TypeKind::kString);
  EXPECT_EQ(inner.size(), layout->element->fields[1].layout->element->size);
}

}  // namespace
}  // namespace moult::lang
