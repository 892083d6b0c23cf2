// CodeBlob: machine code as plain data. No addresses of this process are in it until Link writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace moult::codegen {

enum class Helper : uint32_t;  // codegen/helpers.h

// Eight bytes at `offset` that shall hold the address of a helper.
struct Relocation {
  uint32_t offset;
  Helper helper;
  friend bool operator==(const Relocation&, const Relocation&) = default;
};

struct CodeBlob {
  std::vector<std::byte> bytes;           // position-independent; runs at any address aligned to 64
  std::vector<Relocation> relocations;    // by rising offset, each offset a multiple of 8
  uint32_t decide_offset = 0;             // a DecideFunction
  uint32_t reason_offset = 0;             // a ReasonFunction
  uint32_t code_size = 0;                 // bytes [0, code_size) are instructions and padding, the rest is data
  uint32_t stack_bytes = 0;               // what a call of an entry takes of the stack at most, helpers aside
  std::string listing;                    // with Options::listing: the assembly text, annotated
};

// Writes the helpers' addresses of this process into the bytes. After it, equal content means equal code in this process.
void Link(CodeBlob& blob);

}  // namespace moult::codegen
