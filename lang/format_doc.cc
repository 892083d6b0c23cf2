#include "lang/format_doc.h"

#include <algorithm>

namespace moult::lang {

size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void FormatDoc::Add(Kind kind, std::string_view text, size_t number) {
  items_.push_back({kind, false, text, number});
  if (kind == Kind::kCommentBehind) commented_ = open_.size();
  const bool breaks = kind == Kind::kCommentAbove || kind == Kind::kHardLine || kind == Kind::kBlankLine;
  if (breaks && !open_.empty()) items_[open_.back()].broken = true;
  if (kind != Kind::kText && !breaks) return;
  if (commented_ > 0) items_[open_[commented_ - 1]].broken = true;
  commented_ = 0;
}

void FormatDoc::Open(Kind kind) {
  open_.push_back(items_.size());
  Add(kind);
  items_.back().broken = false;
}

void FormatDoc::Close(Kind kind) {
  const Item& opening = items_[open_.back()];
  items_[open_.back()].number = items_.size();
  const bool broken = opening.broken;
  open_.pop_back();
  commented_ = std::min(commented_, open_.size());
  if (broken && !open_.empty()) items_[open_.back()].broken = true;
  Add(kind);
}

class FormatDoc::Renderer {
 public:
  Renderer(const std::vector<Item>& items, size_t width) : items_(items), width_(width) {}

  std::string Run() {
    for (size_t i = 0; i < items_.size(); ++i) Put(i);
    NewLine();
    return std::move(out_);
  }

 private:
  struct Pending {
    std::string_view text;
    size_t pad;
  };
  static constexpr size_t kStep = 2;

  void Put(size_t i) {
    const Item& item = items_[i];
    const bool flat = flat_;
    switch (item.kind) {
      case Kind::kText: PutText(item.text); break;
      case Kind::kSpace: PutSpace(); break;
      case Kind::kSeparator: PutBeforeComments(item.text); break;
      case Kind::kIfBroken: if (!flat) PutBeforeComments(item.text); break;
      case Kind::kIfFlat: if (flat) PutBeforeComments(item.text); break;
      case Kind::kPad: if (!flat) space_ += item.number; break;
      case Kind::kCommentAbove: PutCommentAbove(item.text); break;
      case Kind::kCommentBehind: PutCommentBehind(item); break;
      case Kind::kLine: flat ? PutSpace() : NewLine(); break;
      case Kind::kSoftLine: if (!flat) NewLine(); break;
      case Kind::kFillLine: PutFillLine(i); break;
      case Kind::kHardLine: NewLine(); break;
      case Kind::kBlankLine: blank_ = true; break;
      case Kind::kOpenGroup: OpenGroup(i); break;
      case Kind::kIndent: ++indent_; break;
      case Kind::kDedent: --indent_; break;
      case Kind::kOpenValue: case Kind::kOpenHuggingValue: OpenValue(i); break;
      case Kind::kCloseGroup: case Kind::kCloseValue: Close(); break;
    }
  }

  // Whether the items from `i` fit behind `column` on one line, those before `end` without new lines, those after up to the first
  // place where the line may break.
  bool Fits(size_t i, size_t end, size_t column) const {
    bool commented = false;  // a comment ends the line: only what stays before it is still to come
    for (size_t depth = 0; i < items_.size() && column <= width_; ++i) {
      const Item& item = items_[i];
      const bool begins_line = item.kind == Kind::kText || item.kind == Kind::kLine || item.kind == Kind::kSoftLine || item.kind == Kind::kFillLine;
      if (commented && begins_line) return true;
      switch (item.kind) {
        case Kind::kText: case Kind::kSeparator: {
          const size_t line_end = item.text.find('\n');
          column += WidthOf(item.text.substr(0, line_end));
          if (line_end != std::string_view::npos) return column <= width_;
          break;
        }
        case Kind::kSpace: ++column; break;
        case Kind::kIfFlat: if (i < end) column += item.text.size(); break;
        case Kind::kCommentBehind: commented = true; break;
        case Kind::kCommentAbove: case Kind::kHardLine: case Kind::kBlankLine: return true;
        case Kind::kLine: if (i >= end) return true; ++column; break;
        case Kind::kSoftLine: if (i >= end || (depth == 0 && end == items_.size())) return true; break;
        case Kind::kFillLine: if (i >= end || (depth == 0 && end == items_.size())) return true; ++column; break;
        case Kind::kOpenGroup: ++depth; break;
        case Kind::kCloseGroup: if (depth > 0) --depth; break;
        default: break;
      }
    }
    return column <= width_;
  }

