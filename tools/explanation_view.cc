#include "tools/explanation_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "lang/compile.h"
#include "lang/quote.h"
#include "lang/utf8.h"
#include "tools/utf8.h"

namespace moult::tools {
namespace {

using State = ExplainedExpression::State;

constexpr size_t kShownValue = 60;  // code points of a value under a line

size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (size_t i = 0; i < text.size(); i += lang::DecodeUtf8(text, i).length) ++columns;
  return columns;
}

std::string Clipped(std::string text) {
  size_t end = 0;
  for (size_t column = 0; column < kShownValue && end < text.size(); ++column) end += lang::DecodeUtf8(text, end).length;
  if (end < text.size()) text.replace(end, std::string::npos, "...");
  return text;
}

std::string ValueOf(const ExplainedExpression& e) {
  switch (e.state) {
    case State::kNotEvaluated:
      return "not evaluated";
    case State::kError:
      return fmt::format("error: {}{}", e.value, e.absorbed ? " (absorbed)" : "");
    case State::kValue:
      return Clipped(e.value);
  }
  return {};
}

// A value and the column, from 0, under which it stands.
struct Note {
  size_t column;
  std::string text;
};

// Rows of notes under a line: the first has a bar for each; then from the right, as many values a row as have room.
std::vector<std::string> Layout(std::vector<Note> notes) {
  std::stable_sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return a.column < b.column; });
  const auto same = [](const Note& a, const Note& b) { return a.column == b.column; };
  notes.erase(std::unique(notes.begin(), notes.end(), same), notes.end());
  std::vector<std::string> rows;
  const auto bars = [&](size_t count) {
    std::string row;
    for (size_t k = 0; k < count; ++k) row.append(notes[k].column - row.size(), ' ').append("|");
    return row;
  };
  if (!notes.empty()) rows.push_back(bars(notes.size()));
  while (!notes.empty()) {
    // The values that end before the next one begins.
    size_t first = notes.size() - 1;
    while (first > 0 && notes[first - 1].column + Columns(notes[first - 1].text) < notes[first].column) --first;
    std::string row = bars(first);
    size_t width = row.size();
    for (size_t k = first; k < notes.size(); ++k) {
      row.append(notes[k].column - width, ' ').append(notes[k].text);
      width = notes[k].column + Columns(notes[k].text);
    }
    rows.push_back(std::move(row));
    notes.resize(first);
  }
  return rows;
}

class View {
 public:
  View(const Explanation& explanation, std::string_view text) : explanation_(explanation), text_(text) {}

  std::string Render(const ExplainedRule& rule) {
    for (const uint32_t clause : {rule.when, rule.unless}) {
      if (clause != ExplainedRule::kNone) Collect(clause);
    }
    PutLines();
    // What the clauses use, then what that uses.
    for (size_t k = 0; k < elsewhere_.size(); ++k) {
      const auto [user, part] = elsewhere_[k];
      out_ += fmt::format("    in {}:\n", Clipped(Printable(OneLine(TextOf(At(user))))));
      Collect(part);
      PutLines();
    }
    return std::move(out_);
  }

 private:
  const ExplainedExpression& At(uint32_t id) const { return explanation_.expressions[id]; }
  std::string_view TextOf(const ExplainedExpression& e) const { return text_.substr(e.begin, e.end - e.begin); }

