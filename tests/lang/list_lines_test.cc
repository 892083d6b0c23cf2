#include "lang/list_lines.h"

#include <gtest/gtest.h>

#include "lang/bind.h"
#include "lang/value_text.h"
#include "tests/support/evaluation.h"
#include "tests/support/random_program.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

class ListLinesTest : public testing::Test {
 protected:
  std::unique_ptr<const DataList> Read(TypeId type, std::string_view text, const ListLimits& limits = {}) {
    Reporter reporter("list.txt", text, 3);
    auto list = ReadListLines(text, ShapeOfList(types_, type), limits, "names", reporter);
    problems_.clear();
    for (const Diagnostic& d : reporter.Take()) {
      problems_ += std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.code + ": " + d.message;
      problems_ += d.hint.empty() ? "\n" : " (" + d.hint + ")\n";
    }
    return list;
  }
  Value ValueOf(const DataList& list, TypeId type) {
    layouts_.push_back(NativeLayout(types_, type));
    const NativeSpan items = list.Items();
    return {.address = items.data, .layout = layouts_.back()->element.get(), .count = items.count};
  }
  std::string Shown(TypeId type, std::string_view text) {
    const auto list = Read(type, text);
    return list == nullptr ? problems_ : ValueText(types_, type, ValueOf(*list, type), 1000);
  }

  TypeTable types_;
  TypeId strings_ = types_.SetOf(kStringType);
  TypeId ints_ = types_.SetOf(kIntType);
  TypeId prices_ = types_.MapOf(kStringType, kIntType);
  TypeId names_ = types_.MapOf(kStringType, kStringType);
  std::vector<LayoutRef> layouts_;
  std::string problems_;
};

TEST_F(ListLinesTest, ReadsAnItemALine) {
  EXPECT_EQ(Shown(strings_, ""), "{}");
  EXPECT_EQ(Shown(strings_, "\n\n  \n\t\r\n"), "{}");
  EXPECT_EQ(Shown(strings_, "a"), R"({"a"})");
  EXPECT_EQ(Shown(strings_, "b\r\na\r\n"), R"({"b", "a"})");
  EXPECT_EQ(Shown(strings_, "  two words \t\n"), R"({"two words"})");
  EXPECT_EQ(Shown(strings_, "# a comment\na#b\n  # also one\n"), R"({"a#b"})");
  EXPECT_EQ(Shown(strings_, "a\na\nb\na\n"), R"({"a", "b"})");
  EXPECT_EQ(Shown(strings_,
                  "\xEF\xBB\xBF"
                  "first\nx=y"),
            R"({"first", "x=y"})");
  EXPECT_EQ(Shown(strings_, "\xEF\xBB\xBF# comment"), "{}");
  EXPECT_EQ(Shown(ints_, " 7 \n# seven\n-7\n"), "{7, -7}");
}

TEST_F(ListLinesTest, ReadsAKeyAndAValueALine) {
  EXPECT_EQ(Shown(prices_, "tea = 3\n\n# hot\n  black coffee=4\r\n"), R"({"tea": 3, "black coffee": 4})");
  EXPECT_EQ(Shown(names_, "a = b = c\nempty =\n"), R"({"a": "b = c", "empty": ""})");
}

TEST_F(ListLinesTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(Shown(ints_, "1\n  two\n3\nfour\n"),
            "2:3 E-bad-entry: `two` is no int\n4:1 E-bad-entry: `four` is no int\n");
  EXPECT_EQ(Shown(prices_, "tea = 3\ncoffee 4\n= 5\nmilk = x\n"),
            "2:1 E-bad-entry: an entry of a map has a key and a value (write `key = value`)\n"
            "3:1 E-bad-entry: an entry without a key (write `key = value`)\n"
            "4:8 E-bad-entry: `x` is no int\n");
  EXPECT_EQ(Shown(prices_, "# prices\ntea = 3\nmilk = 1\n tea = 4\n"),
            "4:2 E-duplicate-key: the key `tea` stands on line 2 already\n");
  EXPECT_EQ(Shown(ints_, "a\nb\nc\nd\ne\n"),
            "1:1 E-bad-entry: `a` is no int\n2:1 E-bad-entry: `b` is no int\n3:1 E-bad-entry: `c` is no int\n"
            "0:0 E-too-many-errors: 2 more errors are not shown\n");
}

TEST_F(ListLinesTest, CountsEntriesThatDiffer) {
  EXPECT_NE(Read(ints_, "1\n2\n1\n2\n3\n", {.entries = 3}), nullptr);
  EXPECT_EQ(Read(ints_, "1\n2\n3\n4\n", {.entries = 3}), nullptr);
  EXPECT_EQ(problems_,
            "4:1 E-list-too-large: the list `names` has over 3 entries (raise EngineOptions::list_entries)\n");
  EXPECT_EQ(Read(prices_, "a = 1\nb = 2\n", {.entries = 1}), nullptr);
}

TEST_F(ListLinesTest, LinesAreReadBackAsWhatTheyStandFor) {
  test::Random random(moult::test::Seed());
  size_t written = 0;
  const TypeId action = types_.AddEnum({"Action", {"login", "signup"}});
  for (int round = 0; round < 200; ++round) {
    for (TypeId item : {kIntType, kStringType, kBytesType, kTimestampType, kDurationType, kIpType, kCidrType, action}) {
      const TypeId type = round % 2 == 0 ? types_.SetOf(item) : types_.MapOf(kStringType, item);
      const auto list = test::MakeList(types_, type, test::RandomEntries(random, types_, type));
      const Value value = ValueOf(*list, type);
      const std::optional<std::string> lines = ListLines(types_, type, value);
      if (!lines) continue;
      ++written;
      EXPECT_EQ(Shown(type, *lines), ValueText(types_, type, value, 1000)) << *lines;
    }
  }
  EXPECT_GT(written, 500u);
}

TEST_F(ListLinesTest, WhatNoLineHoldsIsNotWritten) {
  for (const char* item : {"", " a", "a ", "a\nb", "#a",
                           "\xEF\xBB\xBF"
                           "a"}) {
    const auto list = test::MakeList(types_, strings_, {item});
    EXPECT_FALSE(ListLines(types_, strings_, ValueOf(*list, strings_))) << item;
  }
  const auto key = test::MakeList(types_, prices_, {{"a=b", "1"}});
  EXPECT_FALSE(ListLines(types_, prices_, ValueOf(*key, prices_)));
  const auto value = test::MakeList(types_, names_, {{"a", " b"}});
  EXPECT_FALSE(ListLines(types_, names_, ValueOf(*value, names_)));
  const auto fine = test::MakeList(types_, names_, {{"a", "#b=c"}, {"b", ""}});
  EXPECT_EQ(ListLines(types_, names_, ValueOf(*fine, names_)), "a = #b=c\nb = \n");
}

}  // namespace
}  // namespace moult::lang
