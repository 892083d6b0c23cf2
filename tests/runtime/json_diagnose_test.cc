// What is said of a text that is not one JSON object: the exact place and cause.
#include "runtime/json_diagnose.h"

#include <gtest/gtest.h>

#include <string>

namespace moult::runtime {
namespace {

constexpr int kMaxDepth = 5;

std::string Diagnose(std::string_view text) { return DiagnoseJson(text, kMaxDepth).value_or(""); }

struct Fault {
  std::string text;
  const char* message;
};

void ExpectEach(std::initializer_list<Fault> faults) {
  for (const Fault& fault : faults) EXPECT_EQ(Diagnose(fault.text), fault.message) << fault.text;
}

TEST(JsonDiagnose, FindsNothingInAnObject) {
  for (const char* text :
       {"{}", " {\r\n\t} ", R"({"a":[],"b":[1,-0.5e+3,true,false,null,"\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00"]})",
        "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}", R"({"a":{"a":{"a":{"a":{"a":1}}}}})"}) {
    EXPECT_EQ(Diagnose(text), "") << text;
  }
}

TEST(JsonDiagnose, NamesWhatIsThereInsteadOfWhat) {
  ExpectEach({
      {"", "malformed JSON at column 1: expected an object, but the text ends"},
      {"hello", "malformed JSON at column 1: expected an object, found `hello`"},
      {"\xef\xbb\xbf{}", "malformed JSON at column 1: a byte order mark, which JSON does not have"},
      {"{} x", "malformed JSON at column 4: text after the object: `x`"},
      {"{}{\"a\":1}", "malformed JSON at column 3: text after the object: `{`"},
      {std::string("{}\0", 3), "malformed JSON at column 3: text after the object: `\\u0000`"},
      {"{a:1}", "malformed JSON at column 2: expected a member's name in double quotes, found `a`"},
      {"{\"a\":1,}", "malformed JSON at column 8: expected a member's name in double quotes, found `}`"},
      {"{\"a\" 1}", "malformed JSON at column 6: expected `:` after the member's name, found `1`"},
      {"{\"a\":1 \"b\":2}", "malformed JSON at column 8: expected `,` or `}`, found `\"`"},
      {"{\"a\":[1 2]}", "malformed JSON at column 9: expected `,` or `]`, found `2`"},
      {"{\"a\":[1}", "malformed JSON at column 8: expected `,` or `]`, found `}`"},
      {"{\"a\":[1,]}", "malformed JSON at column 9: expected a value, found `]`"},
      {"{\"a\":NaN}", "malformed JSON at column 6: expected a value, found `NaN`"},
      {"{\"a\":\x1b[2J}", "malformed JSON at column 6: expected a value, found `\\u001b`"},
      {"{\"a\":", "malformed JSON at column 6: expected a value, but the text ends"},
      {"{\"a\":1", "malformed JSON at column 7: expected `,` or `}`, but the text ends"},
  });
}

TEST(JsonDiagnose, NamesWhatIsWrongWithinATokenAtItsBeginning) {
  ExpectEach({
      {"{\"a\":01}", "malformed JSON at column 6: `01` is no number"},
      {"{\"a\":-}", "malformed JSON at column 6: `-` is no number"},
      {"{\"a\":1.}", "malformed JSON at column 6: `1.` is no number"},
      {"{\"a\":1e}", "malformed JSON at column 6: `1e` is no number"},
      {"{\"a\":1x}", "malformed JSON at column 6: `1x` is no number"},
      {"{\"a\":\"b}", "malformed JSON at column 6: the string that begins here does not end"},
      {"{\"a\":\"b\\", "malformed JSON at column 6: the string that begins here does not end"},
      {"{\"a\":\"b\\q\"}", "malformed JSON at column 8: `\\q` is no escape"},
      {"{\"a\":\"\\u12g4\"}", "malformed JSON at column 7: `\\u` needs four hexadecimal digits"},
      {"{\"a\":\"\\u00\x10\x11\"}", "malformed JSON at column 7: `\\u` needs four hexadecimal digits"},
      {"{\"a\":\"\\u12", "malformed JSON at column 7: `\\u` needs four hexadecimal digits"},
      {"{\"a\":\"\\ud800\"}", "malformed JSON at column 7: `\\ud800` is half of a surrogate pair"},
      {"{\"a\":\"\\ud800\\u0041\"}", "malformed JSON at column 7: `\\ud800` is half of a surrogate pair"},
      {"{\"a\":\"\\udc00\"}", "malformed JSON at column 7: `\\udc00` is half of a surrogate pair"},
      {"{\"a\":\"b\tc\"}", "malformed JSON at column 8: a control character in a string, to be written as `\\u0009`"},
      {"{\"a\":\"b\xff\"}", "malformed JSON at column 8: not UTF-8: byte 0xff"},
      {"{\"a\":\"\xed\xa0\x80\"}", "malformed JSON at column 7: not UTF-8: byte 0xed"},
      {"{\xff", "malformed JSON at column 2: not UTF-8: byte 0xff"},
  });
}

TEST(JsonDiagnose, CountsCodePointsAndLines) {
  ExpectEach({
      {"{\"\xc3\xa9\xf0\x9f\x98\x80\":x}", "malformed JSON at column 7: expected a value, found `x`"},
      {"{\n \"a\": 1,\n\n  x",
       "malformed JSON at line 4, column 3: expected a member's name in double quotes, found `x`"},
  });
}

TEST(JsonDiagnose, NamesTheLimitOfNestingAndTheMember) {
  ExpectEach({
      {R"({"a":0,"b":[{"c":[[[[]]]]}]})", "[`b`]: nested more than 5 levels deep at column 21"},
      {"{\"b\":" + std::string(1'000'000, '['), "[`b`]: nested more than 5 levels deep at column 11"},
  });
}

TEST(JsonNumber, IsReadByTheGrammar) {
  for (const char* good : {"0", "-0", "10", "1.5", "1e9", "1E-9", "-12.50e+07"})
    EXPECT_TRUE(IsJsonNumber(good)) << good;
  for (const char* bad : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1x", "0x1", "1.e2", "--1", "inf"})
    EXPECT_FALSE(IsJsonNumber(bad)) << bad;
}

TEST(FindJsonFault, TakesAnArrayWhereACollectionIsAskedFor) {
  EXPECT_FALSE(FindJsonFault(" [1, [2], {\"a\": null}] ", JsonRoot::kCollection, kMaxDepth));
  EXPECT_FALSE(FindJsonFault("{}", JsonRoot::kCollection, kMaxDepth));
  EXPECT_TRUE(FindJsonFault("[1]", JsonRoot::kObject, kMaxDepth));
  const auto fault = FindJsonFault("[1,\n2 x]", JsonRoot::kCollection, kMaxDepth);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->offset, 6u);
  EXPECT_EQ(fault->cause, "expected `,` or `]`, found `x`");
  EXPECT_EQ(FindJsonFault("7", JsonRoot::kCollection, kMaxDepth)->cause, "expected an array or an object, found `7`");
}

}  // namespace
}  // namespace moult::runtime
