#include "lang/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "lang/utf8.h"
#include "tests/support/seed.h"

namespace moult::lang {
namespace {

using Parts = std::vector<std::string>;

// The plainest reading of a string as code points, by the other decoder of the tree.
Parts CodePointsOf(std::string_view text) {
  Parts parts;
  for (size_t i = 0; i < text.size(); i += DecodeUtf8(text, i).length)
    parts.emplace_back(text.substr(i, DecodeUtf8(text, i).length));
  return parts;
}

Parts PartsOf(const std::optional<NativeSpan>& span) {
  if (!span) return {"<arena exhausted>"};
  const auto* views = static_cast<const std::string_view*>(span->data);
  return Parts(views, views + span->count);
}

TEST(TextTest, CountsCodePointsAndEachInvalidByteAsOne) {
  struct Case {
    std::string text;
    int64_t size;
  };
  const Case kCases[] = {
      {"", 0},
      {"abc", 3},
      {"aé€😀", 4},
      {std::string(100, 'x') + "é" + std::string(100, 'x'), 201},
      {"\x80", 1},
      {"\xC3", 1},
      {"\xC3"
       "a",
       2},
      {"\xC0\x80", 2},          // overlong
      {"\xC1\xBF", 2},          // overlong
      {"\xE0\x9F\xBF", 3},      // overlong
      {"\xED\xA0\x80", 3},      // a surrogate
      {"\xED\x9F\xBF", 1},      // U+D7FF
      {"\xF0\x8F\xBF\xBF", 4},  // overlong
      {"\xF4\x8F\xBF\xBF", 1},  // U+10FFFF
      {"\xF4\x90\x80\x80", 4},  // above
      {"\xF5\x80\x80\x80", 4},
      {"\xE2\x82", 2},  // cut short
      {"\xE2\x82"
       "a",
       3},
      {"\xF0\x9F\x98", 3},
      {std::string("\0\0", 2), 2},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(CodePoints(c.text), c.size) << testing::PrintToString(c.text);
    EXPECT_EQ(CodePointsOf(c.text).size(), static_cast<size_t>(c.size)) << testing::PrintToString(c.text);
  }
}

TEST(TextTest, ContainsWorksOnBytes) {
  EXPECT_TRUE(ContainsText("hello", "ell"));
  EXPECT_TRUE(ContainsText("", ""));
  EXPECT_FALSE(ContainsText("", "a"));
  EXPECT_TRUE(ContainsText("é", "\xA9"));
  EXPECT_TRUE(ContainsText(std::string("a\0b", 3), std::string("\0b", 2)));
}

// As that of a default string_view, which a host's struct may well hold.
TEST(TextTest, AnEmptyTextNeedNoData) {
  const std::string_view null;
  Arena arena;
  EXPECT_EQ(CodePoints(null), 0);
  EXPECT_FALSE(ContainsText(null, "a"));
  EXPECT_TRUE(ContainsText("a", null));
  EXPECT_EQ(IndexOf(null, "a"), -1);
  EXPECT_EQ(Substring(null, 0, 0), "");
  EXPECT_EQ(PartsOf(Split(null, ",", arena)), Parts{""});
  EXPECT_EQ(PartsOf(Split(null, null, arena)), Parts{});
  EXPECT_EQ(LowerAscii(null, arena), "");
  EXPECT_EQ(UrlDecode(null, arena), "");
  EXPECT_EQ(HtmlDecode(null, arena), "");
  EXPECT_EQ(Concat(null, null, arena), "");
}

TEST(TextTest, IndexOfGivesPositionsOfCodePoints) {
  struct Case {
    std::string_view text, part;
    int64_t from;
    std::optional<int64_t> position;
  };
  const Case kCases[] = {
      {"héllo", "l", 0, 2},
      {"héllo", "l", 3, 3},
      {"héllo", "l", 4, -1},
      {"héllo", "", 5, 5},
      {"héllo", "", 6, {}},
      {"héllo", "h", -1, {}},
      {"", "", 0, 0},
      {"", "a", 0, -1},
      {"", "", 1, {}},
      {"aaa", "aa", 1, 1},
      {"é", "\xA9", 0, -1},
      {"é\xA9", "\xA9", 0, 1},
      {"ab", "abc", 0, -1},
      {"xxxxxxxxxxxx€y", "y", 0, 13},
      {"abc", "c", std::numeric_limits<int64_t>::max(), {}},
      {"abc", "c", std::numeric_limits<int64_t>::min(), {}},
  };
  for (const Case& c : kCases)
    EXPECT_EQ(IndexOf(c.text, c.part, c.from), c.position) << c.text << "/" << c.part << "/" << c.from;
}

TEST(TextTest, SubstringTakesPositionsOfCodePoints) {
  struct Case {
    std::string_view text;
    int64_t begin, end;
    std::optional<std::string_view> part;
  };
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const Case kCases[] = {
      {"héllo", 0, 5, "héllo"},
      {"héllo", 1, 2, "é"},
      {"héllo", 5, 5, ""},
      {"héllo", 2, 1, {}},
      {"héllo", 0, 6, {}},
      {"héllo", -1, 2, {}},
      {"héllo", 6, 6, {}},
      {"", 0, 0, ""},
      {"abc", 0, kMax, {}},
      {"abc", kMax, kMax, {}},
      {"\xFF\xC3"
       "a",
       1, 2, "\xC3"},
      {"0123456789abcdef", 7, 12, "789ab"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Substring(c.text, c.begin, c.end), c.part) << c.text << " " << c.begin << " " << c.end;
  }
  EXPECT_EQ(Substring("héllo", 1), "éllo");
  EXPECT_EQ(Substring("héllo", 5), "");
  EXPECT_EQ(Substring("héllo", 6), std::nullopt);
  EXPECT_EQ(Substring("héllo", -1), std::nullopt);
}

TEST(TextTest, SplitsBetweenSeparators) {
  struct Case {
    std::string_view text, separator;
    Parts parts;
  };
  const Case kCases[] = {
      {"a,b,c", ",", {"a", "b", "c"}},
      {"", ",", {""}},
      {",", ",", {"", ""}},
      {"a,,b", ",", {"a", "", "b"}},
      {"abc", ",", {"abc"}},
      {"aaa", "aa", {"", "a"}},
      {"aé€", "", {"a", "é", "€"}},
      {"", "", {}},
      {"\xFF\xC3", "", {"\xFF", "\xC3"}},
      {"é\xA9z", "\xA9", {"é", "z"}},
      {"a::b:", "::", {"a", "b:"}},
  };
  Arena arena;
  for (const Case& c : kCases)
    EXPECT_EQ(PartsOf(Split(c.text, c.separator, arena)), c.parts) << c.text << "/" << c.separator;
}

TEST(TextTest, LowersAsciiAlone) {
  Arena arena;
  EXPECT_EQ(LowerAscii("ABCxyzÉ[@`{Z", arena), "abcxyzÉ[@`{z");
  const std::string_view lower = "already lower é";
  EXPECT_EQ(LowerAscii(lower, arena)->data(), lower.data()) << "nothing to do: no copy";
}

TEST(TextTest, DecodesUrlsOnce) {
  struct Case {
    std::string_view text, decoded;
  };
  const Case kCases[] = {
      {"", ""},
      {"plain", "plain"},
      {"a+b", "a b"},
      {"%41%42", "AB"},
      {"%2541", "%41"},
      {"%c3%A9", "é"},
      {"%", "%"},
      {"%4", "%4"},
      {"%4g", "%4g"},
      {"%%41", "%A"},
      {"%zz%41", "%zzA"},
      {"%u0041", "%u0041"},
      {"%00", std::string_view("\0", 1)},
      {"100%", "100%"},
  };
  Arena arena;
  for (const Case& c : kCases) EXPECT_EQ(UrlDecode(c.text, arena), c.decoded) << c.text;
}

TEST(TextTest, DecodesHtmlAsBrowsersDo) {
  struct Case {
    std::string_view text, decoded;
  };
  const Case kCases[] = {
      {"", ""},
      {"plain & simple", "plain & simple"},
      {"&lt;script&gt;", "<script>"},
      {"&ltscript&gt", "<script>"},  // legacy names need no semicolon
      {"&AMP;&amp;&amp", "&&&"},
      {"&amp;lt;", "&lt;"},              // one pass
      {"&notin;&notit;&not", "∉¬it;¬"},  // the whole name with its semicolon, else the longest legacy name
      {"&hellip;&hellip", "…&hellip"},   // no legacy name
      {"&bogus;&;&", "&bogus;&;&"},
      {"&nGt;", "≫⃒"},  // longer than it was written
      {"&#60;&#x3C;&#X3c;&#60&#x3cz", "<<<<<z"},
      {"&#0;&#xD800;&#x110000;&#99999999999999999999;", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"&#128;&#x9F;&#x81;", "€Ÿ\u0081"},  // windows-1252
      {"&#;&#x;&#xg;&#", "&#;&#x;&#xg;&#"},
      {"&#128512;&Eacute;", "😀É"},
      {"&#38;#60;", "&#60;"},
      {"\xFF&lt;\xC3", "\xFF<\xC3"},
      {"&CounterClockwiseContourIntegral;", "∳"},
      {"&CounterClockwiseContourIntegralX;", "&CounterClockwiseContourIntegralX;"},
  };
  Arena arena;
  for (const Case& c : kCases) EXPECT_EQ(HtmlDecode(c.text, arena), c.decoded) << c.text;
}

TEST(TextTest, ConcatenatesWithoutCopyingWhereItCan) {
  Arena arena;
  const std::string_view text = "text";
  EXPECT_EQ(Concat(text, "", arena)->data(), text.data());
  EXPECT_EQ(Concat("", text, arena)->data(), text.data());
  EXPECT_EQ(Concat("a", "b", arena), "ab");
}

TEST(TextTest, RendersScalars) {
  Arena arena;
  EXPECT_EQ(RenderInt(std::numeric_limits<int64_t>::min(), arena), "-9223372036854775808");
  EXPECT_EQ(RenderInt(0, arena), "0");
  EXPECT_EQ(RenderDouble(0.1, arena), "0.1");
  EXPECT_EQ(RenderDouble(1, arena), "1");
  EXPECT_EQ(RenderDouble(-0.0, arena), "-0");
  EXPECT_EQ(RenderDouble(5e-324, arena), "5e-324");
  EXPECT_EQ(RenderDouble(1.7976931348623157e308, arena), "1.7976931348623157e+308");
  EXPECT_EQ(RenderDouble(HUGE_VAL, arena), "inf");
  EXPECT_EQ(RenderDouble(-HUGE_VAL, arena), "-inf");
  EXPECT_EQ(RenderDouble(std::nan(""), arena), "nan");
  EXPECT_EQ(RenderDouble(-std::nan(""), arena), "nan");
}

TEST(TextTest, AFullArenaIsReported) {
  Arena arena(0);
  EXPECT_EQ(Concat("a", "b", arena), std::nullopt);
  EXPECT_EQ(LowerAscii("A", arena), std::nullopt);
  EXPECT_EQ(UrlDecode("+", arena), std::nullopt);
  EXPECT_EQ(HtmlDecode("&", arena), std::nullopt);
  EXPECT_FALSE(Split("a", ",", arena).has_value());
  EXPECT_FALSE(Split("a", "", arena).has_value());
  EXPECT_EQ(RenderInt(1, arena), std::nullopt);
  EXPECT_EQ(RenderDouble(1, arena), std::nullopt);
}

// Against the same functions written over vectors of code points.
class TextRandomTest : public testing::Test {
 protected:
  // Bytes that make valid, cut and broken sequences all likely.
  std::string RandomText(size_t most) {
    constexpr std::string_view kPieces[] = {
        "a", "b", "ab", "é", "€", "😀", "\xC3", "\xA9", "\xE2\x82", "\xF0\x9F", "\xED\xA0\x80", "aaaaaaaaa"};
    std::string text;
    for (size_t i = random_() % (most + 1); i > 0; --i) text += kPieces[random_() % std::size(kPieces)];
    return text;
  }

