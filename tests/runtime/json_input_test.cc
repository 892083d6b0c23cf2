// JSON input: what is read, and the exact message for what is not.
#include "runtime/json_input.h"

#include <gtest/gtest.h>

#include <cstring>

#include "lang/bind.h"
#include "lang/compile.h"
#include "runtime/json_diagnose.h"
#include "tests/runtime/fixture.h"

namespace moult {
namespace {

constexpr const char* kSchema = R"(policy test.json
input {
  user: User
  action: Action
  text: string max 5
  links: list<string> max 3
  headers: map<string, string>
  country: string?
  score: double
}
record User { id: int, verified: bool, tags: set<string>, nick: string? }
enum Action { login, signup }
decide severest [allow < block] default allow
rule never { when user.id == 0 && action == Action.login then block }
)";

constexpr const char* kGood =
    R"({"user":{"id":7,"verified":true,"tags":["a","b","a"]},"action":"signup","text":"hi","links":["x","y"],)"
    R"("headers":{"host":"h","k":"v"},"country":null,"score":1.5})";

constexpr int kMaxDepth = 200;

class JsonInput : public testing::Test {
 protected:
  JsonInput() {
    auto compiled = lang::Compile({"json.moult", kSchema});
    if (!compiled) {
      ADD_FAILURE() << Render(compiled.error());
      abort();
    }
    program_ = std::move(compiled->program);
    layout_ = lang::NativeLayout(program_.types, program_.input);
  }

