#include "lang/data_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "lang/bind.h"
#include "lang/list_lines.h"
#include "lang/list_maker.h"
#include "lang/memory.h"
#include "lang/value.h"
#include "lang/value_text.h"
#include "tests/support/evaluation.h"
#include "tests/support/random_program.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

using test::EntryText;
using test::MakeList;
using test::Random;

// The words of a value as both engines give them; `cidr` must live as long.
Words WordsOf(std::string_view text) { return {reinterpret_cast<uint64_t>(text.data()), text.size()}; }
Words WordsOf(int64_t value) { return {static_cast<uint64_t>(value), 0}; }
Words WordsOf(const Ip& ip) { return {ip.high(), ip.low()}; }
Words WordsOf(const Cidr& cidr) { return {reinterpret_cast<uint64_t>(&cidr), 0}; }

class DataListTest : public testing::Test {
 protected:
  std::unique_ptr<const DataList> Set(TypeId item, const std::vector<EntryText>& entries) {
    return MakeList(types_, types_.SetOf(item), entries);
  }
  // The whole list as a policy would write it.
  std::string Text(const DataList& list, TypeId type) {
    const NativeSpan items = list.Items();
    const LayoutRef layout = NativeLayout(types_, type);
    return ValueText(types_, type, {.address = items.data, .layout = layout->element.get(), .count = items.count},
                     100'000);
  }

  TypeTable types_;
};

TEST_F(DataListTest, TakesSetsAndMapsOfScalars) {
  const TypeId action = types_.AddEnum({"Action", {"login", "signup"}});
  for (TypeId item : {kIntType, kStringType, kBytesType, kTimestampType, kDurationType, kIpType, kCidrType, action}) {
    EXPECT_TRUE(CanBeList(types_, types_.SetOf(item))) << types_.Name(item);
    EXPECT_FALSE(CanBeList(types_, types_.ListOf(item))) << types_.Name(item);
  }
  for (TypeId item : {kBoolType, kDoubleType, types_.ListOf(kIntType), types_.OptionalOf(kIntType)})
    EXPECT_FALSE(CanBeList(types_, types_.SetOf(item))) << types_.Name(item);
  for (TypeId value : {kBoolType, kIntType, kDoubleType, kStringType, kBytesType, kCidrType, action})
    EXPECT_TRUE(CanBeList(types_, types_.MapOf(kStringType, value))) << types_.Name(value);
  EXPECT_FALSE(CanBeList(types_, types_.MapOf(kBoolType, kIntType)));
  EXPECT_FALSE(CanBeList(types_, types_.MapOf(kStringType, types_.ListOf(kIntType))));
  EXPECT_FALSE(CanBeList(types_, kIntType));
}

TEST_F(DataListTest, HoldsTextsOfEveryLengthOnceInOrder) {
  std::vector<EntryText> entries;
  for (const size_t size : {0, 1, 126, 127, 128, 129, 16383, 16384, 70000})
    entries.emplace_back(std::string(size, 'x'));
  entries.emplace_back(std::string(127, 'x'));
  entries.emplace_back(std::string("nul\0inside", 10));
  const auto set = Set(kStringType, entries);
  ASSERT_EQ(set->size(), 10u);
  for (const EntryText& entry : entries) EXPECT_TRUE(set->Contains(WordsOf(entry.item))) << entry.item.size();
  EXPECT_FALSE(set->Contains(WordsOf(std::string(130, 'x'))));
  EXPECT_FALSE(set->Contains(WordsOf("nul")));
  EXPECT_EQ(LoadAs<std::string_view>(set->Items().data), "");
  EXPECT_EQ(Text(*Set(kStringType, {"b", "a", "b"}), types_.SetOf(kStringType)), R"({"b", "a"})");
  EXPECT_FALSE(Set(kStringType, {})->Contains(WordsOf("")));
  EXPECT_EQ(set->Find(WordsOf("")), nullptr);
}

TEST_F(DataListTest, HoldsValuesOfEveryType) {
  const TypeId action = types_.AddEnum({"Action", {"login", "signup"}});
  const auto shown = [&](TypeId item, const std::vector<EntryText>& entries) {
    return Text(*Set(item, entries), types_.SetOf(item));
  };
  EXPECT_EQ(shown(kIntType, {"7", "-9223372036854775808", "9223372036854775807", "007"}),
            "{7, -9223372036854775808, 9223372036854775807}");
  EXPECT_EQ(shown(kIpType, {"10.0.0.1", "::ffff:a00:1", "2001:DB8::1"}), R"({ip("10.0.0.1"), ip("2001:db8::1")})");
  EXPECT_EQ(shown(kCidrType, {"10.0.0.0/8", "10.0.0.1/8", "192.0.2.1", "::1"}),
            R"({cidr("10.0.0.0/8"), cidr("10.0.0.1/8"), cidr("192.0.2.1/32"), cidr("::1/128")})");
  EXPECT_EQ(shown(kTimestampType, {"2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00"}),
            R"({timestamp("2026-01-02T03:04:05Z")})");
  EXPECT_EQ(shown(kDurationType, {"90s", "1m30s", "-1ns"}), R"({duration("90s"), duration("-0.000000001s")})");
  EXPECT_EQ(shown(kBytesType, {"YWI=", "YWI", "/w=="}), R"({b"ab", b"\xff"})");
  EXPECT_EQ(shown(action, {"signup", "login", "signup"}), "{Action.signup, Action.login}");
}

TEST_F(DataListTest, MapsKeysToValuesOfEveryType) {
  const TypeId action = types_.AddEnum({"Action", {"login", "signup"}});
  const auto shown = [&](TypeId value, const std::vector<EntryText>& entries) {
    const TypeId type = types_.MapOf(kStringType, value);
    return Text(*MakeList(types_, type, entries), type);
  };
  EXPECT_EQ(shown(kBoolType, {{"b", "true"}, {"a", "false"}}), R"({"b": true, "a": false})");
  EXPECT_EQ(shown(kIntType, {{"a", "-1"}}), R"({"a": -1})");
  EXPECT_EQ(shown(kDoubleType, {{"a", "-1.5"}, {"b", "2"}, {"c", "1e3"}}), R"({"a": -1.5, "b": 2.0, "c": 1000.0})");
  EXPECT_EQ(shown(kStringType, {{"a", ""}, {"b", std::string(200, 'y')}}),
            R"({"a": "", "b": ")" + std::string(200, 'y') + "\"}");
  EXPECT_EQ(shown(kBytesType, {{"a", "YWI="}}), R"({"a": b"ab"})");
  EXPECT_EQ(shown(kCidrType, {{"a", "10.0.0.0/8"}}), R"({"a": cidr("10.0.0.0/8")})");
  EXPECT_EQ(shown(kIpType, {{"a", "::1"}}), R"({"a": ip("::1")})");
  EXPECT_EQ(shown(action, {{"a", "signup"}}), R"({"a": Action.signup})");
  const TypeId by_int = types_.MapOf(kIntType, kBoolType);
  const auto map = MakeList(types_, by_int, {{"1", "true"}, {"2", "false"}});
  EXPECT_EQ(Text(*map, by_int), "{1: true, 2: false}");
  EXPECT_EQ(LoadAs<uint8_t>(map->Find(WordsOf(int64_t{1}))), 1);
  EXPECT_EQ(LoadAs<uint8_t>(map->Find(WordsOf(int64_t{2}))), 0);
  EXPECT_EQ(map->Find(WordsOf(int64_t{3})), nullptr);
  EXPECT_TRUE(map->Contains(WordsOf(int64_t{2})));
  EXPECT_FALSE(map->Contains(WordsOf(int64_t{0})));
}

