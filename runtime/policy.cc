// PolicyBase: the three ways into a version, and what is refused before one is entered.
#include "gc/slot.h"
#include "lang/report.h"
#include "moult/engine.h"
#include "runtime/context.h"
#include "runtime/decide.h"
#include "runtime/pinned.h"

namespace moult {
namespace {

// Marks a Context as in use: a source that decides on the Context of the Decide which called it would pull the arena
// from under it.
class Busy {
 public:
  explicit Busy(bool& flag) : flag_(flag) { flag_ = true; }
  ~Busy() { flag_ = false; }

 private:
  bool& flag_;
};

Status CheckContext(const internal::PolicyBinding& binding, bool busy, const runtime::EngineCore* engine) {
  if (busy) return Error{"E-context-busy", "a Decide is running on this Context; a source needs a Context of its own"};
  if (engine != binding.engine)
    return Error{lang::CodeText(lang::Code::kWrongEngine), "the Context belongs to another engine"};
  return {};
}

// `where` is a gc::Slot or a const gc::Version*.
template <class Where>
Status Run(const Where& where, const internal::PolicyBinding& binding, Context::Impl& context,
           const internal::DecideInput& input, Decision& decision) {
  if (context.busy || context.engine != binding.engine) [[unlikely]] {
    return CheckContext(binding, context.busy, context.engine);
  }
  const Busy busy(context.busy);
  runtime::DecideCall call(binding, context, input, decision);
  gc::Enter(where, [&call](const gc::Version* version) { call.Run(version); });
  return call.TakeStatus();
}

}  // namespace

const std::string& PolicyBase::name() const { return handle_->policy; }

Status PolicyBase::Decide(Context& context, const internal::DecideInput& input, Decision* decision) const {
  return Run(handle_->engine->slot(), *handle_, *context.impl_, input, *decision);
}

Status PolicyBase::Decide(const Current& current, Context& context, const internal::DecideInput& input,
                          Decision* decision) const {
  // A Current that another thread made is held by that thread's frame, which may be gone before this one is scanned.
  if (current.core_ == nullptr || !gc::OnOwnStack(&current)) {
    return Error{"E-current-off-stack", "a Current must be a local variable on the stack of the thread that uses it"};
  }
  if (current.core_ != handle_->engine)
    return Error{lang::CodeText(lang::Code::kWrongEngine), "the Current belongs to another engine"};
  return Run(static_cast<const gc::Version*>(current.version_), *handle_, *context.impl_, input, *decision);
}

Status PolicyBase::Decide(const Pinned& pinned, Context& context, const internal::DecideInput& input,
                          Decision* decision) const {
  const gc::Pin& pin = runtime::PinnedAccess::pin(pinned);
  if (!pin) return Error{lang::CodeText(lang::Code::kEmptyPin), "the pin holds no version"};
  return Run(pin.get(), *handle_, *context.impl_, input, *decision);
}

Status PolicyBase::DecideRecord(Context& context, const void* record, Decision* decision) const {
  return Decide(context, internal::DecideInput{record, {}}, decision);
}
Status PolicyBase::DecideRecord(const Current& current, Context& context, const void* record,
                                Decision* decision) const {
  return Decide(current, context, internal::DecideInput{record, {}}, decision);
}
Status PolicyBase::DecideRecord(const Pinned& pinned, Context& context, const void* record, Decision* decision) const {
  return Decide(pinned, context, internal::DecideInput{record, {}}, decision);
}
Status PolicyBase::DecideJson(Context& context, std::string_view json, Decision* decision) const {
  return Decide(context, internal::DecideInput{nullptr, json}, decision);
}
Status PolicyBase::DecideJson(const Current& current, Context& context, std::string_view json,
                              Decision* decision) const {
  return Decide(current, context, internal::DecideInput{nullptr, json}, decision);
}
Status PolicyBase::DecideJson(const Pinned& pinned, Context& context, std::string_view json, Decision* decision) const {
  return Decide(pinned, context, internal::DecideInput{nullptr, json}, decision);
}

Status PolicyBase::ExplainRecord(Context& context, const void* record, Decision* decision,
                                 Explanation* explanation) const {
  return Decide(context, internal::DecideInput{record, {}, explanation}, decision);
}
Status PolicyBase::ExplainJson(Context& context, std::string_view json, Decision* decision,
                               Explanation* explanation) const {
  return Decide(context, internal::DecideInput{nullptr, json, explanation}, decision);
}

}  // namespace moult
