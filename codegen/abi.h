// The interface between generated code and the process: the frame that it reads and writes.
// Generated code knows these structs by offset; nothing outside codegen/ and the runtime's evaluation may.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lang/eval.h"

namespace moult::codegen {

// A let's value, or why there is none. Zeroed by the caller before each decision; a decision and the reasons asked of it share
// the slots.
struct LetSlot {
  static constexpr uint64_t kNotComputed = 0;
  static constexpr uint64_t kComputed = 1;

  uint64_t state = kNotComputed;  // one of the above, or the packed EvalError (its kind is in the upper half, so never 0 or 1)
  // The value, by type: bool, int, double's bits, enum's ordinal, duration, record's or cidr's address: `a`; string, bytes, collection:
  // data in `a`, size or count in `b`; timestamp: seconds, nanoseconds; ip: upper half, lower half. An optional of one of these: the same, with `presence` 0 or 1.
  uint64_t a = 0;
  uint64_t b = 0;
  uint64_t presence = 0;
};

// One evaluation. The caller fills the first part; the code writes the second. Arrays have room for every rule of the program.
struct EvalFrame {
  const void* input = nullptr;          // the bound record
  lang::Resources resources = nullptr;
  lang::SourceHost* sources = nullptr;  // may be null: then every source fails
  lang::Arena* arena = nullptr;
  LetSlot* lets = nullptr;              // one for each let of the program
  uint32_t* fired = nullptr;
  uint32_t* shadow_fired = nullptr;
  lang::RuleError* errors = nullptr;
  uint64_t fuel = 0;                    // counts down; the reason entry goes on with what is left

  uint32_t fired_count = 0;
  uint32_t shadow_fired_count = 0;
  uint32_t error_count = 0;
  uint32_t verdict = 0;
  int64_t score = 0;
  const char* reason_data = nullptr;    // written by the reason entry; may be null when reason_size is 0
  uint64_t reason_size = 0;
  lang::Scalar argument;                // written by the argument entry, if it sets no error
  uint64_t argument_error = 0;          // packed; 0: none
};

// The entries of a CodeBlob. A frame is used by one thread at a time; the code itself has no state and runs on any number.
using DecideFunction = void (*)(EvalFrame*);
using ArgumentFunction = void (*)(EvalFrame*, uint32_t argument);  // REQUIRES: argument < Program::effect_arguments.size()
using ReasonFunction = void (*)(EvalFrame*, uint32_t rule);  // REQUIRES: rule < Program::rules.size()

}  // namespace moult::codegen
