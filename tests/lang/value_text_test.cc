#include "lang/value_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <span>
#include <vector>

#include "lang/bind.h"

namespace moult::lang {
namespace {

// `items` must outlive the value.
Value Items(std::span<const int64_t> items) {
  static const Layout kInt;
  return {.address = items.data(), .layout = &kInt, .count = items.size()};
}

// A record as Moult itself lays it out: {id: int, nick: string?, tags: list<string>, action: Action}.
struct Native {
  int64_t id = 0;
  struct {
    std::string_view text;
    bool present = false;
  } nick;
  NativeSpan tags;
  int64_t action = 0;
};

class ValueTextTest : public testing::Test {
 protected:
  ValueTextTest() {
    action_ = types_.AddEnum({"Action", {"login", "signup"}});
    record_ = types_.AddRecord({"User",
                                {{"id", kIntType},
                                 {"nick", types_.OptionalOf(kStringType)},
                                 {"tags", types_.ListOf(kStringType)},
                                 {"action", action_}}});
    layout_ = NativeLayout(types_, record_);
  }
  std::string Text(TypeId type, const Value& value, size_t max_bytes = 200) {
    return ValueText(types_, type, value, max_bytes);
  }
  std::string Json(TypeId type, const Value& value) { return ValueJson(types_, type, value).value_or("no JSON"); }
  Value Read(const Native& native) { return *ReadValue(*layout_, &native); }

  TypeTable types_;
  TypeId action_, record_;
  LayoutRef layout_;
};

TEST_F(ValueTextTest, Scalars) {
  EXPECT_EQ(Text(kBoolType, Value::Bool(true)), "true");
  EXPECT_EQ(Text(kIntType, Value::Int(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(Text(kDoubleType, Value::Double(3)), "3.0");
  EXPECT_EQ(Text(kStringType, Value::Text("a\n\"")), R"("a\n\"")");
  EXPECT_EQ(Text(action_, Value::Int(1)), "Action.signup");
  EXPECT_EQ(Text(types_.OptionalOf(kIntType), Value::Int(4)), "4");
  EXPECT_EQ(Text(types_.OptionalOf(kIntType), Value::Missing()), "<missing>");

  EXPECT_EQ(Json(kStringType, Value::Text("a\n\"")), R"("a\n\"")");
  EXPECT_EQ(Json(action_, Value::Int(1)), "\"signup\"");
  EXPECT_EQ(Json(types_.OptionalOf(kIntType), Value::Missing()), "null");
  EXPECT_EQ(Json(kDoubleType, Value::Double(std::numeric_limits<double>::infinity())), "no JSON");
}

TEST_F(ValueTextTest, Collections) {
  const int64_t numbers[] = {1, 2};
  const Value items = Items(numbers);
  EXPECT_EQ(Text(types_.ListOf(kIntType), items), "[1, 2]");
  EXPECT_EQ(Text(types_.SetOf(kIntType), items), "{1, 2}");
  EXPECT_EQ(Text(types_.ListOf(kIntType), Items({})), "[]");
  EXPECT_EQ(Json(types_.SetOf(kIntType), items), "[1,2]");

  const std::pair<std::string_view, std::string_view> entries[] = {{"a", "1"}, {"b", "2"}};
  const TypeId map = types_.MapOf(kStringType, kStringType);
  const LayoutRef layout = NativeLayout(types_, map);
  const Value value{.address = entries, .layout = layout->element.get(), .count = 2};
  EXPECT_EQ(Text(map, value), R"({"a": "1", "b": "2"})");
  EXPECT_EQ(Json(map, value), R"({"a":"1","b":"2"})");
}

TEST_F(ValueTextTest, RecordsLeaveOutWhatIsMissing) {
  const std::string_view tags[] = {"x"};
  Native native{.id = 7, .tags = {tags, 1}, .action = 1};
  EXPECT_EQ(Text(record_, Read(native)), R"({id: 7, tags: ["x"], action: Action.signup})");
  EXPECT_EQ(Json(record_, Read(native)), R"({"id":7,"tags":["x"],"action":"signup"})");
  native.nick = {"ada", true};
  EXPECT_EQ(Text(record_, Read(native)), R"({id: 7, nick: "ada", tags: ["x"], action: Action.signup})");
}

TEST_F(ValueTextTest, MemoryThatHoldsNoValueIsAnError) {
  const Native native{.action = 9};
  EXPECT_EQ(Text(record_, Read(native)), "{id: 0, tags: [], action: <error>}");
  EXPECT_EQ(Json(record_, Read(native)), "no JSON");
}

TEST_F(ValueTextTest, LargeValuesAreCut) {
  const std::vector<int64_t> many(1'000'000, 5);
  EXPECT_EQ(Text(types_.ListOf(kIntType), Items(many), 10), "[5, 5, 5, 5, ...]");
  EXPECT_EQ(Text(kStringType, Value::Text("\xc3\xbc\xc3\xbc\xc3\xbc"), 3), "\"\xc3\xbc\xc3\xbc\"...");
}

}  // namespace
}  // namespace moult::lang
