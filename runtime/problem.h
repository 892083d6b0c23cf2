// Problems that a publish finds outside of the language: files, names of policies, limits of the heap.
#pragma once

#include <string>

#include "lang/ast.h"
#include "lang/report.h"
#include "moult/diagnostic.h"
#include "moult/result.h"

namespace moult::runtime {

// About `file` as a whole, or about nothing in particular when it is empty.
Diagnostic Problem(lang::Code code, std::string file, std::string message, std::string hint = {});

// What a layer without diagnostics has said.
Diagnostic Problem(const Error& error);

// About the bytes `span` of `text`, which is the content of `file`.
Diagnostic ProblemAt(lang::Code code, const std::string& file, const std::string& text, lang::TextSpan span,
                     std::string message, std::string hint = {});

// Each diagnostic once: what is wrong with a module is found again with every policy that uses it.
Diagnostics WithoutRepeats(Diagnostics diagnostics);

}  // namespace moult::runtime
