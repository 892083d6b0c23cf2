#include "gc/scrub.h"

#include <xmmintrin.h>

namespace moult::gc::internal {

void ClearScratchRegisters() noexcept {
  if (__builtin_cpu_supports("avx")) {
    // XRSTOR from an area whose header says that nothing was saved puts the registers into their initial state: all zero. The
    // mask names SSE, AVX and the three parts of AVX-512; the processor ignores those that it lacks. MXCSR is loaded: ours.
    struct alignas(64) XsaveArea {
      uint32_t words[256] = {};
    } area;
    constexpr uint32_t kVectorParts = 0xe6;
    area.words[6] = _mm_getcsr();
    asm volatile("xrstor64 %0"
                 :
                 : "m"(area), "a"(kVectorParts), "d"(0)
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                   "xmm13", "xmm14", "xmm15");
  }
  asm volatile(
      "xorl %%ecx, %%ecx\n xorl %%edx, %%edx\n xorl %%esi, %%esi\n xorl %%edi, %%edi\n"
      "xorl %%r8d, %%r8d\n xorl %%r9d, %%r9d\n xorl %%r10d, %%r10d\n xorl %%r11d, %%r11d\n"
      :
      :
      : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");
}

}  // namespace moult::gc::internal
