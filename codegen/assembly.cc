#include "codegen/assembly.h"

#include <cstring>
#include <utility>

#include "lang/report.h"

namespace moult::codegen {
namespace {

using asmjit::Label;
namespace x86 = asmjit::x86;

constexpr uint8_t kTrap = 0xCC;  // int3
constexpr size_t kFunctionAlign = 16;
// Stands for a frame's size until SetFrameSize; of the width of imm32.
constexpr uint32_t kFrameSizePlaceholder = 0x7FFFFFF0;

}  // namespace

Assembly::Assembly(const Options& options) : options_(options) {
  code_.init(asmjit::Environment(asmjit::Arch::kX64));
  code_.setErrorHandler(this);
  if (options_.listing) code_.setLogger(&logger_);
  code_.attach(&out_);
  images_label_ = out_.newLabel();
}

void Assembly::handleError(asmjit::Error error, const char* message, asmjit::BaseEmitter*) {
  if (error_ != asmjit::kErrorOk) return;
  error_ = error;
  error_message_ = message;
}

void Assembly::Note(std::string_view text) {
  if (options_.listing) out_.comment(text.data(), text.size());
}

void Assembly::BeginPart(CodeNote::Part part, uint32_t index) {
  if (options_.notes) Mark({.part = part, .index = index});
}

lang::NodeId Assembly::EnterNode(lang::NodeId node) {
  if (!options_.notes || notes_.empty()) return {};
  CodeNote note = notes_.back();
  note.node = node;
  const lang::NodeId before = notes_.back().node;
  Mark(note);
  return before;
}

// Of several at one place the last counts.
void Assembly::Mark(const CodeNote& note) {
  if (!notes_.empty() && notes_.back().offset == offset()) notes_.pop_back();
  notes_.push_back(note);
  notes_.back().offset = static_cast<uint32_t>(offset());
}

Label Assembly::Text(std::string_view text) {
  auto [it, added] = texts_by_content_.try_emplace(text);
  if (added) {
    it->second = out_.newLabel();
    texts_.push_back({text, it->second});
  }
  return it->second;
}

x86::Mem Assembly::Word(uint64_t bits) {
  auto [it, added] = words_by_content_.try_emplace(bits);
  if (added) {
    it->second = out_.newLabel();
    words_.push_back({bits, it->second});
  }
  return x86::qword_ptr(it->second);
}

void Assembly::Call(Helper helper) {
  Label& slot = slots_[static_cast<size_t>(helper)];
  if (!slot.isValid()) slot = out_.newLabel();
  if (options_.listing) Note(HelperName(helper));
  out_.call(x86::qword_ptr(slot));
}

void Assembly::AlignFunction() {
  while (offset() % kFunctionAlign != 0) out_.embedUInt8(kTrap);
}

void Assembly::PadFunction() {
  out_.embedUInt8(kTrap);
  AlignFunction();
}

size_t Assembly::EmitFrameSize() {
  out_.long_().sub(x86::rsp, kFrameSizePlaceholder);
  return offset() - sizeof(uint32_t);
}

void Assembly::SetFrameSize(size_t site, uint32_t bytes) {
  if (error_ != asmjit::kErrorOk) return;  // the site may not be there
  std::memcpy(code_.textSection()->data() + site, &bytes, sizeof bytes);
  frame_sizes_.push_back(bytes);
}

void Assembly::EndCode() {
  AlignFunction();
  code_size_ = offset();
}

void Assembly::EmitSlots(CodeBlob& blob) {
  while (offset() % sizeof(uint64_t) != 0) out_.embedUInt8(kTrap);
  for (size_t k = 0; k < slots_.size(); ++k) {
    if (!slots_[k].isValid()) continue;
    out_.bind(slots_[k]);
    blob.relocations.push_back({static_cast<uint32_t>(offset()), static_cast<Helper>(k)});
    out_.embedUInt64(0);
  }
}

void Assembly::EmitLiterals() {
  out_.bind(images_label_);
  for (const uint64_t word : images_) out_.embedUInt64(word);
  for (const WordLiteral& word : words_) {
    out_.bind(word.label);
    out_.embedUInt64(word.bits);
  }
  for (const TextLiteral& literal : texts_) {
    out_.bind(literal.label);
    if (!literal.text.empty()) out_.embed(literal.text.data(), literal.text.size());
  }
  out_.embedUInt8(kTrap);  // the address just past the last text is the block's too
}

std::string Assembly::TakeListing() {
  std::string text(logger_.data(), logger_.dataSize());
  const std::string placeholder = std::to_string(kFrameSizePlaceholder);
  size_t from = 0;
  for (uint32_t size : frame_sizes_) {
    const size_t at = text.find(placeholder, from);
    if (at == std::string::npos) break;
    const std::string number = std::to_string(size);
    text.replace(at, placeholder.size(), number);
    from = at + number.size();
  }
  return text;
}

Result<CodeBlob> Assembly::Finish(const Label& decide, const Label& reason, const Label& argument) {
  CodeBlob blob;
  blob.code_size = static_cast<uint32_t>(code_size_);
  EmitSlots(blob);
  EmitLiterals();
  if (error_ == asmjit::kErrorOk) code_.resolveUnresolvedLinks();
  if (error_ != asmjit::kErrorOk) {
    return Failure(Diagnostics{{.code = lang::CodeText(lang::Code::kCodegen),
                                .message = "the assembler refused the policy: " + error_message_}});
  }
  if (offset() > options_.code_bytes) {
    return Failure(Diagnostics{{.code = lang::CodeText(lang::Code::kCodeTooLarge),
                                .message = "the policy's machine code would pass the limit of " +
                                           std::to_string(options_.code_bytes) + " bytes"}});
  }
  const auto* data = reinterpret_cast<const std::byte*>(code_.textSection()->data());
  blob.bytes.assign(data, data + offset());
  blob.decide_offset = static_cast<uint32_t>(code_.labelOffset(decide));
  blob.reason_offset = static_cast<uint32_t>(code_.labelOffset(reason));
  blob.argument_offset = static_cast<uint32_t>(code_.labelOffset(argument));
  if (options_.listing) blob.listing = TakeListing();
  blob.notes = std::move(notes_);
  return blob;
}

}  // namespace moult::codegen
