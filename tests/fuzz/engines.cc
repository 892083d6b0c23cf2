#include "tests/fuzz/engines.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "codegen/generate.h"
#include "lang/bind.h"
#include "lang/explain.h"
#include "lang/interpret.h"
#include "tests/fuzz/target.h"
#include "tests/support/machine_code.h"
#include "tests/support/random_input.h"

namespace moult::fuzz {
namespace {

using codegen::test::MachineCode;
using lang::test::Evaluation;
using lang::test::FakeSources;

constexpr uint64_t kFuel = 5'000;          // a sanitizer makes every step slow
constexpr size_t kCodeBytes = 8u << 20;

// Nothing when the code is too large.
std::optional<codegen::CodeBlob> Generate(const lang::Program& program, const Layout& layout, codegen::CpuFeatures cpu) {
  Result<codegen::CodeBlob> blob = codegen::Generate(program, layout, {.cpu = cpu, .code_bytes = kCodeBytes});
  if (!blob) {
    Require(blob.error()[0].code == "E-code-too-large", blob.error()[0].code + ": " + blob.error()[0].message);
    return std::nullopt;
  }
  Link(*blob);
  return std::move(*blob);
}

// Errors by their kind: sites have other numbers where origins are kept.
std::string WithoutSites(lang::Outcome outcome) {
  for (lang::RuleError& error : outcome.errors) error.error.site = 0;
  return lang::test::ToText(outcome);
}

}  // namespace

Engines::Engines(const std::string& text, const lang::Program& program, const lang::Program* explained, const lang::Origins* origins)
    : text_(text),
      program_(program),
      explained_(explained),
      origins_(origins),
      salt_(std::hash<std::string>()(text)),
      random_(salt_),
      lists_(lang::test::RandomLists(random_, program)),
      side_(program, lists_) {}

void Engines::Same(const char* what, const std::string& expected, const std::string& actual) const {
  if (expected == actual) return;
  Require(false, fmt::format("the engines differ in {}\n  interpreter  {}\n  machine code {}", what, expected, actual), text_);
}

bool Engines::Answer(lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) const {
  return lang::test::AnswerByHash(program_, salt_, source, arguments, result);
}

void Engines::RequireSameDecisions() {
  const LayoutRef native = lang::NativeLayout(program_.types, program_.input);
  Require(native != nullptr, "an input without a native layout", text_);
  for (const LayoutRef& host : {native, lang::test::RandomHostLayout(random_, program_)}) {
    const Result<LayoutRef> bound = lang::BindLayout(program_, *host);
    if (!bound) Require(false, "a layout that does not bind: " + bound.error()[0].message, text_);
    RunLayout(**bound);
  }
}

void Engines::RunLayout(const Layout& layout) {
  const std::optional<codegen::CodeBlob> baseline = Generate(program_, layout, codegen::CpuFeatures::Baseline());
  const std::optional<codegen::CodeBlob> host = Generate(program_, layout, codegen::CpuFeatures::Host());
  if (!baseline || !host) return;
  MachineCode of_baseline(program_, *baseline), of_host(program_, *host);
  for (const bool hostile : {false, true}) {
    const lang::test::RandomInput input(random_, layout, hostile);
    RunInput(layout, input.data(), {&of_baseline, &of_host});
  }
}

void Engines::RunInput(const Layout& layout, const void* record, std::vector<MachineCode*> codes) {
  const auto answer = std::bind_front(&Engines::Answer, this);
  const uint64_t fuel = random_() % 4 == 0 ? random_() % 20 : kFuel;
  FakeSources expected_sources(answer);
  const lang::Outcome expected = lang::Interpret(program_, side_.Input(layout, record, &expected_sources, fuel));
  for (MachineCode* code : codes) {
    FakeSources sources(answer);
    Same("decision", lang::test::ToText(expected), lang::test::ToText(code->Decide(side_.Input(layout, record, &sources, fuel))));
    Same("sources", fmt::format("{}", fmt::join(expected_sources.calls(), "; ")), fmt::format("{}", fmt::join(sources.calls(), "; ")));
  }
  RunReasonsAndArguments(layout, record, *codes.back());
  RunExplained(layout, record, fuel, expected);
}

void Engines::RunReasonsAndArguments(const Layout& layout, const void* record, MachineCode& code) {
  const auto answer = std::bind_front(&Engines::Answer, this);
  FakeSources of_interpreter(answer), of_code(answer);
  for (uint32_t k = 0; k < program_.rules.size(); ++k) {
    const std::string reason(lang::InterpretReason(program_, side_.Input(layout, record, &of_interpreter, kFuel), k));
    Same("reason", reason, std::string(code.Reason(side_.Input(layout, record, &of_code, kFuel), k)));
  }
  for (uint32_t k = 0; k < program_.effect_arguments.size(); ++k) {
    const std::string argument = lang::test::ToText(lang::InterpretArgument(program_, side_.Input(layout, record, &of_interpreter, kFuel), k));
    Same("argument", argument, lang::test::ToText(code.Argument(side_.Input(layout, record, &of_code, kFuel), k)));
  }
}

// The layout is bound to fields that the two programs read alike.
void Engines::RunExplained(const Layout& layout, const void* record, uint64_t fuel, const lang::Outcome& expected) {
  if (explained_ == nullptr) return;
  FakeSources sources(std::bind_front(&Engines::Answer, this));
  Evaluation side(*explained_, lists_);
  lang::Trace trace(*explained_);
  lang::EvalInput input = side.Input(layout, record, &sources, fuel);
  input.observer = &trace;
  const lang::Outcome outcome = lang::Interpret(*explained_, input);
  Require(WithoutSites(outcome) == WithoutSites(expected),
          fmt::format("explained it decides\n  {}\nand otherwise\n  {}", WithoutSites(outcome), WithoutSites(expected)), text_);
  lang::Explain(*explained_, *origins_, trace, input, outcome);
}

}  // namespace moult::fuzz