  void OpenGroup(size_t i) {
    modes_.push_back({flat_, 0});
    flat_ = flat_ || (!items_[i].broken && Fits(i + 1, items_[i].number, column_ + space_));
  }

  void OpenValue(size_t i) {
    const size_t end = items_[i].number;
    const bool whole = flat_ || (!items_[i].broken && Fits(i + 1, end, column_ + 1));
    const bool next_line = !items_[i].broken && Fits(i + 1, end, (indent_ + 1) * kStep);
    const bool stays = whole || (!next_line && items_[i].kind == Kind::kOpenHuggingValue);
    modes_.push_back({flat_, stays ? 0U : 1U});
    indent_ += stays ? 0 : 1;
    stays ? PutSpace() : NewLine();
  }

  void Close() {
    flat_ = modes_.back().flat;
    indent_ -= modes_.back().indent;
    modes_.pop_back();
  }

  void PutFillLine(size_t i) {
    const bool stays = behind_.empty() && (flat_ || Fits(i + 1, items_.size(), column_ + 1));
    stays ? PutSpace() : NewLine();
  }

  void PutSpace() { space_ = std::max<size_t>(space_, 1); }

  void PutText(std::string_view text) {
    if (!behind_.empty()) {  // a comment ends its line
      NewLine();
      forced_ = true;
    }
    PutBeforeComments(text);
  }

  void PutBeforeComments(std::string_view text) {
    if (text.empty()) return;
    BeginLine();
    out_.append(space_, ' ');
    column_ += space_;
    space_ = 0;
    out_ += text;
    const size_t last_line = text.rfind('\n');
    column_ = last_line == std::string_view::npos ? column_ + WidthOf(text) : WidthOf(text.substr(last_line + 1));
  }

  void PutCommentAbove(std::string_view text) {
    const bool forced = started_ || forced_;
    NewLine();
    forced_ = forced;
    PutBeforeComments(text);
    NewLine();
    forced_ = forced;
  }

  void PutCommentBehind(const Item& item) {
    if (!started_) return PutCommentAbove(item.text);  // what it stood behind is not written
    behind_.push_back({item.text, item.number});
  }

  // Blanks and empty lines at the beginning of a line, once it turns out to have text.
  void BeginLine() {
    if (started_) return;
    if (blank_ && !out_.empty()) out_ += '\n';
    blank_ = false;
    column_ = (line_indent_ + (forced_ ? 1 : 0)) * kStep;
    forced_ = false;
    out_.append(column_, ' ');
    space_ = 0;
    started_ = true;
  }

  void NewLine() {
    space_ = 0;
    forced_ = false;
    line_indent_ = indent_;
    for (size_t k = 0; k < behind_.size(); ++k) {
      if (k > 0) {
        EndLine();
        BeginLine();
      }
      out_.append(k == 0 ? 2 + behind_[k].pad : 0, ' ');
      out_ += behind_[k].text;
    }
    behind_.clear();
    EndLine();
  }

  void EndLine() {
    if (started_) out_ += '\n';
    started_ = false;
    column_ = 0;
  }

  struct Mode {
    bool flat;
    size_t indent;
  };
  const std::vector<Item>& items_;
  size_t width_;
  std::string out_;
  size_t column_ = 0;
  size_t indent_ = 0;
  size_t line_indent_ = 0;         // of the line that has begun: as it was then
  size_t space_ = 0;               // blanks before the next text of this line
  bool started_ = false;           // the line has text
  bool forced_ = false;            // the line begins where only a comment before it asked for one: it is indented once more
  bool blank_ = false;             // an empty line comes before the next text
  bool flat_ = false;
  std::vector<Mode> modes_;        // outside the groups and values that are open
  std::vector<Pending> behind_;    // comments for the end of the line
};

std::string FormatDoc::Render(size_t width) const { return Renderer(items_, width).Run(); }

}  // namespace moult::lang
