// MachineCode: a program's code in executable memory, run as the runtime runs it, so that tests can hold it against the interpreter.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/abi.h"
#include "codegen/generate.h"
#include "lang/eval.h"

namespace moult::codegen::test {

// Bytes that can be run; never writable and executable at once.
class ExecutableMemory {
 public:
  // `at_offset`: how far into the mapping the bytes begin; a multiple of 64.
  explicit ExecutableMemory(const std::vector<std::byte>& bytes, size_t at_offset = 0)
      : size_(bytes.size() + at_offset), offset_(at_offset) {
    base_ = static_cast<std::byte*>(mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED) std::abort();
    std::memcpy(base_ + offset_, bytes.data(), bytes.size());
    if (mprotect(base_, size_, PROT_READ | PROT_EXEC) != 0) std::abort();
  }
  ~ExecutableMemory() { munmap(base_, size_); }
  ExecutableMemory(const ExecutableMemory&) = delete;
  ExecutableMemory& operator=(const ExecutableMemory&) = delete;

  const std::byte* begin() const { return base_ + offset_; }

 private:
  std::byte* base_;
  size_t size_;
  size_t offset_;
};

// The blob of a program that must compile.
inline CodeBlob MustGenerate(const lang::Program& program, const Layout& layout, const Options& options = {}) {
  Result<CodeBlob> blob = Generate(program, layout, options);
  if (!blob) {
    ADD_FAILURE() << blob.error()[0].code << ": " << blob.error()[0].message;
    return {};
  }
  Link(*blob);
  return std::move(*blob);
}

class MachineCode {
 public:
  // `program` must outlive this. `at_offset`: see ExecutableMemory.
  MachineCode(const lang::Program& program, const CodeBlob& blob, size_t at_offset = 0)
      : program_(program),
        memory_(blob.bytes, at_offset),
        decide_(reinterpret_cast<DecideFunction>(memory_.begin() + blob.decide_offset)),
        reason_(reinterpret_cast<ReasonFunction>(memory_.begin() + blob.reason_offset)),
        argument_(reinterpret_cast<ArgumentFunction>(memory_.begin() + blob.argument_offset)),
        lets_(program.lets.size() + 1),
        fired_(program.rules.size() + 1),
        shadow_fired_(program.rules.size() + 1),
        errors_(program.rules.size() + 1) {}

  lang::Outcome Decide(const lang::EvalInput& input) {
    EvalFrame frame = Frame(input);
    decide_(&frame);
    lang::Outcome outcome{.verdict = frame.verdict, .score = frame.score};
    outcome.fuel_left = frame.fuel;
    outcome.fired.assign(fired_.begin(), fired_.begin() + frame.fired_count);
    outcome.shadow_fired.assign(shadow_fired_.begin(), shadow_fired_.begin() + frame.shadow_fired_count);
    outcome.errors.assign(errors_.begin(), errors_.begin() + frame.error_count);
    return outcome;
  }

  std::string_view Reason(const lang::EvalInput& input, uint32_t rule) {
    EvalFrame frame = Frame(input);
    reason_(&frame, rule);
    return {frame.reason_data, frame.reason_size};
  }

  Result<lang::Scalar, lang::EvalError> Argument(const lang::EvalInput& input, uint32_t argument) {
    EvalFrame frame = Frame(input);
    argument_(&frame, argument);
    if (frame.argument_error != 0) return Failure(lang::Unpack(frame.argument_error));
    return frame.argument;
  }

 private:
  EvalFrame Frame(const lang::EvalInput& input) {
    std::fill(lets_.begin(), lets_.end(), LetSlot{});
    return {.input = input.record,
            .resources = input.resources,
            .sources = input.sources,
            .arena = input.arena,
            .lets = lets_.data(),
            .fired = fired_.data(),
            .shadow_fired = shadow_fired_.data(),
            .errors = errors_.data(),
            .fuel = input.fuel};
  }

  const lang::Program& program_;
  ExecutableMemory memory_;
  DecideFunction decide_;
  ReasonFunction reason_;
  ArgumentFunction argument_;
  std::vector<LetSlot> lets_;
  std::vector<uint32_t> fired_;
  std::vector<uint32_t> shadow_fired_;
  std::vector<lang::RuleError> errors_;
};

}  // namespace moult::codegen::test
