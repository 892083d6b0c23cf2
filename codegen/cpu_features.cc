#include <asmjit/x86.h>

#include <cstdlib>
#include <string_view>

#include "codegen/generate.h"

namespace moult::codegen {

CpuFeatures CpuFeatures::Host() {
  const char* mask = std::getenv("MOULT_CPU");
  if (mask != nullptr && std::string_view(mask) == "baseline") return Baseline();
  // asmjit asks the operating system too (XGETBV), not only the processor.
  return {.avx2 = asmjit::CpuInfo::host().features().x86().hasAVX2()};
}

}  // namespace moult::codegen
