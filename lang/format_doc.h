// Documents: text with the places where its lines may break, laid out for a width.
//
//   [group  f( <indent  softline  a,  line  b,  line  c  dedent>  softline )  ]
//
// is `f(a, b, c)` where that fits; else all lines of the group are new lines, and groups within it are asked in turn. After Oppen
// and Wadler; what is ours are comments, which end the line that they stand on wherever that is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace moult::lang {

class FormatDoc {
 public:
  // -- text. Views must outlive the document
  void Text(std::string_view text) { Add(Kind::kText, text); }
  void Space() { Add(Kind::kSpace); }                                    // a blank within a line
  void Separator(std::string_view text) { Add(Kind::kSeparator, text); } // stays before a comment that is behind its line
  void IfBroken(std::string_view text) { Add(Kind::kIfBroken, text); }   // a separator, only where the group is broken
  void IfFlat(std::string_view text) { Add(Kind::kIfFlat, text); }
  void Pad(size_t blanks) { Add(Kind::kPad, {}, blanks); }               // only where the group is broken

  // -- comments. They break every group around them that goes on behind them
  void CommentAbove(std::string_view text) { Add(Kind::kCommentAbove, text); }                         // on a line of its own
  void CommentBehind(std::string_view text, size_t pad = 0) { Add(Kind::kCommentBehind, text, pad); }  // at the end of the line

  // -- where lines may break
  void Line() { Add(Kind::kLine); }           // a blank, or a new line where the group is broken
  void SoftLine() { Add(Kind::kSoftLine); }   // nothing, or a new line
  void FillLine() { Add(Kind::kFillLine); }   // a blank, or a new line where what follows, up to the next, does not fit
  void HardLine() { Add(Kind::kHardLine); }   // a new line; breaks every group around it
  void BlankLine() { Add(Kind::kBlankLine); } // an empty line before the next text, which begins a line

  void OpenGroup() { Open(Kind::kOpenGroup); }
  void CloseGroup() { Close(Kind::kCloseGroup); }
  void Indent() { Add(Kind::kIndent); }
  void Dedent() { Add(Kind::kDedent); }
  // A value behind its `=`: on the same line if it fits there; else on the next, indented; else, if it `hugs`, it begins on the
  // same line and breaks within its own brackets.
  void OpenValue(bool hugs) { Open(hugs ? Kind::kOpenHuggingValue : Kind::kOpenValue); }
  void CloseValue() { Close(Kind::kCloseValue); }

  // Lines end in a newline, without blanks before it.
  std::string Render(size_t width) const;

 private:
  class Renderer;
  enum class Kind : uint8_t {
    kText, kSpace, kSeparator, kIfBroken, kIfFlat, kPad, kCommentAbove, kCommentBehind, kLine, kSoftLine, kFillLine, kHardLine,
    kBlankLine, kOpenGroup, kCloseGroup, kIndent, kDedent, kOpenValue, kOpenHuggingValue, kCloseValue
  };
  struct Item {
    Kind kind;
    bool broken = false;    // of an opening: a comment or hard line is within
    std::string_view text;
    size_t number = 0;      // of an opening: the index of its close; else blanks
  };

  void Add(Kind kind, std::string_view text = {}, size_t number = 0);
  void Open(Kind kind);
  void Close(Kind kind);

  std::vector<Item> items_;
  std::vector<size_t> open_;  // indices of the openings around
  size_t commented_ = 0;      // how many of them end a line with a comment, so far
};

// Columns that a text takes: its code points.
size_t WidthOf(std::string_view text);

}  // namespace moult::lang
