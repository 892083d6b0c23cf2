// Machine code as text: its instructions, with calls by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/code_blob.h"

namespace moult::tools {

struct Instruction {
  uint32_t offset = 0;
  uint32_t size = 0;
  std::string text;  // "call MoultHelperCodePoints", "jne 0x1c4"
  std::optional<uint32_t> target;  // of a call within the blob
};

// The instructions of a blob that need not have been linked; addresses are offsets into it. Padding is left out.
std::vector<Instruction> Disassemble(const codegen::CodeBlob& blob);

}  // namespace moult::tools
