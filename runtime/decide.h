// DecideCall: one decision, from the entered version to the filled Decision.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "gc/version.h"
#include "lang/eval.h"
#include "lang/interpret.h"
#include "moult/engine.h"
#include "runtime/binding.h"
#include "runtime/context.h"
#include "runtime/decision_writer.h"
#include "runtime/version_meta.h"

namespace moult::runtime {

// Lives in the frame of a Decide. Everything that touches the version's contents - reading JSON by its schema,
// evaluating, putting the result in words - happens inside Run, which the caller calls inside gc::Enter
// (INVARIANT(frame-roots)).
class DecideCall {
 public:
  DecideCall(const internal::PolicyBinding& binding, Context::Impl& context, const internal::DecideInput& input,
             Decision& decision)
      : binding_(binding), context_(context), input_(input), writer_(decision) {}

  // `version` is null when the slot is empty.
  void Run(const gc::Version* version) noexcept;
  Status TakeStatus() { return std::move(status_); }

 private:
  Status Decide(const gc::Version* version);
  // The code of the binding in this version, or why there is none.
  const BoundCode* FindCode(const VersionMeta& meta);
  const void* ReadInput(const BoundCode& code);
  void Evaluate(const gc::Version* version, const BoundCode& code, const void* record);
  void RunMachineCode(const gc::Version* version, const BoundCode& code);
  void RunInterpreter();
  void RunExplained();
  void WriteOutcome(const lang::Outcome& outcome);
  void WriteErrors(std::span<const lang::RuleError> errors);

  void WriteEffects();
  void WriteEffect(uint32_t rule, const lang::Effect& effect);
  Result<lang::Scalar, lang::EvalError> Argument(uint32_t argument);
  lang::ErrorKind ToHostValue(uint32_t argument, lang::Scalar value, HostValue* out);

  // Detail::kFull.
  void WriteWords();
  void WriteRules(std::span<const uint32_t> rules, std::vector<FiredRule>& out);
  void WriteWouldDecide();
  ErrorText TextOf(const DecisionError& error);
  std::string_view Reason(uint32_t rule);

  const internal::PolicyBinding& binding_;
  Context::Impl& context_;
  const internal::DecideInput& input_;
  DecisionWriter writer_;
  Status status_;

  const PolicyMeta* policy_ = nullptr;
  lang::EvalInput eval_;
  codegen::EvalFrame frame_;
  std::optional<lang::Interpretation> interpretation_;
  codegen::ReasonFunction reason_ = nullptr;      // null: the interpretation
  codegen::ArgumentFunction argument_ = nullptr;  // likewise
};

}  // namespace moult::runtime
