// Engines: one program, decided by every engine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/eval.h"
#include "lang/origin.h"
#include "moult/layout.h"
#include "tests/support/evaluation.h"
#include "tests/support/random_program.h"

namespace moult::codegen::test {
class MachineCode;
}

namespace moult::fuzz {

// Requires that the interpreter and machine code come to the same decisions, errors, reasons and calls of sources. Inputs, data and
// answers of sources are chosen by the text, so that one text always gives one answer.
class Engines {
 public:
  // `explained`, if it is not null: the same policy compiled with `origins`. All must outlive this.
  Engines(const std::string& text, const lang::Program& program, const lang::Program* explained, const lang::Origins* origins);

  void RequireSameDecisions();

 private:
  void RunLayout(const Layout& layout);
  void RunInput(const Layout& layout, const void* record, std::vector<codegen::test::MachineCode*> codes);
  void RunReasonsAndArguments(const Layout& layout, const void* record, codegen::test::MachineCode& code);
  // Ends the process unless the two are equal.
  void Same(const char* what, const std::string& expected, const std::string& actual) const;
  void RunExplained(const Layout& layout, const void* record, uint64_t fuel, const lang::Outcome& expected);
  bool Answer(lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) const;

  const std::string& text_;
  const lang::Program& program_;
  const lang::Program* explained_;
  const lang::Origins* origins_;
  uint64_t salt_;
  lang::test::Random random_;
  lang::test::ListTexts lists_;
  lang::test::Evaluation side_;
};

}  // namespace moult::fuzz