  Status Read(std::string_view json, lang::Arena& arena) {
    arena.Reset();
    // At the end of its own allocation, so that a sanitizer sees a read beyond it.
    std::unique_ptr<char[]> exact(new char[json.size()]);
    std::memcpy(exact.get(), json.data(), json.size());
    return reader_.Read({exact.get(), json.size()}, {&program_.types, program_.input, layout_.get()}, arena, &record_);
  }
  Status Read(std::string_view json) { return Read(json, arena_); }
  std::string Message(std::string_view json) {
    const Status status = Read(json);
    if (status.ok()) return "";
    EXPECT_EQ(status.error().code, "E-input");
    return status.error().message;
  }
  // kGood with the first `from` replaced.
  static std::string With(std::string_view from, std::string_view to) {
    std::string text = kGood;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
  // The memory of a field; a path through records only.
  const std::byte* At(std::initializer_list<const char*> path) {
    const Layout* layout = layout_.get();
    auto* at = static_cast<const std::byte*>(record_);
    for (const char* name : path) {
      for (const FieldLayout& field : layout->fields) {
        if (field.name != name) continue;
        at += field.offset;
        layout = field.layout.get();
        break;
      }
    }
    return at;
  }
  std::string_view Text(std::initializer_list<const char*> path) {
    return *reinterpret_cast<const std::string_view*>(At(path));
  }
  std::vector<std::string_view> Texts(std::initializer_list<const char*> path) {
    const auto& span = *reinterpret_cast<const NativeSpan*>(At(path));
    auto* first = static_cast<const std::string_view*>(span.data);
    return {first, first + span.count};
  }

  lang::Program program_;
  LayoutRef layout_;
  lang::Arena arena_;
  runtime::JsonReader reader_;
  const void* record_ = nullptr;
};

TEST_F(JsonInput, ReadsEveryTypeIntoTheNativeLayout) {
  ASSERT_EQ(Message(kGood), "");
  EXPECT_EQ(*reinterpret_cast<const int64_t*>(At({"user", "id"})), 7);
  EXPECT_EQ(*At({"user", "verified"}), std::byte{1});
  EXPECT_EQ(Texts({"user", "tags"}), (std::vector<std::string_view>{"a", "b"})) << "a set holds each element once";
  EXPECT_EQ(*reinterpret_cast<const int64_t*>(At({"action"})), 1);
  EXPECT_EQ(Text({"text"}), "hi");
  EXPECT_EQ(Texts({"links"}), (std::vector<std::string_view>{"x", "y"}));
  EXPECT_EQ(*reinterpret_cast<const double*>(At({"score"})), 1.5);
  const FieldLayout& country = layout_->fields[5];
  EXPECT_EQ(At({"country"})[country.layout->flag_offset], std::byte{0});
}

TEST_F(JsonInput, ReadsMapsAsEntriesInOrder) {
  ASSERT_EQ(Message(kGood), "");
  const auto& span = *reinterpret_cast<const NativeSpan*>(At({"headers"}));
  const Layout& entry = *layout_->fields[4].layout->element;
  ASSERT_EQ(span.count, 2u);
  auto text = [&](size_t i, size_t field) {
    return *reinterpret_cast<const std::string_view*>(static_cast<const std::byte*>(span.data) + i * entry.size +
                                                      entry.fields[field].offset);
  };
  EXPECT_EQ(text(0, 0), "host");
  EXPECT_EQ(text(0, 1), "h");
  EXPECT_EQ(text(1, 0), "k");
  EXPECT_EQ(text(1, 1), "v");
}

TEST_F(JsonInput, AcceptsWhatMeansTheSame) {
  const std::string cases[] = {
      std::string(" \n\t") + kGood + " \r\n",
      With("\"user\"", "\"us\\u0065r\""),
      With("\"hi\"", "\"\\u00e9\\ud83d\\ude00\\n\""),
      With(",\"country\":null", ""),
      With("\"country\":null", "\"country\":\"DE\""),
      With("1.5", "1"),
      With("1.5", "-0.0e3"),
      With("{\"user\"", "{\"more\":[{\"deep\":[1,2.5e3,\"\\n\",true,null,18446744073709551616]}],\"user\""),
      With("\"id\":7", "\"id\":-9223372036854775808"),
      With("\"tags\":[\"a\",\"b\",\"a\"]", "\"tags\":[]"),
  };
  for (const std::string& json : cases) EXPECT_EQ(Message(json), "") << json;
}

TEST_F(JsonInput, UnescapesStringsAndKeepsThemForTheRequest) {
  ASSERT_EQ(Message(With("\"hi\"", "\"a\\n\\u00e9\\\"\"")), "");
  EXPECT_EQ(Text({"text"}), "a\n\xc3\xa9\"");
}

struct Refusal {
  const char* name;
  const char* from;
  const char* to;
  const char* message;
};

TEST_F(JsonInput, NamesThePathOfWhatDoesNotFit) {
  const Refusal cases[] = {
      {"wrong type", "\"x\",\"y\"", "\"x\",3", "links[1]: expected string, got number"},
      {"wrong type in a record", "\"id\":7", "\"id\":\"7\"", "user.id: expected int, got string"},
      {"record for scalar", "\"text\":\"hi\"", "\"text\":{}", "text: expected string, got object"},
      {"scalar for record", "{\"id\":7,\"verified\":true,\"tags\":[\"a\",\"b\",\"a\"]}", "false",
       "user: expected User, got bool"},
      {"list for set of", "\"tags\":[\"a\"", "\"tags\":[[\"a\"]", "user.tags[0]: expected string, got array"},
      {"fraction for int", "\"id\":7", "\"id\":1.0", "user.id: expected int, got `1.0`"},
      {"exponent for int", "\"id\":7", "\"id\":1e3", "user.id: expected int, got `1e3`"},
      {"int too large", "\"id\":7", "\"id\":9223372036854775808",
       "user.id: `9223372036854775808` is outside the range of int"},
      {"int far too large", "\"id\":7", "\"id\":-100000000000000000000",
       "user.id: `-100000000000000000000` is outside the range of int"},
      {"double too large", "1.5", "1e999", "score: `1e999` is outside the range of double"},
      {"null where there must be a value", "\"id\":7", "\"id\":null", "user.id: expected int, got null"},
      {"missing", "\"score\":1.5", "\"other\":1.5", "score: missing, expected double"},
      {"missing in a record", "\"id\":7,", "", "user.id: missing, expected int"},
      {"duplicate key", "\"id\":7", "\"id\":7,\"id\":7", "user.id: duplicate key"},
      {"duplicate key, escaped", "\"id\":7", "\"id\":7,\"\\u0069d\":7", "user.id: duplicate key"},
      {"duplicate key of a map", "\"k\":\"v\"", "\"host\":\"v\"", "headers[`host`]: duplicate key"},
      {"wrong value in a map", "\"k\":\"v\"", "\"k\":1", "headers[`k`]: expected string, got number"},
      {"unknown enumerator", "signup", "fly", "action: `fly` is no value of Action"},
      {"too many elements", "\"x\",\"y\"", "\"x\",\"y\",\"z\",\"w\"", "links: 4 elements, at most 3 are declared"},
      {"too long a string", "\"hi\"", "\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"",
       "text: 6 code points, at most 5 are declared"},
  };
  for (const Refusal& c : cases) EXPECT_EQ(Message(With(c.from, c.to)), c.message) << c.name;
}

TEST_F(JsonInput, RefusesWhatIsNotOneJsonObject) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "empty input, expected an object"},  {" \n ", "empty input, expected an object"},
      {"[1]", "expected an object, got array"}, {"7", "expected an object, got number"},
      {"null", "expected an object, got null"},
  };
  for (const auto& [json, message] : cases) EXPECT_EQ(Message(json), message) << json;
}

