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
  explicit View(const Explanation& explanation) : explanation_(explanation) {}

  std::string Render(const ExplainedRule& rule) {
    for (const uint32_t clause : {rule.when, rule.unless}) {
      if (clause != ExplainedRule::kNone) Collect(clause);
    }
    PutLines();
    // What the clauses use, then what that uses.
    for (size_t k = 0; k < elsewhere_.size(); ++k) {
      const auto [user, part] = elsewhere_[k];
      const uint32_t file = At(part).file;
      out_ += fmt::format("    in {}{}:\n", Clipped(Printable(OneLine(TextOf(At(user))))),
                          file == 0 ? "" : fmt::format(" ({})", explanation_.files[file].name));
      Collect(part);
      PutLines();
    }
    return std::move(out_);
  }

 private:
  // A value and the byte of the text under which it stands.
  struct Placed {
    uint32_t file;
    uint32_t anchor;
    std::string value;
  };

  const ExplainedExpression& At(uint32_t id) const { return explanation_.expressions[id]; }
  std::string_view FileText(uint32_t file) const { return explanation_.files[file].text; }
  std::string_view TextOf(const ExplainedExpression& e) const { return FileText(e.file).substr(e.begin, e.end - e.begin); }

  static std::string OneLine(std::string_view text) {
    std::string line(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line;
  }

  // Whether `part` is what a field is selected from: its own value is larger and says less.
  bool IsBaseOfSelection(const ExplainedExpression& e, const ExplainedExpression& part) const {
    const std::string_view text = FileText(e.file);
    return e.parts.size() == 1 && part.begin == e.begin && part.end < e.end && text[part.end] == '.' && text[e.end - 1] != ')';
  }

  // The notes of an expression and its parts, and the lines under which they stand.
  void Collect(uint32_t id) {
    const ExplainedExpression& e = At(id);
    lines_.insert({e.file, LineBegin(FileText(e.file), e.anchor)});
    if (!e.literal) notes_.push_back({e.file, e.anchor, ValueOf(e)});
    if (e.state == State::kNotEvaluated) return;
    for (const uint32_t part : e.parts) {
      const ExplainedExpression& below = At(part);
      const bool inside = below.file == e.file && below.begin >= e.begin && below.end <= e.end;
      if (!inside && below.state != State::kNotEvaluated && seen_.insert(part).second) elsewhere_.emplace_back(id, part);
      if (inside && !IsBaseOfSelection(e, below)) Collect(part);
    }
  }

  static size_t LineBegin(std::string_view text, size_t offset) {
    const size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
  }

  void PutLines() {
    for (const auto& [file, begin] : lines_) PutLine(file, begin);
    notes_.clear();
    lines_.clear();
  }

  void PutLine(uint32_t file, size_t begin) {
    const std::string_view text = FileText(file);
    const size_t end = std::min(text.find('\n', begin), text.size());
    const uint32_t number = lang::PositionOf(text, static_cast<uint32_t>(begin)).line;
    out_ += fmt::format("{:>6} | {}\n", number, Printable(OneLine(text.substr(begin, end - begin))));
    std::vector<Note> notes;
    for (const Placed& note : notes_) {
      if (note.file != file || note.anchor < begin || note.anchor >= end) continue;
      notes.push_back({Columns(text.substr(begin, note.anchor - begin)), note.value});
    }
    for (const std::string& row : Layout(std::move(notes))) out_ += fmt::format("       | {}\n", row);
  }

  const Explanation& explanation_;
  std::string out_;
  std::vector<Placed> notes_;
  std::set<std::pair<uint32_t, size_t>> lines_;              // by file and the byte where they begin
  std::vector<std::pair<uint32_t, uint32_t>> elsewhere_;     // a part that lies elsewhere, after its user
  std::set<uint32_t> seen_;
};

// Appends trees of expressions. What several of them share, the value of a let, stands in the first.
class JsonTree {
 public:
  JsonTree(std::string& out, const Explanation& explanation) : out_(out), explanation_(explanation) {}

  void Put(uint32_t id) {
    const ExplainedExpression& e = explanation_.expressions[id];
    const ExplainedFile& file = explanation_.files[e.file];
    const lang::Position place = lang::PositionOf(file.text, e.begin);
    out_ += '{';
    if (e.file != 0) {
      out_ += "\"file\":";
      lang::AppendJsonString(out_, file.name);
      out_ += ',';
    }
    out_ += "\"text\":";
    lang::AppendJsonString(out_, std::string_view(file.text).substr(e.begin, e.end - e.begin));
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
  std::set<uint32_t> seen_;
};

}  // namespace

std::string RenderRule(const Explanation& explanation, const ExplainedRule& rule) {
  return View(explanation).Render(rule);
}

std::string OutcomeText(const ExplainedRule& rule) {
  if (rule.off) return "off";
  if (!rule.evaluated) return "not evaluated";
  std::string outcome = rule.fired ? "fired" : "did not fire";
  if (!rule.error.empty()) outcome += " on error: " + rule.error;
  if (!rule.live) outcome += " (shadow)";
  return outcome;
}

void AppendRuleJson(std::string& out, const Explanation& explanation, const ExplainedRule& rule) {
  out += "{\"rule\":";
  lang::AppendJsonString(out, rule.name);
  fmt::format_to(std::back_inserter(out), ",\"mode\":\"{}\",\"evaluated\":{},\"fired\":{}",
                 rule.off ? "off" : rule.live ? "live" : "shadow", rule.evaluated, rule.fired);
  if (!rule.error.empty()) {
    out += ",\"error\":";
    lang::AppendJsonString(out, rule.error);
  }
  JsonTree tree(out, explanation);
  const std::pair<const char*, uint32_t> clauses[] = {{",\"when\":", rule.when}, {",\"unless\":", rule.unless}};
  for (const auto& [key, clause] : clauses) {
    if (clause == ExplainedRule::kNone) continue;
    out += key;
    tree.Put(clause);
  }
  out += '}';
}

}  // namespace moult::tools
