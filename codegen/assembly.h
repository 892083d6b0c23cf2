// Assembly: a CodeBlob in the making: asmjit's assembler, and the data that code refers to.
#pragma once

#include <asmjit/x86.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "codegen/code_blob.h"
#include "codegen/generate.h"
#include "codegen/helpers.h"

namespace moult::codegen {

// Everything lies in one section: code first, then the slots of helpers' addresses, then constants. All references are
// RIP-relative, which is what makes the blob position-independent.
class Assembly : private asmjit::ErrorHandler {
 public:
  explicit Assembly(const Options& options);
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  asmjit::x86::Assembler& out() { return out_; }
  const CpuFeatures& cpu() const { return options_.cpu; }
  bool listing() const { return options_.listing; }
  size_t offset() const { return out_.offset(); }

  // A line of comment in the listing; nothing without one.
  void Note(std::string_view text);

  // What follows belongs to this part, and computes no node in particular; nothing without Options::notes.
  void BeginPart(CodeNote::Part part, uint32_t index = 0);
  // What follows computes `node`. Returns the node that was computed before.
  lang::NodeId EnterNode(lang::NodeId node);

  // Where `text` will lie. `text` must live until Finish; equal texts share their bytes.
  asmjit::Label Text(std::string_view text);
  // The 8 bytes of `bits`, as a memory operand.
  asmjit::x86::Mem Word(uint64_t bits);
  void Call(Helper helper);
  // Byte `offset` of the images, whose words SetImages gives when all are known.
  asmjit::x86::Mem Image(uint32_t offset) { return asmjit::x86::ptr(images_label_, static_cast<int32_t>(offset)); }
  void SetImages(std::span<const uint64_t> words) { images_ = words; }  // must live until Finish

  // Bounds of a function. A function ends in padding, so that the address after its last call is still inside the block.
  void AlignFunction();
  void PadFunction();
  // Emits `sub rsp, N` whose N is filled in by SetFrameSize when the function's need is known.
  size_t EmitFrameSize();
  void SetFrameSize(size_t site, uint32_t bytes);

  // Whether emission should go on: neither the limit of code nor an error of the assembler was reached. Checked at every node, so
  // that a graph with much sharing ends at the limit rather than after exponential time.
  bool ok() const { return error_ == asmjit::kErrorOk && offset() <= options_.code_bytes; }

  // What is emitted after this is data.
  void EndCode();
  // Appends the data and takes the blob. Nothing may be emitted after.
  Result<CodeBlob> Finish(const asmjit::Label& decide, const asmjit::Label& reason, const asmjit::Label& argument);

 private:
  struct TextLiteral { std::string_view text; asmjit::Label label; };
  struct WordLiteral { uint64_t bits; asmjit::Label label; };

  void handleError(asmjit::Error error, const char* message, asmjit::BaseEmitter* origin) override;
  void EmitSlots(CodeBlob& blob);
  void EmitLiterals();
  std::string TakeListing();

  void Mark(const CodeNote& note);

  Options options_;
  std::vector<CodeNote> notes_;
  size_t code_size_ = 0;
  asmjit::StringLogger logger_;
  asmjit::CodeHolder code_;
  asmjit::x86::Assembler out_;
  asmjit::Error error_ = asmjit::kErrorOk;
  std::string error_message_;
  std::unordered_map<std::string_view, asmjit::Label> texts_by_content_;
  std::unordered_map<uint64_t, asmjit::Label> words_by_content_;
  std::vector<TextLiteral> texts_;   // in order of first use, so that the blob is deterministic
  std::vector<WordLiteral> words_;
  std::array<asmjit::Label, kHelperCount> slots_;
  asmjit::Label images_label_;
  std::span<const uint64_t> images_;
  std::vector<uint32_t> frame_sizes_;  // in order of emission, for the listing
};

}  // namespace moult::codegen
