// Formatter: a policy's text in its one canonical form.
#pragma once

#include <string>
#include <string_view>

#include "lang/compile.h"
#include "lang/report.h"

namespace moult::lang {

// The canonical form of one policy file; parses to the same tree as `text`. Depends on the tokens of `text`, its comments, and
// where it has blank lines (of which one is kept), and on nothing else: formatting twice changes nothing more. Literals and comments
// stay as they are written; lines are at most kFormatWidth columns where tokens and comments leave the choice.
// A text with errors has no form: they are in `reporter`, and what is returned means nothing. Cost: about that of two parses.
std::string Format(std::string_view text, const CompileLimits& limits, Reporter& reporter);

constexpr size_t kFormatWidth = 100;

}  // namespace moult::lang
