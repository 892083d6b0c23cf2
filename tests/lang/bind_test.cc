#include "lang/bind.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "moult/binding.h"
#include "tests/support/ir_builder.h"

namespace moult::lang {
namespace {

using test::IrBuilder;

LayoutRef Struct(std::vector<FieldLayout> fields) {
  auto layout = std::make_shared<Layout>();
  layout->kind = Layout::Kind::kRecord;
  layout->host_type = "Host";
  layout->size = 4096;
  for (FieldLayout& field : fields) layout->fields.push_back(std::move(field));
  return layout;
}

std::string Messages(const Result<LayoutRef>& result) {
  if (result.ok()) return "bound";
  std::string text;
  for (const Diagnostic& d : result.error()) {
    EXPECT_EQ(d.code, "E-binding");
    EXPECT_EQ(d.severity, Severity::kError);
    text += (text.empty() ? "" : "; ") + d.message;
  }
  return text;
}

// A program that reads field `x` of the given type as a whole.
Program Reading(const std::function<TypeId(TypeTable&)>& type) {
  IrBuilder b;
  b.AddField("unread", kIntType);
  b.AddField("x", type(b.types()));
  const NodeId x = b.Field("x");
  b.AddRule("r", b.Bind(x, [&](NodeId bound) { return b.Bind(bound, [&](NodeId) { return b.Bool(true); }); }));
  return b.Build();
}

LayoutRef EnumHost(std::vector<std::pair<std::string, int64_t>> names) {
  return internal::EnumLayout(4, true, std::move(names));
}

TEST(BindTest, TypesFitOrAreRefusedByName) {
  using Make = std::function<TypeId(TypeTable&)>;
  const Make is_bool = [](TypeTable&) { return kBoolType; };
  const Make is_int = [](TypeTable&) { return kIntType; };
  const Make is_double = [](TypeTable&) { return kDoubleType; };
  const Make is_string = [](TypeTable&) { return kStringType; };
  const Make maybe_int = [](TypeTable& t) { return t.OptionalOf(kIntType); };
  const Make texts = [](TypeTable& t) { return t.ListOf(kStringType); };
  const Make text_set = [](TypeTable& t) { return t.SetOf(kStringType); };
  const Make maybe_ints = [](TypeTable& t) { return t.ListOf(t.OptionalOf(kIntType)); };
  const Make int_map = [](TypeTable& t) { return t.MapOf(kStringType, kIntType); };
  const Make action = [](TypeTable& t) { return t.AddEnum({"Action", {"login", "post"}}); };
  struct Case {
    Make type;
    LayoutRef host;
    std::string result;
  };
  const auto mismatch = [](const char* policy, const char* host) {
    return "field `x` is `" + std::string(policy) + "` in the policy, but the host has `" + host + "`";
  };
  const Case kCases[] = {
      {is_bool, LayoutOf<bool>(), "bound"},
      {is_bool, LayoutOf<uint8_t>(), mismatch("bool", "uint8_t")},
      {is_int, LayoutOf<int8_t>(), "bound"},
      {is_int, LayoutOf<uint64_t>(), "bound"},
      {is_int, LayoutOf<double>(), mismatch("int", "double")},
      {is_double, LayoutOf<float>(), "bound"},
      {is_double, LayoutOf<int32_t>(), mismatch("double", "int32_t")},
      {is_string, LayoutOf<std::string>(), "bound"},
      {is_string, LayoutOf<std::string_view>(), "bound"},
      {is_string, LayoutOf<std::vector<std::string>>(), mismatch("string", "std::vector<std::string>")},
      {maybe_int, LayoutOf<std::optional<int16_t>>(), "bound"},
      {maybe_int, LayoutOf<int16_t>(), "bound"},
      {maybe_int, LayoutOf<std::optional<bool>>(), mismatch("int?", "std::optional<bool>")},
      {is_int, LayoutOf<std::optional<int64_t>>(), mismatch("int", "std::optional<int64_t>")},
      {texts, LayoutOf<std::vector<std::string>>(), "bound"},
      {text_set, LayoutOf<std::span<const std::string_view>>(), "bound"},
      {texts, LayoutOf<std::vector<int32_t>>(), mismatch("list<string>", "std::vector<int32_t>")},
      {texts, LayoutOf<std::string>(), mismatch("list<string>", "std::string")},
      {texts, LayoutOf<std::vector<std::optional<std::string>>>(),
       mismatch("list<string>", "std::vector<std::optional<std::string>>")},
      {maybe_ints, LayoutOf<std::vector<std::optional<int64_t>>>(), "bound"},
      {int_map, LayoutOf<std::vector<std::pair<std::string, int32_t>>>(), "bound"},
      {int_map, LayoutOf<std::vector<std::pair<int32_t, int32_t>>>(),
       mismatch("map<string, int>", "std::vector<std::pair<int32_t, int32_t>>")},
      {int_map, LayoutOf<std::vector<std::string>>(), mismatch("map<string, int>", "std::vector<std::string>")},
      {action, EnumHost({{"post", 2}, {"other", 3}, {"login", 1}}), "bound"},
      {action, EnumHost({{"post", 2}}), "field `x`: the host maps no value to `Action.login`"},
      {action, EnumHost({{"post", 2}, {"login", 2}}), "field `x`: the host maps the same value to `login` and `post`"},
      {action, LayoutOf<int32_t>(), mismatch("Action", "int32_t")},
  };
  for (const Case& c : kCases) {
    const Program program = Reading(c.type);
    EXPECT_EQ(Messages(BindLayout(program, *Struct({{"x", 16, c.host}}))), c.result) << c.host->host_type;
  }
}

TEST(BindTest, TheBoundLayoutIsInThePolicysOrder) {
  IrBuilder b;
  b.AddField("a", kIntType);
  b.AddField("unread", kStringType);
  b.AddField("b", b.types().AddEnum({"Action", {"login", "post"}}));
  b.AddRule("r", b.And(b.Eq(b.Field("a"), b.Int(1)), b.Eq(b.Field("b"), b.Field("b"))));
  const auto bound = BindLayout(b.Build(), *Struct({{"b", 32, EnumHost({{"post", 20}, {"login", 10}})},
                                                    {"more", 0, LayoutOf<bool>()},
                                                    {"unread", 40, LayoutOf<double>()},
                                                    {"a", 8, LayoutOf<uint16_t>()}}));
  ASSERT_EQ(Messages(bound), "bound");
  const Layout& layout = **bound;
  ASSERT_EQ(layout.fields.size(), 3u);
  EXPECT_EQ(layout.fields[0].offset, 8u);
  EXPECT_EQ(layout.fields[0].layout->width, 2);
  EXPECT_EQ(layout.fields[1].layout, nullptr) << "not read: of whatever type, not bound";
  EXPECT_EQ(layout.fields[2].offset, 32u);
  const std::vector<std::pair<std::string, int64_t>> expected = {{"login", 10}, {"post", 20}};
  EXPECT_EQ(layout.fields[2].layout->enumerators, expected);
  EXPECT_EQ(layout.size, 4096u);
}

TEST(BindTest, OnlyFieldsThatAreReadMustBeThereAtAnyDepth) {
  IrBuilder b;
  const TypeId user = b.types().AddRecord({"User", {{"id", kIntType}, {"name", kStringType}}});
  b.AddField("author", user);
  b.AddField("readers", b.types().ListOf(user));
  b.AddField("gone", kIntType);
  b.AddRule("r", b.Exists(b.Field("readers"), [&](NodeId reader) {
    return b.Eq(b.Field(reader, "id"), b.Field(b.Field("author"), "id"));
  }));
  const Program program = b.Build();
  const LayoutRef id_only = Struct({{"id", 0, LayoutOf<int64_t>()}});
  const LayoutRef name_only = Struct({{"name", 0, LayoutOf<std::string>()}});
  EXPECT_EQ(Messages(BindLayout(
                program, *Struct({{"author", 0, id_only},
                                  {"readers", 64, internal::SequenceLayout(Layout::Form::kOwned, id_only, 24)}}))),
            "bound");
  EXPECT_EQ(Messages(BindLayout(program, *Struct({{"author", 0, name_only}}))),
            "the policy reads field `author.id`, which the host's `Host` does not have; "
            "the policy reads field `readers`, which the host's `Host` does not have");
  EXPECT_EQ(Messages(BindLayout(program, *LayoutOf<int64_t>())),
            "the input is `input` in the policy, but the host has `int64_t`");
}

TEST(BindTest, AMissingValueThatThePolicyDoesNotExpectComesWithAHint) {
  const Program program = Reading([](TypeTable&) { return kIntType; });
  const auto bound = BindLayout(program, *Struct({{"x", 0, LayoutOf<std::optional<int64_t>>()}}));
  ASSERT_FALSE(bound.ok());
  EXPECT_EQ(bound.error()[0].hint, "the host's value may be missing: declare the field `int?`");
}

TEST(NativeLayoutTest, LaysFieldsOutInOrder) {
  TypeTable types;
  const TypeId inner = types.AddRecord({"Inner", {{"flag", kBoolType}, {"maybe", types.OptionalOf(kIntType)}}});
  const TypeId record = types.AddRecord({"input",
                                         {{"b", kBoolType},
                                          {"s", kStringType},
                                          {"c", kBoolType},
                                          {"inner", inner},
                                          {"maybe", types.OptionalOf(kBoolType)},
                                          {"map", types.MapOf(kBoolType, kDoubleType)}}});
  const LayoutRef layout = NativeLayout(types, record);
  std::vector<uint32_t> offsets;
  for (const FieldLayout& field : layout->fields) offsets.push_back(field.offset);
  EXPECT_EQ(offsets, (std::vector<uint32_t>{0, 8, 24, 32, 56, 64}));
  EXPECT_EQ(layout->size, 80u);
  EXPECT_EQ(layout->fields[3].layout->fields[1].layout->flag_offset, 8u);
  EXPECT_EQ(layout->fields[5].layout->element->fields[1].offset, 8u);
  EXPECT_EQ(NativeLayout(types, types.AddRecord({"Empty", {}}))->size, 1u) << "a sequence of them has a stride";
}

TEST(NativeLayoutTest, RefusesValuesThatAreTooLargeOrTooDeep) {
  TypeTable types;
  TypeId wide = kStringType;
  for (int k = 0; k < 40; ++k) wide = types.AddRecord({"R", {{"a", wide}, {"b", wide}}});
  EXPECT_EQ(NativeLayout(types, wide), nullptr) << "2^40 strings";
  TypeId deep = kStringType;
  for (int k = 0; k < 100'000; ++k) deep = types.AddRecord({"R", {{"a", deep}}});
  EXPECT_EQ(NativeLayout(types, deep), nullptr);
}

}  // namespace
}  // namespace moult::lang
