#include "lang/regex.h"

#include <gtest/gtest.h>

namespace moult::lang {
namespace {

TEST(RegexTest, MatchesAnywhere) {
  struct Case {
    const char* pattern;
    std::string_view text;
    bool matches;
  };
  const Case kCases[] = {
      {"b+", "aabba", true},
      {"^b", "ab", false},
      {"", "", true},
      {"(?i)select", "SeLeCt", true},
      {"a.c", "aéc", true},
      {"^\\p{Greek}+$", "αβγ", true},
      {"a.c", "a\nc", false},
      {"(?s)a.c", "a\nc", true},
      // A byte that is not UTF-8 is one code point, U+FFFD, wherever it stands.
      {"a.b", "a\xFF" "b", true},
      {"a[^x]b", "a\xFF" "b", true},
      {"ab", "a\xFF" "b", false},
      {"^.$", "\xC3", true},
      {"^..$", "\xC3\xC3", true},
      {"^.$", "\xC3\xC3", false},
      {"^\\x{FFFD}$", "\x80", true},
      {"^é.é$", "é\xE2é", true},
      {"union.*select", "1 union \xFFselect 2 from users", true},
      {"union\\W+select", "union\xFFselect", true},
      {"b$", "\xFF" "b", true},
      {"a", std::string_view("\0a", 2), true},
  };
  for (const Case& c : kCases) {
    std::string error;
    const auto regex = Regex::Create(c.pattern, &error);
    ASSERT_NE(regex, nullptr) << c.pattern << ": " << error;
    EXPECT_EQ(regex->Matches(c.text), c.matches) << c.pattern << " in " << c.text;
    EXPECT_GT(regex->MemoryBytes(), 0u);
  }
}

TEST(RegexTest, RefusesWhatIsNoPattern) {
  for (std::string_view pattern : {"(", "a**b(", "[z-a]", "\\1", "(?=a)", "a{1001}", "\xFF", "((a{100}){100}){100}"}) {
    std::string error;
    EXPECT_EQ(Regex::Create(pattern, &error), nullptr) << pattern;
    EXPECT_NE(error, "") << pattern;
  }
}

TEST(RegexTest, IsLinearWhereBacktrackingExplodes) {
  std::string error;
  const auto regex = Regex::Create("^(a+)+$", &error);
  ASSERT_NE(regex, nullptr);
  EXPECT_FALSE(regex->Matches(std::string(100'000, 'a') + "b"));
}

}  // namespace
}  // namespace moult::lang
