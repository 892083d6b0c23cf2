// A closed expression, compiled: one that reads no input.
#pragma once

#include <string_view>

#include "lang/compile.h"

namespace moult::lang {

// The expression becomes the one let of a program whose one rule computes it and fires. `[]` and `{}` alone are a list and a map of whatever
// type. Nothing is
// computed while compiling, so that an engine computes all of it. Total, as Compile is.
Result<Compiled> CompileExpression(std::string_view text, const CompileLimits& limits = {});

}  // namespace moult::lang
