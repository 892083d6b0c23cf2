// CodeBlob: machine code as plain data. No addresses of this process are in it until Link writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lang/ir.h"

namespace moult::codegen {

enum class Helper : uint32_t;  // codegen/helpers.h

// Eight bytes at `offset` that shall hold the address of a helper.
struct Relocation {
  uint32_t offset;
  Helper helper;
  friend bool operator==(const Relocation&, const Relocation&) = default;
};

// What the code from `offset` on is for, up to the next note. Fragments of a part may lie apart: what stands off the straight path is
// at the end of its function.
struct CodeNote {
  enum class Part : uint8_t {
    kEntry,    // of the decision: what comes before the rules
    kRule,     // `index` is the rule's
    kVerdict,  // what comes after the rules
    kErrors,   // where failures are noted
    kReasons,  // the entry of the reasons, and its end
    kReason,   // `index` is the rule's
    kLet,      // `index` is the let's
  };
  uint32_t offset = 0;
  Part part = Part::kEntry;
  uint32_t index = 0;
  lang::NodeId node;  // what is computed here; invalid where it is none
  friend bool operator==(const CodeNote&, const CodeNote&) = default;
};

struct CodeBlob {
  std::vector<std::byte> bytes;           // position-independent; runs at any address aligned to 64
  std::vector<Relocation> relocations;    // by rising offset, each offset a multiple of 8
  uint32_t decide_offset = 0;             // a DecideFunction
  uint32_t reason_offset = 0;             // a ReasonFunction
  uint32_t argument_offset = 0;           // an ArgumentFunction
  uint32_t code_size = 0;                 // bytes [0, code_size) are instructions and padding, the rest is data
  uint32_t stack_bytes = 0;               // what a call of an entry takes of the stack at most, helpers aside
  std::vector<CodeNote> notes;            // with Options::notes: by rising offset
  std::string listing;                    // with Options::listing: the assembly text, annotated
};

// Writes the helpers' addresses of this process into the bytes. After it, equal content means equal code in this process.
void Link(CodeBlob& blob);

}  // namespace moult::codegen
