// The code generator: typed IR and the layout of its input to machine code (x86-64, System V).
#pragma once

#include "codegen/code_blob.h"
#include "lang/ir.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::codegen {

// What the processor has, as far as generated code cares.
struct CpuFeatures {
  bool avx2 = false;
  static CpuFeatures Host();                  // of this machine; MOULT_CPU=baseline in the environment masks everything
  static CpuFeatures Baseline() { return {}; }  // x86-64 of 2003: SSE2
  friend bool operator==(const CpuFeatures&, const CpuFeatures&) = default;
};

struct Options {
  CpuFeatures cpu = CpuFeatures::Baseline();
  bool listing = false;
  size_t code_bytes = 64u << 20;              // limit; beyond it Generate fails with "E-code-too-large"
  uint32_t rules_per_function = 32;           // the register allocator is quadratic in a function: keep them small
};

// `layout` is bound to `program` (lang::BindLayout or NativeLayout). Deterministic: equal arguments give equal bytes.
// REQUIRES: Verify(program) has nothing to say. Cost: linear in the number of nodes for rules of bounded size.
// Thread-safety: safe from many threads at once.
Result<CodeBlob> Generate(const lang::Program& program, const Layout& layout, const Options& options);

}  // namespace moult::codegen
