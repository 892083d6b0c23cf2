// Structs as hosts write them, read where they lie.
#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lang/value.h"
#include "moult/binding.h"

namespace moult {
namespace {

enum class Action : uint16_t { kLogin = 7, kPost = 40'000 };
enum class Big : uint64_t { kHuge = std::numeric_limits<uint64_t>::max() };

struct User {
  char padding = 'x';
  int64_t id = 0;
  bool verified = false;
};

struct Message {
  int8_t tiny = -5;
  uint32_t wide = 4'000'000'000;
  uint64_t huge = 0;
  float ratio = 0.5f;
  std::string text;
  std::string_view view;
  std::vector<std::string> links;
  std::span<const int16_t> numbers;
  std::optional<std::string> country;
  std::optional<User> friend_of;
  std::vector<std::pair<std::string, uint8_t>> headers;
  std::vector<User> users;
  Action action = Action::kPost;
  Big big = Big::kHuge;
  User user;
};

}  // namespace

template <>
struct Describe<User> {
  static void Fields(Record<User>& r) { r.Named("User").Field("id", &User::id).Field("verified", &User::verified); }
};

template <>
struct Describe<Message> {
  static void Fields(Record<Message>& r) {
    r.Field("tiny", &Message::tiny)
        .Field("wide", &Message::wide)
        .Field("huge", &Message::huge)
        .Field("ratio", &Message::ratio);
    r.Field("text", &Message::text).Field("view", &Message::view).Field("links", &Message::links);
    r.Field("numbers", &Message::numbers).Field("country", &Message::country).Field("friend_of", &Message::friend_of);
    r.Field("headers", &Message::headers).Field("users", &Message::users).Field("user", &Message::user);
    r.Enum("action", &Message::action, {{"login", Action::kLogin}, {"post", Action::kPost}});
    r.Enum("big", &Message::big, {{"huge", Big::kHuge}});
  }
};

namespace {

using lang::ErrorKind;
using lang::ReadResult;
using lang::Value;

class LayoutTest : public testing::Test {
 protected:
  ReadResult Read(std::string_view name) const {
    return ReadOf(Value{.address = &message_, .layout = layout_.get()}, name);
  }
  static ReadResult ReadOf(const Value& record, std::string_view name) {
    for (size_t k = 0; k < record.layout->fields.size(); ++k) {
      if (record.layout->fields[k].name == name) return ReadField(record, k);
    }
    ADD_FAILURE() << "no field " << name;
    return Value();
  }

  Message message_;
  LayoutRef layout_ = LayoutOf<Message>();
};

TEST_F(LayoutTest, TheLibraryLaysOutItsTypesAsExpected) { EXPECT_TRUE(internal::HostLayoutsAsExpected()); }

TEST_F(LayoutTest, LayoutsAreMadeOncePerType) {
  EXPECT_EQ(LayoutOf<Message>(), layout_);
  EXPECT_EQ(layout_->size, sizeof(Message));
  EXPECT_EQ(LayoutOf<std::vector<std::optional<int16_t>>>()->host_type, "std::vector<std::optional<int16_t>>");
  EXPECT_EQ(LayoutOf<User>()->host_type, "User");
  EXPECT_EQ(layout_->host_type, "struct");
}

TEST_F(LayoutTest, ReadsScalars) {
  EXPECT_EQ(Read("tiny")->integer, -5);
  EXPECT_EQ(Read("wide")->integer, 4'000'000'000);
  EXPECT_EQ(Read("ratio")->real, 0.5);
  message_.huge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Read("huge")->integer, std::numeric_limits<int64_t>::max());
  message_.huge += 1;
  EXPECT_EQ(Read("huge").error(), ErrorKind::kIntOutOfRange);
}

TEST_F(LayoutTest, ReadsEnumsByTheirMapping) {
  EXPECT_EQ(Read("action")->integer, 1);
  EXPECT_EQ(Read("big")->integer, 0);
  message_.action = static_cast<Action>(8);
  EXPECT_EQ(Read("action").error(), ErrorKind::kUnknownEnumValue);
}

TEST_F(LayoutTest, ReadsTextsShortLongAndEmpty) {
  for (const std::string& text :
       {std::string(), std::string("short"), std::string(100, 'x'), std::string("nul\0 \xFF", 6)}) {
    message_.text = text;
    message_.view = message_.text;
    EXPECT_EQ(Read("text")->text, text);
    EXPECT_EQ(Read("view")->text, text);
  }
  message_.view = {};
  EXPECT_EQ(Read("view")->text, "");
}

TEST_F(LayoutTest, ReadsSequences) {
  EXPECT_EQ(CollectionSize(*Read("links")), 0u);
  EXPECT_EQ(CollectionSize(*Read("numbers")), 0u);
  message_.links = {"a", std::string(50, 'b')};
  const std::vector<int16_t> numbers = {-1, 2, 3};
  message_.numbers = numbers;
  message_.users = {{'x', 1, true}, {'x', 2, false}};
  EXPECT_EQ(CollectionSize(*Read("links")), 2u);
  EXPECT_EQ(ReadElement(*Read("links"), 1)->text, std::string(50, 'b'));
  EXPECT_EQ(CollectionSize(*Read("numbers")), 3u);
  EXPECT_EQ(ReadElement(*Read("numbers"), 0)->integer, -1);
  EXPECT_EQ(ReadOf(*ReadElement(*Read("users"), 1), "id")->integer, 2);
  EXPECT_EQ(ReadOf(*ReadElement(*Read("users"), 0), "verified")->integer, 1);
}

TEST_F(LayoutTest, ReadsMaps) {
  message_.headers = {{"host", 1}, {"accept", 255}};
  const Value headers = *Read("headers");
  ASSERT_EQ(CollectionSize(headers), 2u);
  EXPECT_EQ(ReadKey(headers, 1)->text, "accept");
  EXPECT_EQ(ReadMapped(headers, 1)->integer, 255);
}

TEST_F(LayoutTest, ReadsOptionals) {
  EXPECT_FALSE(Read("country")->present);
  EXPECT_FALSE(Read("friend_of")->present);
  message_.country = "GR";
  message_.friend_of = User{'x', 9, true};
  EXPECT_TRUE(Read("country")->present);
  EXPECT_EQ(Read("country")->text, "GR");
  EXPECT_EQ(ReadOf(*Read("friend_of"), "id")->integer, 9);
}

TEST_F(LayoutTest, AnyNonZeroByteOfABoolIsTrue) {
  const LayoutRef layout = LayoutOf<bool>();
  for (int byte = 0; byte < 256; ++byte) {
    const auto memory = static_cast<uint8_t>(byte);
    EXPECT_EQ(lang::ReadValue(*layout, &memory)->integer, byte != 0) << byte;
  }
}

}  // namespace
}  // namespace moult
