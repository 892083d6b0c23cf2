// What is promised of any policy: the properties that several targets ask for. Each ends the process when it does not hold.
#pragma once

#include <string>
#include <string_view>

#include "lang/compile.h"
#include "lang/modules.h"
#include "moult/diagnostic.h"

namespace moult::fuzz {

// A limited size, so that one input takes no time; otherwise the defaults.
lang::CompileLimits FuzzLimits();

// None tells of a defect of Moult, each has a code, a message and a place within its line, and can be rendered. `text` is for messages.
void RequireGoodDiagnostics(const Diagnostics& diagnostics, std::string_view text);

// If the text parses: its canonical form parses to the same tree with the same comments, and is its own canonical form.
void RequireGoodForm(const std::string& text);

// The text gives a program, the same one each time, or diagnostics. A program decides alike by the interpreter and by machine code, of
// every kind of processor, in several layouts of its input, with the observer of explanations and without. Returns whether it
// compiled.
bool RequireGoodCompile(const std::string& text, const lang::Modules& modules = {});

}  // namespace moult::fuzz
