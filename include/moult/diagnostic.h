// Diagnostics: what a compile has to say about a policy, as values.
//
//   auto version = engine->Publish(bundle);
//   if (!version) for (const moult::Diagnostic& d : version.error()) fputs(moult::Render(d).c_str(), stderr);
//
// A diagnostic is self-contained: it owns the source line it points at, so that it can be printed after the text is gone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moult {

enum class Severity : uint8_t { kError, kWarning };

// Another place that has to do with a diagnostic: "this is rule `a`".
struct DiagnosticNote {
  std::string message;
  std::string file;
  uint32_t line = 0;           // these three as in Diagnostic
  uint32_t column = 0;
  uint32_t length = 0;
};

struct Diagnostic {
  std::string code;            // from the registry lang/diagnostics.def, e.g. "E-unknown-name"
  Severity severity = Severity::kError;
  std::string message;         // lower case, no full stop, code in backticks
  std::string hint;            // what to do about it; may be empty
  std::string file;            // as it was named to the compile; empty when no file is concerned
  uint32_t line = 0;           // 1-based; 0 when there is no place
  uint32_t column = 0;         // 1-based, in code points
  uint32_t length = 0;         // of the span, in code points, within the line
  std::string source_line;     // the text of that line, without its newline; of a very long line the part around the span
  uint32_t source_column = 1;  // the column of source_line's first code point: 1 unless it is such a part
  std::vector<DiagnosticNote> notes;
};

using Diagnostics = std::vector<Diagnostic>;

// Renders `file:line:column: error: message [code]`, the source line, a caret under the span, the hint, and a line for each
// note. Ends in a newline. With `color`, uses ANSI escapes. Control characters of the source line are replaced, never printed.
std::string Render(const Diagnostic& diagnostic, bool color = false);
std::string Render(const Diagnostics& diagnostics, bool color = false);

}  // namespace moult
