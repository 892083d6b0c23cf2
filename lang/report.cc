#include "lang/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lang/compile.h"
#include "lang/utf8.h"

namespace moult::lang {
namespace {

struct CodeInfo {
  const char* text;
  Severity severity;
};
constexpr CodeInfo kCodes[] = {
#define MOULT_DIAGNOSTIC(name, code, severity) {code, Severity::severity},
#define MOULT_PUBLISH_DIAGNOSTIC MOULT_DIAGNOSTIC
#define MOULT_DEFECT MOULT_DIAGNOSTIC
#include "lang/diagnostics.def"
};

uint32_t CountCodePoints(std::string_view text) {
  uint32_t count = 0;
  for (size_t i = 0; i < text.size(); i += DecodeUtf8(text, i).length) ++count;
  return count;
}

// The byte at which `count` code points have been passed.
size_t SkipCodePoints(std::string_view text, uint32_t count) {
  size_t i = 0;
  for (; count > 0 && i < text.size(); --count) i += DecodeUtf8(text, i).length;
  return i;
}

// A line of a generated policy may be megabytes long: a diagnostic keeps this many code points, a quarter of them before the span.
constexpr uint32_t kKeptColumns = 160;
constexpr uint32_t kKeptBefore = kKeptColumns / 4;

void KeepSourceLine(std::string_view line, Diagnostic& diagnostic) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const uint32_t skipped =
      line.size() > kKeptColumns && diagnostic.column > kKeptColumns ? diagnostic.column - 1 - kKeptBefore : 0;
  line.remove_prefix(SkipCodePoints(line, skipped));
  diagnostic.source_line = line.substr(0, SkipCodePoints(line, kKeptColumns));
  diagnostic.source_column = skipped + 1;
}

// Distance by insertions, deletions, substitutions and swaps of neighbours; ASCII case does not count.
// REQUIRES: both at most kMaxCompared long.
constexpr size_t kMaxCompared = 64;
size_t EditDistance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::array<std::array<size_t, kMaxCompared + 1>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

const char* CodeText(Code code) { return kCodes[static_cast<size_t>(code)].text; }
Severity CodeSeverity(Code code) { return kCodes[static_cast<size_t>(code)].severity; }

Reporter::Reporter(std::string_view file_name, std::string_view text, uint32_t limit)
    : own_(std::in_place, file_name, text), limit_(limit) {}

Reporter::Reporter(const SourceText& text, uint32_t limit) : borrowed_(&text), limit_(limit) {}

// A hostile text has an error at every byte: finding the line of each would be quadratic.
bool Reporter::CountOnly(Code code) {
  uint32_t& count = CodeSeverity(code) == Severity::kError ? errors_ : warnings_;
  if (count < limit_) return false;
  ++count;
  return true;
}

void Reporter::Report(Code code, TextSpan span, std::string message, std::string hint) {
  recorded_ = false;
  if (CountOnly(code)) return;
  Diagnostic diagnostic = At(span);
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  Record(code, span.begin, std::move(diagnostic));
}

void Reporter::Note(TextSpan span, std::string message) {
  if (!recorded_) return;
  Diagnostic place = At(span);
  entries_.back().diagnostic.notes.push_back({std::move(message), std::move(place.file), place.line, place.column, place.length});
}

// What says where it is.
Diagnostic Reporter::At(TextSpan span) const {
  const uint32_t file = sources()->FileAt(span.begin);
  const std::string_view text = sources()->TextOf(file);
  const uint32_t file_begin = sources()->range(file).begin;
  const size_t begin = std::min<size_t>(span.begin - file_begin, text.size());
  const Position position = PositionOf(text, static_cast<uint32_t>(begin));
  const size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  const size_t marked = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const size_t line_begin = std::min(newline == std::string_view::npos ? marked : newline + 1, begin);
  const size_t line_end = std::min(text.find('\n', begin), text.size());
  const size_t end = std::clamp<size_t>(std::max(span.end, span.begin) - file_begin, begin, line_end);

  Diagnostic diagnostic;
  diagnostic.file = sources()->name(file);
  diagnostic.line = position.line;
  diagnostic.column = position.column;
  diagnostic.length = std::max(1u, CountCodePoints(text.substr(begin, end - begin)));
  KeepSourceLine(text.substr(line_begin, line_end - line_begin), diagnostic);
  return diagnostic;
}

void Reporter::ReportFile(Code code, std::string message, std::string hint, uint32_t file) {
  recorded_ = false;
  if (CountOnly(code)) return;
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  Record(code, sources()->range(file).begin, std::move(diagnostic));
}

void Reporter::Record(Code code, uint32_t offset, Diagnostic diagnostic) {
  const bool known = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.code == code && entry.diagnostic.line == diagnostic.line && entry.offset == offset;
  });
  if (known) return;
  ++(CodeSeverity(code) == Severity::kError ? errors_ : warnings_);
  diagnostic.code = CodeText(code);
  diagnostic.severity = CodeSeverity(code);
  diagnostic.file = sources()->name(sources()->FileAt(offset));
  entries_.push_back({code, offset, std::move(diagnostic)});
  recorded_ = true;
}

Diagnostics Reporter::Take() {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.offset < b.offset; });
  Diagnostics diagnostics;
  diagnostics.reserve(entries_.size() + 1);
  for (Entry& entry : entries_) diagnostics.push_back(std::move(entry.diagnostic));
  entries_.clear();
  if (errors_ > limit_) {
    Diagnostic rest;
    rest.code = CodeText(Code::kTooManyErrors);
    rest.severity = CodeSeverity(Code::kTooManyErrors);
    rest.file = sources()->name(0);
    const uint32_t more = errors_ - limit_;
    rest.message = fmt::format("{} more error{} not shown", more, more == 1 ? " is" : "s are");
    diagnostics.push_back(std::move(rest));
    errors_ = limit_;
  }
  return diagnostics;
}

std::string Quoted(std::string_view text) {
  constexpr uint32_t kMaxQuoted = 40;
  const size_t end = SkipCodePoints(text, kMaxQuoted);
  std::string quoted = "`";
  for (size_t i = 0; i < end;) {
    const CodePoint c = DecodeUtf8(text, i);
    if (!c.valid) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
    } else if (IsUnprintable(c.value)) {
      quoted += fmt::format("\\u{:04x}", static_cast<uint32_t>(c.value));
    } else {
      quoted += text.substr(i, c.length);
    }
    i += c.length;
  }
  if (end < text.size()) quoted += "...";
  return quoted + "`";
}

std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  if (name.size() > kMaxCompared) return {};
  std::string_view nearest;
  size_t least = name.size() / 3 + 1;  // nothing is near to a word of one or two letters, but two that are swapped
  for (std::string_view candidate : candidates) {
    const size_t difference =
        candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (candidate.size() > kMaxCompared || difference >= least) continue;
    const bool swapped = name.size() == 2 && candidate.size() == 2 && name[0] == candidate[1] && name[1] == candidate[0];
    const size_t distance = swapped ? 0 : EditDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace moult::lang