  static std::string OneLine(std::string_view text) {
    std::string line(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line;
  }

  // Whether `part` is what a field is selected from: its own value is larger and says less.
  bool IsBaseOfSelection(const ExplainedExpression& e, const ExplainedExpression& part) const {
    return e.parts.size() == 1 && part.begin == e.begin && part.end < e.end && text_[part.end] == '.' && text_[e.end - 1] != ')';
  }

  // The notes of an expression and its parts, and the lines under which they stand.
  void Collect(uint32_t id) {
    const ExplainedExpression& e = At(id);
    lines_.insert(LineBegin(e.anchor));
    if (!e.literal) notes_.push_back({e.anchor, ValueOf(e)});
    if (e.state == State::kNotEvaluated) return;
    for (const uint32_t part : e.parts) {
      const ExplainedExpression& below = At(part);
      const bool inside = below.begin >= e.begin && below.end <= e.end;
      if (!inside && below.state != State::kNotEvaluated && seen_.insert(part).second) elsewhere_.emplace_back(id, part);
      if (inside && !IsBaseOfSelection(e, below)) Collect(part);
    }
  }

  size_t LineBegin(size_t offset) const {
    const size_t newline = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
  }

  void PutLines() {
    for (const size_t begin : lines_) PutLine(begin, std::min(text_.find('\n', begin), text_.size()));
    notes_.clear();
    lines_.clear();
  }

  void PutLine(size_t begin, size_t end) {
    const std::string number = std::to_string(lang::PositionOf(text_, static_cast<uint32_t>(begin)).line);
    out_ += fmt::format("{:>6} | {}\n", number, Printable(OneLine(text_.substr(begin, end - begin))));
    std::vector<Note> notes;
    for (const auto& [anchor, value] : notes_) {
      if (anchor >= begin && anchor < end) notes.push_back({Columns(text_.substr(begin, anchor - begin)), value});
    }
    for (const std::string& row : Layout(std::move(notes))) out_ += fmt::format("       | {}\n", row);
  }

  const Explanation& explanation_;
  const std::string_view text_;
  std::string out_;
  std::vector<std::pair<uint32_t, std::string>> notes_;      // by the byte of the text under which they stand
  std::set<size_t> lines_;                                   // where they begin
  std::vector<std::pair<uint32_t, uint32_t>> elsewhere_;     // a part that lies elsewhere, after its user
  std::set<uint32_t> seen_;
};

// Appends trees of expressions. What several of them share, the value of a let, stands in the first.
class JsonTree {
 public:
  JsonTree(std::string& out, const Explanation& explanation, std::string_view text)
      : out_(out), explanation_(explanation), text_(text) {}

  void Put(uint32_t id) {
    const ExplainedExpression& e = explanation_.expressions[id];
    const lang::Position place = lang::PositionOf(text_, e.begin);
    out_ += "{\"text\":";
    lang::AppendJsonString(out_, text_.substr(e.begin, e.end - e.begin));
    fmt::format_to(std::back_inserter(out_), ",\"line\":{},\"column\":{},\"type\":", place.line, place.column);
    lang::AppendJsonString(out_, e.type);
    if (e.state == State::kNotEvaluated) {
      out_ += ",\"evaluated\":false}";
      return;
    }
    out_ += e.state == State::kError ? ",\"error\":" : ",\"value\":";
    lang::AppendJsonString(out_, e.value);
    if (e.absorbed) out_ += ",\"absorbed\":true";
    if (e.evaluations > 1) fmt::format_to(std::back_inserter(out_), ",\"evaluations\":{}", e.evaluations);
    PutParts(e);
    out_ += '}';
  }

 private:
  void PutParts(const ExplainedExpression& e) {
    bool any = false;
    for (const uint32_t part : e.parts) {
      if (!seen_.insert(part).second) continue;
      out_ += std::exchange(any, true) ? "," : ",\"parts\":[";
      Put(part);
    }
    if (any) out_ += ']';
  }

  std::string& out_;
  const Explanation& explanation_;
  const std::string_view text_;
  std::set<uint32_t> seen_;
};

}  // namespace

std::string RenderRule(const Explanation& explanation, const ExplainedRule& rule, std::string_view text) {
  return View(explanation, text).Render(rule);
}

std::string OutcomeText(const ExplainedRule& rule) {
  if (rule.off) return "off";
  if (!rule.evaluated) return "not evaluated";
  std::string outcome = rule.fired ? "fired" : "did not fire";
  if (!rule.error.empty()) outcome += " on error: " + rule.error;
  if (!rule.live) outcome += " (shadow)";
  return outcome;
}

void AppendRuleJson(std::string& out, const Explanation& explanation, const ExplainedRule& rule, std::string_view text) {
  out += "{\"rule\":";
  lang::AppendJsonString(out, rule.name);
  fmt::format_to(std::back_inserter(out), ",\"mode\":\"{}\",\"evaluated\":{},\"fired\":{}",
                 rule.off ? "off" : rule.live ? "live" : "shadow", rule.evaluated, rule.fired);
  if (!rule.error.empty()) {
    out += ",\"error\":";
    lang::AppendJsonString(out, rule.error);
  }
  JsonTree tree(out, explanation, text);
  const std::pair<const char*, uint32_t> clauses[] = {{",\"when\":", rule.when}, {",\"unless\":", rule.unless}};
  for (const auto& [key, clause] : clauses) {
    if (clause == ExplainedRule::kNone) continue;
    out += key;
    tree.Put(clause);
  }
  out += '}';
}

}  // namespace moult::tools
