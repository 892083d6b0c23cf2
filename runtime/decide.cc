#include "runtime/decide.h"

#include <algorithm>
#include <cstdint>
#include <new>

#include "lang/decide.h"
#include "lang/explain.h"
#include "lang/host_value.h"
#include "lang/interpret.h"
#include "lang/report.h"

namespace moult::runtime {
namespace {

template <class T>
void Grow(std::vector<T>& v, size_t size) {
  if (v.size() < size) v.resize(size);
}

std::string VersionText(uint64_t number) { return "version " + std::to_string(number); }

}  // namespace

void DecideCall::Run(const gc::Version* version) noexcept {
  try {
    status_ = Decide(version);
  } catch (const std::bad_alloc&) {
    status_ = Error{"E-memory", "out of memory"};
  }
}

Status DecideCall::Decide(const gc::Version* version) {
  if (version == nullptr) return Error{lang::CodeText(lang::Code::kNoVersion), "nothing has been published yet"};
  const VersionMeta& meta = MetaOf(version);
  if (meta.engine != binding_.engine->id())
    return Error{lang::CodeText(lang::Code::kWrongEngine), "the version belongs to another engine"};
  const BoundCode* code = FindCode(meta);
  if (code == nullptr) return std::move(status_);

  context_.arena.Reset();
  context_.words.Reset();
  const lang::Program& program = policy_->unit->program;
  context_.memo.Begin(program, policy_->sources, context_.arena);
  writer_.Reset(version->number(), program.rules.size());
  const void* record = ReadInput(*code);
  if (record != nullptr) {
    Evaluate(version, *code, record);
    WriteEffects();
    if (context_.detail == Detail::kFull) WriteWords();
  }
  context_.memo.End();
  return std::move(status_);
}

const BoundCode* DecideCall::FindCode(const VersionMeta& meta) {
  const BoundCode* code = nullptr;
  if (binding_.host == nullptr) {
    policy_ = meta.Find(binding_.policy);
    if (policy_ != nullptr && policy_->json) code = &*policy_->json;
  } else if (binding_.index < meta.bindings.size() && meta.bindings[binding_.index].serial == binding_.serial) {
    const BindingMeta& bound = meta.bindings[binding_.index];
    policy_ = bound.policy;
    if (policy_ != nullptr) code = &bound.code;
  } else {
    policy_ = meta.Find(binding_.policy);
  }
  if (code != nullptr) return code;
  const std::string version = VersionText(meta.info.number);
  if (policy_ == nullptr) {
    status_ = Error{lang::CodeText(lang::Code::kNoSuchPolicy), version + " has no policy `" + binding_.policy + "`"};
  } else {
    status_ = Error{"E-not-bound", version + " is older than this binding of `" + binding_.policy + "`"};
  }
  return nullptr;
}

// Null after an error.
const void* DecideCall::ReadInput(const BoundCode& code) {
  if (input_.record != nullptr) {
    if (!code.maxima.empty()) status_ = CheckMaxima(code.maxima, input_.record);
    return status_ ? input_.record : nullptr;
  }
  const lang::Program& program = policy_->unit->program;
  const void* record = nullptr;
  status_ =
      context_.json.Read(input_.json, {&program.types, program.input, code.layout.get()}, context_.arena, &record);
  return status_ ? record : nullptr;
}

void DecideCall::Evaluate(const gc::Version* version, const BoundCode& code, const void* record) {
  eval_.record = record;
  eval_.layout = code.layout.get();
  eval_.resources = policy_->resources.data();
  eval_.sources = &context_.memo;
  eval_.arena = &context_.arena;
  eval_.fuel = context_.engine->options().fuel;
  writer_.SetScored(policy_->unit->program.decide.mode == lang::DecideMode::kScore);
  if (input_.explanation != nullptr) {
    RunExplained();
  } else if (code.block == BoundCode::kNoBlock) {
    RunInterpreter();
  } else {
    RunMachineCode(version, code);
  }
}

void DecideCall::RunMachineCode(const gc::Version* version, const BoundCode& code) {
  const lang::Program& program = policy_->unit->program;
  Grow(context_.lets, program.lets.size());
  Grow(context_.errors, program.rules.size());
  std::fill_n(context_.lets.begin(), program.lets.size(), codegen::LetSlot{});
  frame_.input = eval_.record;
  frame_.resources = eval_.resources;
  frame_.sources = eval_.sources;
  frame_.arena = eval_.arena;
  frame_.fuel = eval_.fuel;
  frame_.lets = context_.lets.data();
  frame_.fired = writer_.fired();
  frame_.shadow_fired = writer_.shadow_fired();
  frame_.errors = context_.errors.data();

  const auto base = reinterpret_cast<uintptr_t>(version->code(code.block));
  reason_ = reinterpret_cast<codegen::ReasonFunction>(base + code.reason_offset);
  argument_ = reinterpret_cast<codegen::ArgumentFunction>(base + code.argument_offset);
  reinterpret_cast<codegen::DecideFunction>(base + code.decide_offset)(&frame_);
  writer_.SetVerdict(frame_.verdict, frame_.score);
  writer_.SetCounts(frame_.fired_count, frame_.shadow_fired_count, frame_.error_count);
  WriteErrors({context_.errors.data(), frame_.error_count});
}

void DecideCall::RunInterpreter() {
  interpretation_.emplace(policy_->unit->program, eval_);
  WriteOutcome(interpretation_->Decide());
}

// Rules, sites and resources of the program that is traced are those of the unit's own.
void DecideCall::RunExplained() {
  std::shared_ptr<const TracedUnit>& traced = context_.traced;
  if (traced == nullptr || traced->unit != policy_->unit) traced = TraceUnit(policy_->unit);
  if (traced == nullptr) {
    status_ = Error{lang::CodeText(lang::Code::kInternal), "the policy does not compile a second time"};
    return;
  }
  lang::Trace trace(traced->program);
  eval_.observer = &trace;
  const lang::Outcome outcome = lang::Interpret(traced->program, eval_);
  *input_.explanation = lang::Explain(traced->program, traced->origins, trace, eval_, outcome);
  for (const FileRef& file : policy_->unit->files) input_.explanation->files.push_back({file->name, file->text});
  eval_.observer = nullptr;
  eval_.fuel = outcome.fuel_left;
  interpretation_.emplace(policy_->unit->program, eval_);
  WriteOutcome(outcome);
}

void DecideCall::WriteOutcome(const lang::Outcome& outcome) {
  std::copy(outcome.fired.begin(), outcome.fired.end(), writer_.fired());
  std::copy(outcome.shadow_fired.begin(), outcome.shadow_fired.end(), writer_.shadow_fired());
  writer_.SetVerdict(outcome.verdict, outcome.score);
  writer_.SetCounts(static_cast<uint32_t>(outcome.fired.size()), static_cast<uint32_t>(outcome.shadow_fired.size()),
                    static_cast<uint32_t>(outcome.errors.size()));
  WriteErrors(outcome.errors);
}

void DecideCall::WriteErrors(std::span<const lang::RuleError> errors) {
  DecisionError* out = writer_.errors();
  for (const lang::RuleError& e : errors) {
    *out++ = {e.rule, static_cast<uint32_t>(e.error.kind), e.error.site};
    policy_->unit->CountError(e.rule);
  }
}

void DecideCall::WriteEffects() {
  const lang::Program& program = policy_->unit->program;
  if (program.effects.empty()) return;
  for (const uint32_t rule : writer_.decision().fired()) {
    const lang::Rule& r = program.rules[rule];
    for (uint32_t k = r.first_effect; k < r.first_effect + r.effect_count; ++k) WriteEffect(rule, program.effects[k]);
  }
}

void DecideCall::WriteEffect(uint32_t rule, const lang::Effect& effect) {
  Effect out;
  out.name = context_.words.Copy(effect.name);
  out.error.rule = rule;
  auto* values = static_cast<HostValue*>(context_.arena.Allocate(std::max<size_t>(effect.argument_count, 1) * sizeof(HostValue)));
  lang::EvalError error;
  if (values == nullptr) error.kind = lang::ErrorKind::kArenaExhausted;
  for (uint32_t k = 0; k < effect.argument_count && error.ok(); ++k) {
    const Result<lang::Scalar, lang::EvalError> argument = Argument(effect.first_argument + k);
    if (argument) {
      error.kind = ToHostValue(effect.first_argument + k, *argument, new (values + k) HostValue);
    } else {
      error = argument.error();
    }
  }
  if (error.ok()) {
    out.arguments = {values, effect.argument_count};
  } else {
    out.error.kind = static_cast<uint32_t>(error.kind);
    out.error.site = error.site;
  }
  writer_.effects().push_back(out);
}

Result<lang::Scalar, lang::EvalError> DecideCall::Argument(uint32_t argument) {
  if (argument_ == nullptr) return interpretation_->Argument(argument);
  argument_(&frame_, argument);
  if (frame_.argument_error != 0) return Failure(lang::Unpack(frame_.argument_error));
  return frame_.argument;
}

// Texts are copied: they may view constants of the code.
lang::ErrorKind DecideCall::ToHostValue(uint32_t argument, lang::Scalar value, HostValue* out) {
  const lang::Program& program = policy_->unit->program;
  if (value.kind == lang::TypeKind::kEnum) {
    const lang::TypeId type = program[program.effect_arguments[argument]].type;
    value.kind = lang::TypeKind::kString;
    value.text = program.types.enum_type(type).enumerators[static_cast<size_t>(value.integer)];
  }
  const std::string_view copy = context_.arena.Copy(value.text);
  if (copy.size() != value.text.size()) return lang::ErrorKind::kArenaExhausted;
  value.text = copy;
  *out = lang::ToHostValue(value);
  return lang::ErrorKind::kNone;
}

void DecideCall::WriteWords() {
  const lang::Program& program = policy_->unit->program;
  const Decision& decision = writer_.decision();
  writer_.SetVerdictName(context_.words.Copy(program.decide.verdicts[decision.verdict()]));
  WriteRules(decision.fired(), writer_.rules());
  WriteRules(decision.shadow_fired(), writer_.shadow_rules());
  for (const DecisionError& error : decision.errors()) writer_.error_texts().push_back(TextOf(error));
  for (Effect& effect : writer_.effects()) effect.error_text = TextOf(effect.error);
  WriteWouldDecide();
}

void DecideCall::WriteWouldDecide() {
  const lang::Program& program = policy_->unit->program;
  if (writer_.shadow_rules().empty()) return;
  lang::Tally tally(program.decide);
  for (const uint32_t rule : writer_.decision().fired()) tally.Fire(rule, program.rules[rule]);
  for (FiredRule& fired : writer_.shadow_rules()) {
    const uint32_t verdict = tally.VerdictWith(fired.rule, program.rules[fired.rule]);
    fired.would_decide = context_.words.Copy(program.decide.verdicts[verdict]);
  }
}

// Names and tags are copied: the program lives in the version, and a Decision may outlast it.
void DecideCall::WriteRules(std::span<const uint32_t> rules, std::vector<FiredRule>& out) {
  for (const uint32_t index : rules) {
    const lang::Rule& rule = policy_->unit->program.rules[index];
    FiredRule fired;
    fired.rule = index;
    fired.name = context_.words.Copy(rule.name);
    if (rule.reason.valid()) fired.reason = Reason(index);
    void* memory = rule.tags.empty() ? nullptr : context_.words.Allocate(rule.tags.size() * sizeof(std::string_view));
    if (memory != nullptr) {
      auto* tags = static_cast<std::string_view*>(memory);
      for (size_t i = 0; i < rule.tags.size(); ++i) new (tags + i) std::string_view(context_.words.Copy(rule.tags[i]));
      fired.tags = {tags, rule.tags.size()};
    }
    out.push_back(fired);
  }
}

// Without an error of a kind, the rule's name alone.
ErrorText DecideCall::TextOf(const DecisionError& error) {
  const PolicyUnit& unit = *policy_->unit;
  ErrorText text;
  text.rule = context_.words.Copy(unit.program.rules[error.rule].name);
  if (error.kind == 0) return text;
  const bool known = error.site < unit.places.size();
  const lang::Position place = known ? unit.places[error.site] : lang::Position{};
  text.text = lang::ErrorText(static_cast<lang::ErrorKind>(error.kind));
  text.file = context_.words.Copy(unit.files[known ? unit.program.sites[error.site].file : 0]->name);
  text.line = place.line;
  text.column = place.column;
  return text;
}

// May view constants of the code, so it is copied like the rest. Without room for it, what stands for a part that errs stands for the whole.
std::string_view DecideCall::Reason(uint32_t rule) {
  std::string_view reason;
  if (reason_ == nullptr) {
    reason = interpretation_->Reason(rule);
  } else {
    reason_(&frame_, rule);
    reason = {frame_.reason_data, frame_.reason_size};
  }
  const std::string_view copy = context_.arena.Copy(reason);
  return reason.data() != nullptr && copy.data() != nullptr ? copy : "<error>";
}

}  // namespace moult::runtime
