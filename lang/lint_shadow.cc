// Shadow rules that are no trial any more.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "lang/lint.h"

namespace moult::lang {
namespace {

std::optional<int> ParseDigits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Of `2026-01-31` at the head of the text.
std::optional<std::chrono::sys_days> ParseDate(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = ParseDigits(text.substr(0, 4)), month = ParseDigits(text.substr(5, 2)),
                           day = ParseDigits(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// Where the comment lines directly above `begin` start.
size_t CommentsAbove(std::string_view text, size_t begin) {
  size_t line = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;  // npos + 1 is 0
  while (line > 0) {
    const size_t above = line < 2 ? 0 : text.rfind('\n', line - 2) + 1;
    const size_t first = text.find_first_not_of(" \t", above);
    if (text.substr(first, 2) != "//") break;
    line = above;
  }
  return line;
}

struct Until {
  TextSpan span;  // of the date
  std::chrono::sys_days day;
};

// The first `until DATE` in a comment of `text[begin, end)`.
std::optional<Until> FindUntil(std::string_view text, size_t begin, size_t end) {
  constexpr std::string_view kWord = "until ";
  while (begin < end) {
    const size_t line_end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, line_end - begin);
    const size_t comment = line.find("//");
    const size_t word = comment == std::string_view::npos ? comment : line.find(kWord, comment);
    if (word != std::string_view::npos) {
      const size_t at = word + kWord.size();
      if (const auto day = ParseDate(line.substr(at))) {
        return Until{{static_cast<uint32_t>(begin + at), static_cast<uint32_t>(begin + at + 10)}, *day};
      }
    }
    begin = line_end + 1;
  }
  return std::nullopt;
}

// What the rule does, beside telling why.
bool SameEffect(const Rule& a, const Rule& b) {
  return a.has_verdict == b.has_verdict && (!a.has_verdict || a.verdict == b.verdict) && a.score == b.score &&
         a.tags == b.tags;
}

}  // namespace

void LintShadows(const LintSubject& s, const LintOptions& options) {
  std::unordered_map<std::string, std::vector<size_t>> live;
  for (size_t k = 0; k < s.ast.rules.size(); ++k) {
    if (s.program.rules[k].mode == RuleMode::kLive) live[ConditionKey(s.ast, s.ast.rules[k])].push_back(k);
  }
  for (size_t k = 0; k < s.ast.rules.size(); ++k) {
    const RuleDecl& decl = s.ast.rules[k];
    if (s.program.rules[k].mode != RuleMode::kShadow) continue;
    for (size_t other : live[ConditionKey(s.ast, decl)]) {
      if (!SameEffect(s.program.rules[k], s.program.rules[other])) continue;
      const RuleDecl& twin = s.ast.rules[other];
      s.reporter.Report(
          Code::kForgottenShadow, decl.name.span,
          fmt::format("shadow rule {} does what live rule {} does", Quoted(decl.name.text), Quoted(twin.name.text)),
          "delete it");
      s.reporter.Note(twin.name.span, fmt::format("this is rule {}", Quoted(twin.name.text)));
      break;
    }
    const std::optional<Until> until = FindUntil(s.text, CommentsAbove(s.text, decl.span.begin), decl.span.end);
    if (!until || !options.today || until->day >= *options.today) continue;
    s.reporter.Report(Code::kForgottenShadow, until->span,
                      fmt::format("shadow rule {} was to be tried until {}", Quoted(decl.name.text),
                                  s.text.substr(until->span.begin, until->span.end - until->span.begin)),
                      "make it live, delete it, or give it more time");
  }
}

}  // namespace moult::lang