  std::mt19937_64 random_{test::Seed()};
};

TEST_F(TextRandomTest, AgreesWithVectorsOfCodePoints) {
  Arena arena;
  for (int round = 0; round < 20'000; ++round) {
    arena.Reset();
    const std::string text = RandomText(12);
    const std::string part = RandomText(2);
    const Parts points = CodePointsOf(text);
    const auto size = static_cast<int64_t>(points.size());
    SCOPED_TRACE(testing::PrintToString(text) + " / " + testing::PrintToString(part));
    ASSERT_EQ(CodePoints(text), size);
    ASSERT_EQ(PartsOf(Split(text, "", arena)), points);

    const auto from = static_cast<int64_t>(random_() % (points.size() + 2));
    int64_t expected = -1;
    size_t offset = 0;
    for (int64_t p = 0; p <= size; ++p) {
      if (p >= from && expected < 0 && std::string_view(text).substr(offset).starts_with(part)) expected = p;
      if (p < size) offset += points[static_cast<size_t>(p)].size();
    }
    ASSERT_EQ(IndexOf(text, part, from), from > size ? std::nullopt : std::optional(expected));

    const auto end = static_cast<int64_t>(random_() % (points.size() + 2));
    std::string middle;
    for (int64_t p = from; p < end && p < size; ++p) middle += points[static_cast<size_t>(p)];
    const bool inside = from <= end && end <= size;
    ASSERT_EQ(Substring(text, from, end), inside ? std::optional<std::string_view>(middle) : std::nullopt);

    if (!part.empty()) {
      const Parts parts = PartsOf(Split(text, part, arena));
      std::string joined = parts[0];
      for (size_t k = 1; k < parts.size(); ++k) joined += part + parts[k];
      ASSERT_EQ(joined, text);
      for (const std::string& p : parts) ASSERT_EQ(IndexOf(p, part), -1) << p;
    }
  }
}

}  // namespace
}  // namespace moult::lang