TEST_F(DataListTest, RefusesWhatIsNotOfItsTypeAndSaysWhatItIs) {
  const TypeId action = types_.AddEnum({"Action", {"login", "signup"}});
  struct Case {
    TypeId item;
    const char* text;
    const char* message;
    const char* hint;
  };
  const Case kCases[] = {
      {kIntType, "", "`` is no int", ""},
      {kIntType, "-", "`-` is no int", ""},
      {kIntType, "0x10", "`0x10` is no int", ""},
      {kIntType, "1.5", "`1.5` is no int", "an int has no fraction, no exponent and at most 63 bits"},
      {kIntType, "9223372036854775808", "`9223372036854775808` is no int",
       "an int has no fraction, no exponent and at most 63 bits"},
      {kIntType, "-9223372036854775809", "`-9223372036854775809` is no int",
       "an int has no fraction, no exponent and at most 63 bits"},
      {kIntType, "1,", "`1,` is no int", "leave out the comma: each entry stands on a line of its own"},
      {kIpType, "\"::1\"", "`\"::1\"` is no ip (as \"192.0.2.1\" or \"2001:db8::1\")", "leave out the quotes"},
      {kIpType, "10.0.0.1 # spam", "`10.0.0.1 # spam` is no ip (as \"192.0.2.1\" or \"2001:db8::1\")",
       "write the comment on a line of its own"},
      {kCidrType, "10.0.0.0/33", "`10.0.0.0/33` is no cidr (as \"192.0.2.0/24\")", ""},
      {kCidrType, "10.0.0", "`10.0.0` is no cidr (as \"192.0.2.0/24\")", ""},
      {kDurationType, "1", "`1` is no duration (as \"1.5s\" or \"10m\")", ""},
      {action, "logn", "`logn` is no Action", "did you mean `login`?"},
  };
  for (const Case& c : kCases) {
    ListMaker maker(ShapeOfList(types_, types_.SetOf(c.item)), 1, 100);
    const auto refusal = maker.Add(c.text, "", 0);
    ASSERT_TRUE(refusal) << c.text;
    EXPECT_EQ(refusal->message, c.message);
    EXPECT_EQ(refusal->hint, c.hint);
    EXPECT_EQ(maker.size(), 0u);
  }
  for (const char* text : {"1.", ".5", "1e", "1e+", "nan", "inf", "0x1p3", "--1", "1 2", "1e999", ""}) {
    ListMaker maker(ShapeOfList(types_, types_.MapOf(kStringType, kDoubleType)), 1, 100);
    const auto refusal = maker.Add("k", text, 0);
    ASSERT_TRUE(refusal) << text;
    EXPECT_EQ(refusal->what, ListMaker::Refusal::What::kValue);
  }
  ListMaker maker(ShapeOfList(types_, types_.MapOf(kStringType, kBoolType)), 2, 100);
  EXPECT_EQ(maker.Add("k", "yes", 0)->hint, "write `true` or `false`");
  EXPECT_FALSE(maker.Add("k", "true", 17));
  const auto again = maker.Add("k", "false", 30);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->what, ListMaker::Refusal::What::kDuplicate);
  EXPECT_EQ(again->first, 17u);
}

