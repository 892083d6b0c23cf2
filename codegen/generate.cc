#include "codegen/generate.h"

#include <algorithm>

#include "codegen/emitter.h"
#include "lang/report.h"

namespace moult::codegen {

Result<CodeBlob> Generate(const lang::Program& program, const Layout& layout, const Options& options) {
  return Emitter(program, layout, options).Run();
}

Result<CodeBlob> Emitter::Run() {
  if (!facts_.unsupported().empty()) {
    return Failure(
        Diagnostics{{.code = lang::CodeText(lang::Code::kUnsupportedType), .message = facts_.unsupported()}});
  }
  decide_ = NewLabel();
  reason_ = NewLabel();
  record_error_ = NewLabel();
  reason_table_ = NewLabel();
  argument_ = NewLabel();
  argument_table_ = NewLabel();
  EmitDecide();
  EmitRecordError();
  EmitReason();
  EmitArgument();
  // A let refers only to lets before it, so that from the last to the first all that are called are known in time.
  for (lang::LetId id = static_cast<lang::LetId>(program_.lets.size()); id-- > 0 && ok();) {
    if (lets_[id].isValid()) EmitLet(id);
  }
  asm_.EndCode();
  EmitTable(reason_table_, reason_entries_);
  EmitTable(argument_table_, argument_entries_);
  asm_.SetImages(facts_.images().words());
  const uint32_t stack = StackBytes();
  Result<CodeBlob> blob = asm_.Finish(decide_, reason_, argument_);
  if (blob) blob->stack_bytes = stack;
  return blob;
}

// The deepest chain of calls from an entry; lets call only lets before them.
uint32_t Emitter::StackBytes() const {
  std::vector<uint32_t> let_bytes(program_.lets.size());
  const auto deepest = [&](const FunctionStack& function) {
    uint32_t most = 0;
    for (lang::LetId let : function.calls) most = std::max(most, let_bytes[let]);
    return function.frame_bytes + most;
  };
  for (size_t k = 0; k < let_bytes.size(); ++k) let_bytes[k] = deepest(let_stacks_[k]);
  return std::max({deepest(decide_stack_), deepest(reason_stack_), deepest(argument_stack_)});
}

}  // namespace moult::codegen
