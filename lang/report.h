// Reporter: collects the diagnostics of one compile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "moult/diagnostic.h"

namespace moult::lang {

// Every diagnostic that a compile can make, by its code. The registry is lang/diagnostics.def; a test checks that each entry
// has a golden case. MOULT_DIAGNOSTIC(Name, "E-code", severity).
enum class Code : uint16_t {
#define MOULT_DIAGNOSTIC(name, text, severity) k##name,
#include "lang/diagnostics.def"
#undef MOULT_DIAGNOSTIC
};
const char* CodeText(Code code);
Severity CodeSeverity(Code code);

// Turns spans into self-contained diagnostics; stops recording after `limit` errors and says how many more there were.
// Two reports at the same place with the same code are one.
class Reporter {
 public:
  Reporter(std::string_view file_name, std::string_view text, uint32_t limit);

  void Report(Code code, TextSpan span, std::string message, std::string hint = {});
  bool has_errors() const { return errors_ > 0; }
  Diagnostics Take();  // sorted by place

 private:
  std::string file_name_;
  std::string_view text_;
  uint32_t limit_;
  uint32_t errors_ = 0;
  Diagnostics diagnostics_;
};

// The candidate nearest to `name` by edit distance, if it is near enough to be what was meant; else empty.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace moult::lang