// The words are shown by JsonDiagnose; here it is the two readers that must agree, and that the place is known.
TEST_F(JsonInput, RefusesMalformedTextEverywhere) {
  const std::string cases[] = {
      With("\"hi\"", "\"h\xff\""),
      With("\"hi\"", "\"h\xc3\""),
      With("\"hi\"", "\"h\\x\""),
      With("\"hi\"", "\"h\\ud800\""),
      With("\"hi\"", "\"h\\udc00\""),
      With("\"hi\"", "\"h\ni\""),
      With("\"id\":7", "\"id\":07"),
      With("\"id\":7", "\"id\":+7"),
      With("\"id\":7", "\"id\":7x"),
      With("\"id\":7", "\"id\":nope"),
      With("\"id\":7", "\"id\":"),
      With("\"id\":7", "\"id\" 7"),
      With("\"id\":7,", "\"id\":7 "),
      With("\"verified\":true", "\"verified\":truth"),
      With("\"country\":null", "\"country\":nul"),
      With("1.5", "1."),
      With("1.5", ".5"),
      With("1.5}", "1.5"),
      With("1.5}", "1.5,}"),
      With("1.5}", "1.5}}"),
      With("1.5}", "1.5} {}"),
      With("1.5}", "1.5} x"),
      With("\"x\",\"y\"]", "\"x\" \"y\"]"),
      With("\"text\":\"hi\"", "\"text\":\"hi\":1"),
      With("{\"user\"", "{\"unknown\":\"a\":\"b\",\"user\""),
      With("\"x\",\"y\"]", "\"x\",\"y\",]"),
      With("\"x\",\"y\"]", "\"x\",\"y\"}"),
      With("{\"user\"", "{\"unknown\":[1 2],\"user\""),
      With("{\"user\"", "{\"unknown\":tru,\"user\""),
      With("{\"user\"", "{\"unknown\":nulll,\"user\""),
      With("{\"user\"", "{\"unknown\":-,\"user\""),
      With("{\"user\"", "{\"unknown\":{\"a\"},\"user\""),
      With("{\"user\"", "{\"unknown\":\"\\q\",\"user\""),
      With("{\"user\"", "{\"unkn\\qown\":1,\"user\""),
      With("{\"user\"", "{user:1,\"user\""),
      std::string(kGood) + '\0',
      "{",
      "}",
      "{\"user\":{\"id\":7",
      "\"",
  };
  for (const std::string& json : cases) {
    const std::string message = Message(json);
    EXPECT_TRUE(message.starts_with("malformed JSON at ") || message.starts_with("expected an object")) << json << "\n"
                                                                                                        << message;
  }
}

TEST_F(JsonInput, EveryPrefixIsRefusedAndEveryByteSurvives) {
  const std::string good = kGood;
  for (size_t n = 0; n < good.size(); ++n) EXPECT_NE(Message(good.substr(0, n)), "") << n;
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'\0', '"', '\\', '{', '}', '[', ',', ':', '\x80', '\xff', ' ', '9'}) {
      std::string bad = good;
      bad[i] = c;
      const std::string message = Message(bad);
      const bool malformed = runtime::DiagnoseJson(bad, kMaxDepth).has_value();
      // What does not fit the schema may be found before what is malformed, and so be said instead.
      EXPECT_TRUE(malformed ? message != "" : !message.starts_with("malformed")) << bad << "\n" << message;
    }
  }
  EXPECT_EQ(Message(kGood), "") << "the reader is as good as new";
}

TEST_F(JsonInput, RefusesDeepNesting) {
  for (const size_t depth : {250, 5000, 1000000}) {
    const std::string bomb = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_NE(Message(With("{\"user\"", "{\"unknown\":" + bomb + ",\"user\"")), "") << depth;
    EXPECT_NE(Message(bomb), "") << depth;
  }
  EXPECT_EQ(Message(With("{\"user\"", "{\"unknown\":" + std::string(250, '[') + std::string(250, ']') + ",\"user\"")),
            "[`unknown`]: nested more than 200 levels deep at column 212");
}

TEST_F(JsonInput, RefusesWhatDoesNotFitTheArena) {
  lang::Arena small(2048);
  std::string links = "\"x\"";
  for (int i = 0; i < 60; ++i) links += ",\"x\"";
  const Status status = Read(With("\"x\",\"y\"", links), small);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "links: the input takes more than the 2048 bytes of evaluation memory");
  const Status too_long = Read(std::string(3000, ' ') + kGood, small);
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().code, "E-input");
}

}  // namespace
}  // namespace moult
