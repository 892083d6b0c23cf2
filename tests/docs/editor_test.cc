// The editors' grammar knows every word of the language: tools/editor/moult.tmLanguage.json.
//
//   MOULT_UPDATE_GOLDENS=1 ./docs_tests   writes the functions of the language into it
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <regex>
#include <set>

#include "lang/builtins.h"
#include "tests/docs/examples.h"
#include "tests/support/golden.h"

namespace moult::docs {
namespace {

constexpr const char* kGrammar = MOULT_SOURCE_DIR "/tools/editor/moult.tmLanguage.json";

// Every string of the members "match", "begin" and "end".
void CollectPatterns(const simdjson::dom::element& element, std::vector<std::string>& patterns) {
  if (element.is_array()) {
    for (const auto& child : element.get_array()) CollectPatterns(child, patterns);
  }
  if (!element.is_object()) return;
  for (const auto& [name, value] : simdjson::dom::object(element)) {
    if ((name == "match" || name == "begin" || name == "end") && value.is_string()) {
      patterns.emplace_back(std::string_view(value));
    } else {
      CollectPatterns(value, patterns);
    }
  }
}

std::vector<std::string> Patterns() {
  simdjson::dom::parser parser;
  std::vector<std::string> patterns;
  CollectPatterns(parser.load(kGrammar), patterns);
  return patterns;
}

// The words that are alternatives of a pattern.
std::set<std::string> Words() {
  static const std::regex word(R"([(|:]([A-Za-z_][A-Za-z0-9_.\\]*)(?=[|)]))");
  std::set<std::string> words;
  for (const std::string& pattern : Patterns()) {
    for (std::sregex_iterator match(pattern.begin(), pattern.end(), word), end; match != end; ++match) words.insert((*match)[1]);
  }
  return words;
}

// Those quoted in the grammar of docs/language.md.
std::set<std::string> KeywordsOfTheDocument() {
  static const std::regex keyword(R"re("([a-z_]+)")re");
  std::set<std::string> keywords;
  for (const Block& block : BlocksOf(moult::testing::ReadFile(MOULT_SOURCE_DIR "/docs/language.md"))) {
    if (block.kind != "ebnf") continue;
    for (std::sregex_iterator match(block.text.begin(), block.text.end(), keyword), end; match != end; ++match) {
      if ((*match)[1] != "_") keywords.insert((*match)[1]);
    }
  }
  return keywords;
}

TEST(EditorGrammar, PatternsAreRegularExpressions) {
  EXPECT_GT(Patterns().size(), 20u);
  for (const std::string& pattern : Patterns()) EXPECT_NO_THROW(std::regex{pattern}) << pattern;
}

TEST(EditorGrammar, KnowsTheKeywordsOfTheDocument) {
  EXPECT_GT(KeywordsOfTheDocument().size(), 30u);
  for (const std::string& keyword : KeywordsOfTheDocument()) EXPECT_TRUE(Words().contains(keyword)) << keyword;
}

TEST(EditorGrammar, KnowsTheFunctions) {
  std::vector<std::string> names;
  for (std::string_view name : lang::BuiltinNames()) names.push_back(std::regex_replace(std::string(name), std::regex(R"(\.)"), R"(\\\\.)"));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string line = fmt::format(R"x("match": "\\b({})(?=\\s*\\()")x", fmt::join(names, "|"));
  std::string text = moult::testing::ReadFile(kGrammar);
  const size_t begin = text.find("\"match\"", text.find("support.function.moult"));
  ASSERT_NE(begin, std::string::npos);
  text.replace(begin, text.find('\n', begin) - begin, line);
  moult::testing::ExpectGolden(kGrammar, text);
}

}  // namespace
}  // namespace moult::docs
