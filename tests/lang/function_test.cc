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

TEST(Call, KnowsTheTypesOfAGenericFunction) {
  TypeTable types;
  const TypeId record = types.AddRecord({"R", {{"flag", kBoolType}, {"name", types.OptionalOf(kStringType)}}});
  const TypeId type = types.MapOf(kIntType, types.ListOf(record));
  const LayoutRef layout = NativeLayout(types, type);
  LayoutPool pool(types);
  const uint32_t images[] = {pool.AddWord(kIntType), pool.AddWords(type, *layout)};
  const uint32_t tuple = pool.AddTuple(images);
  Arena arena;
  const Words words[] = {{.a = 7}, {}};
  const Call call(arena, words, pool.address(tuple));
  EXPECT_EQ(call.type(0).kind(), Layout::Kind::kInt);
  EXPECT_EQ(call.place(0).address, &words[0]);
  const LayoutImage map = call.type(1);
  EXPECT_EQ(map.head().collection, ImageHead::Collection::kMap);
  const LayoutImage entry = map.element();
  EXPECT_EQ(entry.size(), 24u);
  EXPECT_EQ(entry.field(1).offset, 8u);
  const LayoutImage inner = entry.At(entry.field(1).image).element();
  EXPECT_EQ(inner.kind(), Layout::Kind::kRecord);
  EXPECT_EQ(inner.size(), layout->element->fields[1].layout->element->size);
}

}  // namespace
}  // namespace moult::lang
