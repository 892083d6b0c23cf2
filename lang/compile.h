// The front end in one line: text in, typed IR out.
#pragma once

#include <string>
#include <vector>

#include "lang/ir.h"
#include "lang/modules.h"
#include "lang/origin.h"
#include "lang/test_suite.h"
#include "moult/diagnostic.h"
#include "moult/result.h"

namespace moult::lang {

// One file of a bundle. `text` is any bytes: what is not UTF-8 is a diagnostic.
struct SourceFile {
  std::string name;  // as it shall be shown: "policies/abuse.moult"
  std::string text;
};

struct CompileLimits {
  size_t source_bytes = 4u << 20;
  uint32_t nesting = 200;
  uint32_t rules = 100'000;
  uint32_t nodes = 4'000'000;
  uint32_t diagnostics = 20;  // after that many errors the rest is counted only
};

struct Compiled {
  Program program;                   // of a module: its name alone
  bool is_module = false;
  std::vector<std::string> modules;  // names of those used, directly and through others; SiteSpan::file - 1 counts them
  Diagnostics warnings;
  TestSuite tests;
};

// Lexes, parses, checks and lowers the policy in `file` with the modules that it uses, or checks a module. A program has passed
// Verify. Total: any bytes give a program or at least one diagnostic. `*origins`, if it is not null, gets where the program's values
// come from; the program decides the same with and without, but its nodes may have other numbers.
Result<Compiled> Compile(const SourceFile& file, const Modules& modules, const CompileLimits& limits = {}, Origins* origins = nullptr);
// Of a policy that is alone.
Result<Compiled> Compile(const SourceFile& file, const CompileLimits& limits = {});

// The `with` clauses of a test of the policy in `file`, without their word `with`, as the one case of a suite: answers that somebody gives by
// hand. An error in one is placed in the file "--with", at the clause's number as its line. Total, as Compile is.
Result<TestSuite> CompileWiths(const SourceFile& file, const Modules& modules, const std::vector<std::string>& withs,
                               const CompileLimits& limits = {});

// What Verify has against the program that a compile made, as what the compile has to say.
Diagnostic DefectOf(const std::string& file_name, const std::string& violation);

// Line and column (1-based, columns in code points) of a byte offset.
struct Position { uint32_t line; uint32_t column; };
Position PositionOf(std::string_view text, uint32_t offset);

}  // namespace moult::lang
