// The code generator: typed IR and the layout of its input to machine code (x86-64, System V).
//
//   Result<CodeBlob> blob = Generate(program, *layout, {.cpu = CpuFeatures::Host()});
//   if (blob) { Link(*blob); /* copy blob->bytes into executable memory */ }
//
// The whole policy is one function: rule after rule, each a chain of compares and jumps that falls through when the rule fires.
// Lets are functions of their own, called on first use. Code comes straight from the expression graph in one pass over it, by an
// assembler and fixed register roles (emitter.h): there is no register allocator whose cost could grow with a rule's size.
#pragma once

#include "codegen/code_blob.h"
#include "lang/ir.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::codegen {

// What the processor has, as far as generated code cares.
struct CpuFeatures {
  bool avx2 = false;
  static CpuFeatures Host();                    // of this machine; MOULT_CPU=baseline in the environment masks everything
  static CpuFeatures Baseline() { return {}; }  // x86-64 of 2003: SSE2
  friend bool operator==(const CpuFeatures&, const CpuFeatures&) = default;
};

struct Options {
  CpuFeatures cpu = CpuFeatures::Baseline();
  bool listing = false;
  bool notes = false;             // fill CodeBlob::notes; changes no byte of the code
  size_t code_bytes = 64u << 20;  // limit, at most 1 GiB; beyond it Generate fails with "E-code-too-large"
};

// `layout` is bound to `program` (lang::BindLayout or NativeLayout). Deterministic: equal arguments give equal bytes.
// REQUIRES: Verify(program) has nothing to say. Errors: "E-code-too-large"; "E-codegen" when the assembler refuses (out of memory).
// Cost: linear in the code that comes out, which is linear in the number of nodes as long as few of them are shared.
// Thread-safety: safe from many threads at once.
Result<CodeBlob> Generate(const lang::Program& program, const Layout& layout, const Options& options);

}  // namespace moult::codegen
