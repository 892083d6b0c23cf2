// Scrub: takes stale words away before a stack is scanned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace moult::gc::internal {

// Zeroes the registers that calls do not preserve, vector registers of all widths among them.
void ClearScratchRegisters() noexcept;

// Overwrites what dead frames have left below the caller's, where the frames of a scan or of bdwgc would come to lie over it
// with holes; and the registers, which a signal or the dynamic linker's lazy binding saves into such frames (ran: two versions
// of three outlived the first collection since memmove had left their addresses in ymm16). Stale words keep dead versions alive.
template <size_t kBytes>
__attribute__((noinline, no_sanitize_address)) void ScrubStack() noexcept {
  char area[kBytes];
  memset(area, 0, sizeof area);
  asm volatile("" : : "r"(area) : "memory");
  ClearScratchRegisters();
}

}  // namespace moult::gc::internal
