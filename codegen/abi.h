// The interface between generated code and the process: the frame that it reads and writes, and the helpers it calls.
// Generated code knows these structs by offset; nothing outside codegen/ and the runtime's evaluation may.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lang/eval.h"

namespace moult::codegen {

// A let's value, or why there is none. Zeroed by the caller before each decision.
struct LetSlot {
  uint64_t state = 0;     // 0: not computed; 1: computed; otherwise the packed EvalError
  uint64_t a = 0, b = 0;  // by type: bool, int, double bits, enum: a; string: data, size; collection: data, count; record: address;
                          // an optional of one of these: the same, with `c` its presence
  uint64_t c = 0;
};

// One evaluation. The caller fills the first part; the code writes the second. Arrays have room for every rule of the program.
struct EvalFrame {
  const void* input = nullptr;
  lang::Resources resources = nullptr;
  lang::SourceHost* sources = nullptr;
  lang::Arena* arena = nullptr;
  LetSlot* lets = nullptr;              // one for each let of the program
  uint32_t* fired = nullptr;
  uint32_t* shadow_fired = nullptr;
  lang::RuleError* errors = nullptr;
  uint64_t fuel = 0;

  uint32_t fired_count = 0;
  uint32_t shadow_fired_count = 0;
  uint32_t error_count = 0;
  uint32_t verdict = 0;
  int64_t score = 0;
  const char* reason_data = nullptr;    // written by the reason entry
  uint64_t reason_size = 0;

  uint64_t scratch[8] = {};             // results of helpers
};

// The entries of a CodeBlob.
using DecideFunction = void (*)(EvalFrame*);
using ReasonFunction = void (*)(EvalFrame*, uint32_t rule);

}  // namespace moult::codegen