// What is asked of random lists is as in a plain set of the same values.
TEST_F(DataListTest, AnswersAsAPlainSetDoes) {
  Random random(moult::test::Seed());
  for (int round = 0; round < 30; ++round) {
    std::set<int64_t> ints;
    std::set<Ip> ips;
    std::vector<Cidr> ranges;
    std::vector<EntryText> int_texts, ip_texts, range_texts;
    for (size_t k = test::Below(random, round < 5 ? 4 : 400); k > 0; --k) {
      ints.insert(static_cast<int64_t>(random() % 300));
      int_texts.emplace_back(std::to_string(*std::prev(ints.end())));
      const auto address = static_cast<uint32_t>(random() % 4096);
      const Ip ip =
          random() % 2 == 0 ? Ip::FromV4(0x0A000000 + address) : Ip(0x20010DB8'00000000 + address % 7, address);
      ips.insert(ip);
      ip_texts.emplace_back(ip.ToString());
      const uint32_t longest = ip.is_v4() ? 32 : 128;
      const auto bits = static_cast<uint32_t>(random() % 16 == 0 ? random() % (longest + 1) : longest - random() % 10);
      ranges.push_back(*Cidr::Create(ip, bits));
      range_texts.emplace_back(ranges.back().ToString());
    }
    for (int64_t value : ints) int_texts.emplace_back(std::to_string(value));
    const auto int_set = Set(kIntType, int_texts);
    const auto ip_set = Set(kIpType, ip_texts);
    const auto range_set = Set(kCidrType, range_texts);
    EXPECT_EQ(int_set->size(), ints.size());
    EXPECT_EQ(ip_set->size(), ips.size());
    for (int64_t value = -1; value < 301; ++value)
      ASSERT_EQ(int_set->Contains(WordsOf(value)), ints.contains(value)) << value;
    for (int probe = 0; probe < 400; ++probe) {
      const auto address = static_cast<uint32_t>(random() % 4400);
      const Ip ip = probe % 2 == 0 ? Ip::FromV4(0x0A000000 + address - 100)
                                   : Ip(0x20010DB8'00000000 + address % 9, address - 100);
      const bool covered = std::ranges::any_of(ranges, [&](const Cidr& range) { return range.Contains(ip); });
      ASSERT_EQ(ip_set->Contains(WordsOf(ip)), ips.contains(ip)) << ip.ToString();
      ASSERT_EQ(range_set->Covers(ip), covered) << ip.ToString();
      ASSERT_FALSE(ip_set->Covers(ip));
    }
    for (const Cidr& range : ranges) {
      ASSERT_TRUE(range_set->Contains(WordsOf(range)));
      const Cidr other = *Cidr::Create(range.ip(), range.prefix_length() / 2);
      ASSERT_EQ(range_set->Contains(WordsOf(other)), std::ranges::count(ranges, other) != 0) << other.ToString();
    }
  }
}

// A range of one family contains no address of the other, though IPv4 addresses lie amidst those of IPv6 as numbers.
TEST_F(DataListTest, KeepsTheFamiliesOfRangesApart) {
  const auto v6 = Set(kCidrType, {"::/0", "2001:db8::/32"});
  EXPECT_TRUE(v6->Covers(*Ip::Parse("3000::1")));
  EXPECT_TRUE(v6->Covers(*Ip::Parse("::1")));
  EXPECT_FALSE(v6->Covers(*Ip::Parse("10.0.0.1")));
  const auto both = Set(kCidrType, {"::/0", "10.0.0.0/8", "2001:db8::/32", "fe80::1/64"});
  EXPECT_TRUE(both->Covers(*Ip::Parse("3000::1")));
  EXPECT_TRUE(both->Covers(*Ip::Parse("10.255.255.255")));
  EXPECT_FALSE(both->Covers(*Ip::Parse("11.0.0.0")));
  EXPECT_FALSE(Set(kCidrType, {"0.0.0.0/0"})->Covers(*Ip::Parse("::1")));
  EXPECT_TRUE(Set(kCidrType, {"0.0.0.0/0"})->Covers(*Ip::Parse("255.255.255.255")));
  EXPECT_TRUE(
      Set(kCidrType, {"fe80::1234/64"})->Covers(*Ip::Parse("fe80::1")));  // the bits behind the count do not matter
  EXPECT_FALSE(Set(kCidrType, {})->Covers(*Ip::Parse("::1")));
}

// All at once ask for the items of a list that nobody has laid out yet.
TEST_F(DataListTest, MakesItsItemsOnceForAllThreads) {
  ListMaker maker(ShapeOfList(types_, types_.MapOf(kStringType, kIntType)), 1000, 10'000);
  for (int k = 0; k < 1000; ++k) ASSERT_FALSE(maker.Add("key" + std::to_string(k), std::to_string(k), 0));
  const auto map = maker.Take();
  std::vector<const void*> seen(4);
  std::vector<std::thread> threads;
  for (const void*& at : seen) threads.emplace_back([&] { at = map->Items().data; });
  for (std::thread& thread : threads) thread.join();
  for (const void* at : seen) EXPECT_EQ(at, map->Items().data);
}

TEST_F(DataListTest, TakesAtMostThreeTimesItsText) {
  const auto check = [&](TypeId type, const std::string& text) {
    Reporter reporter("list.txt", text, 1);
    const auto list = ReadListLines(text, ShapeOfList(types_, type), {}, "list", reporter);
    ASSERT_NE(list, nullptr);
    EXPECT_LE(list->MemoryBytes(), 3 * text.size()) << types_.Name(type);
  };
  for (const size_t digits : {6, 12, 30}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
      const std::string number = std::to_string(100'000 + i);
      text += number + std::string(digits - number.size(), 'x') + "\n";
    }
    check(types_.SetOf(kStringType), text);
  }
  std::string ints, v4, v6, prices;
  Random random(moult::test::Seed());
  for (int i = 0; i < 100'000; ++i) {
    ints += std::to_string(random() % 1'000'000'000) + "\n";
    v4 += Cidr::Create(Ip::FromV4(static_cast<uint32_t>(random())), 24)->Masked().ToString() + "\n";
    v6 += Cidr::Create(Ip(0x20010000'00000000 | random() >> 16, 0), 48)->Masked().ToString() + "\n";
    prices += "article-" + std::to_string(i) + " = " + std::to_string(random() % 10'000) + "\n";
  }
  check(types_.SetOf(kIntType), ints);
  check(types_.SetOf(kCidrType), v4);
  check(types_.SetOf(kCidrType), v6);
  check(types_.MapOf(kStringType, kIntType), prices);
}

}  // namespace
}  // namespace moult::lang
