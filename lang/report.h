// Reporter: collects the diagnostics of one compile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/source_text.h"
#include "moult/diagnostic.h"

namespace moult::lang {

// Every diagnostic, by its code. The registry is lang/diagnostics.def.
enum class Code : uint16_t {
#define MOULT_DIAGNOSTIC(name, code, severity) k##name,
#define MOULT_PUBLISH_DIAGNOSTIC MOULT_DIAGNOSTIC
#define MOULT_DEFECT MOULT_DIAGNOSTIC
#include "lang/diagnostics.def"
};
const char* CodeText(Code code);
Severity CodeSeverity(Code code);

// Turns spans into self-contained diagnostics; stops recording after `limit` errors (and as many warnings) and says how many more
// there were. Two reports at the same place with the same code are one.
// Messages are lower case, without a full stop, with code in backticks; say what was expected, and leave what to do to the hint.
// Thread-safety: none; one compile has one.
class Reporter {
 public:
  Reporter(std::string_view file_name, std::string_view text, uint32_t limit);
  // For spans of `text`, which is borrowed; files may be added to it between reports.
  Reporter(const SourceText& text, uint32_t limit);
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  void Report(Code code, TextSpan span, std::string message, std::string hint = {});
  // Adds a place to what was just reported, if that was recorded.
  void Note(TextSpan span, std::string message);
  // For what concerns a file as a whole: no line, no caret.
  void ReportFile(Code code, std::string message, std::string hint = {}, uint32_t file = 0);
  std::string_view TextOf(TextSpan span) const { return sources()->text().substr(span.begin, span.end - span.begin); }
  bool has_errors() const { return errors_ > 0; }
  // Errors are only counted from here on: there is no need to find out more about them.
  bool full() const { return errors_ >= limit_; }
  // All that was recorded, sorted by place. The reporter is empty afterwards, but has_errors() stays.
  Diagnostics Take();

 private:
  struct Entry {
    Code code;
    uint32_t offset;
    Diagnostic diagnostic;
  };
  // Whether there is no room for another of this severity; then it is counted.
  bool CountOnly(Code code);
  Diagnostic At(TextSpan span) const;
  void Record(Code code, uint32_t offset, Diagnostic diagnostic);

  const SourceText* sources() const { return borrowed_ != nullptr ? borrowed_ : &*own_; }

  std::optional<SourceText> own_;
  const SourceText* borrowed_ = nullptr;
  uint32_t limit_;
  uint32_t errors_ = 0;
  uint32_t warnings_ = 0;
  std::vector<Entry> entries_;
  bool recorded_ = false;  // the last report
};

// `text` in backticks, fit for a message: clipped to 40 code points, control characters escaped.
std::string Quoted(std::string_view text);

// The candidate nearest to `name` by edit distance, if it is near enough to be what was meant; else empty.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace moult::lang
