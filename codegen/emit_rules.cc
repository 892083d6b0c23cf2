// The functions of a blob: the decision, the reasons, the lets.
#include <array>
#include <utility>

#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::DecideMode;
using lang::RuleMode;
using Part = CodeNote::Part;
using x86::CondCode;

namespace {

const std::array<x86::Gp, 4> kDecideSaved = {role::kFrame, role::kInput, role::kTally, role::kFired};
const std::array<x86::Gp, 2> kReasonSaved = {role::kFrame, role::kInput};

bool FitsInt32(int64_t value) { return value == static_cast<int32_t>(value); }

}  // namespace

void Emitter::BeginFunction(const Label& entry, std::string_view name, std::span<const x86::Gp> saved) {
  asm_.AlignFunction();
  asm_.Note(name);
  out_.bind(entry);
  out_.push(x86::rbp);
  out_.mov(x86::rbp, x86::rsp);
  for (const x86::Gp& reg : saved) out_.push(reg);
  saved_bytes_ = static_cast<uint32_t>(8 * saved.size());
  slots_.Reset(static_cast<int32_t>(saved_bytes_));
  frame_site_ = asm_.EmitFrameSize();
}

void Emitter::EmitReturn(std::span<const x86::Gp> saved) {
  for (size_t k = 0; k < saved.size(); ++k) {
    out_.mov(saved[k], x86::qword_ptr(x86::rbp, -8 * static_cast<int32_t>(k + 1)));
  }
  out_.leave();
  out_.ret();
}

Emitter::FunctionStack Emitter::EndFunction() {
  EmitColdStubs();
  asm_.PadFunction();
  asm_.SetFrameSize(frame_site_, slots_.FrameBytes());
  constexpr uint32_t kReturnAddressAndRbp = 16;
  return {kReturnAddressAndRbp + saved_bytes_ + slots_.FrameBytes(), std::exchange(calls_, {})};
}

void Emitter::EmitColdStubs() {
  if (!fail_stubs_.empty()) asm_.BeginPart(Part::kErrors);
  for (const FailStub& stub : fail_stubs_) {
    out_.bind(stub.entry);
    out_.mov(role::kValue, stub.error);
    out_.jmp(stub.target);
  }
  fail_stubs_.clear();
  for (const std::function<void()>& stub : later_) stub();
  later_.clear();
}

void Emitter::EmitDecide() {
  asm_.BeginPart(Part::kEntry);
  BeginFunction(decide_, "decide(frame)", kDecideSaved);
  out_.mov(role::kFrame, x86::rdi);
  out_.mov(role::kInput, FrameField(offsetof(EvalFrame, input)));
  out_.mov(role::kFired, FrameField(offsetof(EvalFrame, fired)));
  out_.xor_(x86::eax, x86::eax);
  out_.mov(FrameField(offsetof(EvalFrame, shadow_fired_count), 4), x86::eax);
  out_.mov(FrameField(offsetof(EvalFrame, error_count), 4), x86::eax);
  out_.mov(FrameField(offsetof(EvalFrame, score)), x86::rax);
  if (by_score()) {
    out_.xor_(role::kTally.r32(), role::kTally.r32());
  } else {
    out_.or_(role::kTally, -1);  // below every verdict
  }
  EmitRules();
  EmitVerdict();
  EmitReturn(kDecideSaved);
  decide_stack_ = EndFunction();
}

// Under first_match a rule that decides goes on at the next shadow rule. So what is tested is not before each live rule, but once
// after each run of shadow rules.
void Emitter::EmitRules() {
  bool may_be_decided = false;
  const auto end_run = [&] {
    if (!decided_.isValid()) return;
    out_.bind(decided_);
    decided_.reset();
    may_be_decided = true;
  };
  for (uint32_t k = 0; k < program_.rules.size() && ok(); ++k) {
    const RuleMode mode = program_.rules[k].mode;
    if (mode == RuleMode::kOff) continue;
    if (mode == RuleMode::kShadow) end_run();
    if (mode == RuleMode::kLive && program_.decide.mode == DecideMode::kFirstMatch && !decided_.isValid()) {
      decided_ = NewLabel();
      if (may_be_decided) {
        out_.test(role::kTally, role::kTally);
        out_.jns(decided_);
      }
    }
    EmitRule(k);
  }
  end_run();
}

void Emitter::EmitRule(uint32_t index) {
  const lang::Rule& rule = program_.rules[index];
  asm_.Note(rule.name);
  asm_.BeginPart(Part::kRule, index);
  SlotScope scope(*this);
  ErrorScope errors(*this, NewLabel());
  const Label fires = NewLabel();
  const Label next = NewLabel();
  if (facts_.may_fail(rule.when)) {
    Later([this, index, errs = error_target_, go_on = rule.fires_on_error ? fires : next] {
      asm_.BeginPart(Part::kRule, index);
      out_.bind(errs);
      out_.mov(x86::ecx, index);
      out_.call(record_error_);
      out_.jmp(go_on);
    });
  }
  Jump(rule.when, false, next);
  out_.bind(fires);
  EmitFire(index);
  out_.bind(next);
}

void Emitter::EmitFire(uint32_t index) {
  const lang::Rule& rule = program_.rules[index];
  if (rule.mode == RuleMode::kShadow) {
    const Mem count = FrameField(offsetof(EvalFrame, shadow_fired_count), 4);
    out_.mov(x86::rcx, FrameField(offsetof(EvalFrame, shadow_fired)));
    out_.mov(x86::eax, count);
    out_.mov(x86::dword_ptr(x86::rcx, x86::rax, 2), index);
    out_.inc(count);
    return;
  }
  out_.mov(x86::dword_ptr(role::kFired), index);
  out_.add(role::kFired, sizeof(uint32_t));
  switch (program_.decide.mode) {
    case DecideMode::kScore:
      if (rule.score != 0) out_.add(role::kTally, rule.score);  // fits: lang::kMaxScore
      return;
    case DecideMode::kFirstMatch:
      if (!rule.has_verdict) return;
      out_.mov(role::kTally.r32(), rule.verdict);
      out_.jmp(decided_);
      return;
    case DecideMode::kSeverest:
    case DecideMode::kForbidOverrides:
      if (!rule.has_verdict) return;
      out_.mov(x86::eax, rule.verdict);
      out_.cmp(role::kTally, x86::rax);
      out_.cmovl(role::kTally, x86::rax);
      return;
  }
}

void Emitter::EmitVerdict() {
  const lang::Decide& decide = program_.decide;
  asm_.BeginPart(Part::kVerdict);
  out_.sub(role::kFired, FrameField(offsetof(EvalFrame, fired)));
  out_.shr(role::kFired, 2);
  out_.mov(FrameField(offsetof(EvalFrame, fired_count), 4), role::kFired.r32());
  out_.mov(x86::eax, decide.default_verdict);
  if (!by_score()) {
    out_.test(role::kTally, role::kTally);
    out_.cmovns(x86::eax, role::kTally.r32());
  } else {
    out_.mov(FrameField(offsetof(EvalFrame, score)), role::kTally);
    for (const lang::Threshold& threshold : decide.thresholds) {
      out_.mov(x86::ecx, threshold.verdict);
      if (FitsInt32(threshold.at_least)) {
        out_.cmp(role::kTally, threshold.at_least);
      } else {
        out_.mov(x86::rdx, threshold.at_least);
        out_.cmp(role::kTally, x86::rdx);
      }
      out_.cmovge(x86::eax, x86::ecx);
    }
  }
  out_.mov(FrameField(offsetof(EvalFrame, verdict), 4), x86::eax);
}

// Appends {ecx: the rule, rax: the packed error} to the frame's errors. Keeps to scratch registers.
void Emitter::EmitRecordError() {
  using lang::EvalError;
  using lang::RuleError;
  static_assert(sizeof(RuleError) == 12 && offsetof(RuleError, rule) == 0 && offsetof(RuleError, error) == 4);
  static_assert(offsetof(EvalError, kind) == 0 && offsetof(EvalError, site) == 4);
  asm_.AlignFunction();
  asm_.Note("record error");
  asm_.BeginPart(Part::kErrors);
  out_.bind(record_error_);
  out_.mov(x86::edx, FrameField(offsetof(EvalFrame, error_count), 4));
  out_.mov(x86::rdi, FrameField(offsetof(EvalFrame, errors)));
  out_.lea(x86::rsi, x86::ptr(x86::rdx, x86::rdx, 1));
  out_.lea(x86::rdi, x86::ptr(x86::rdi, x86::rsi, 2));
  out_.mov(x86::dword_ptr(x86::rdi, 0), x86::ecx);
  out_.mov(x86::dword_ptr(x86::rdi, 8), x86::eax);
  out_.shr(x86::rax, 32);
  out_.mov(x86::dword_ptr(x86::rdi, 4), x86::eax);
  out_.inc(x86::edx);
  out_.mov(FrameField(offsetof(EvalFrame, error_count), 4), x86::edx);
  out_.ret();
  asm_.PadFunction();
}

void Emitter::EmitReason() {
  const Label none = NewLabel();
  const Label end = NewLabel();
  asm_.BeginPart(Part::kReasons);
  BeginFunction(reason_, "reason(frame, rule)", kReasonSaved);
  ErrorScope errors(*this, none);
  out_.mov(role::kFrame, x86::rdi);
  out_.mov(role::kInput, FrameField(offsetof(EvalFrame, input)));
  JumpToEntry(reason_table_);
  for (const lang::Rule& rule : program_.rules) {
    if (!ok()) break;
    reason_entries_.push_back(rule.reason.valid() ? NewLabel() : none);
    if (!rule.reason.valid()) continue;
    asm_.Note("reason of " + rule.name);
    asm_.BeginPart(Part::kReason, static_cast<uint32_t>(&rule - program_.rules.data()));
    out_.bind(reason_entries_.back());
    SlotScope scope(*this);
    Value(rule.reason);
    out_.jmp(end);
  }
  asm_.BeginPart(Part::kReasons);
  out_.bind(none);  // no reason, or no memory for it
  out_.xor_(role::kValue.r32(), role::kValue.r32());
  out_.xor_(role::kSize.r32(), role::kSize.r32());
  out_.bind(end);
  out_.mov(FrameField(offsetof(EvalFrame, reason_data)), role::kValue);
  out_.mov(FrameField(offsetof(EvalFrame, reason_size)), role::kSize);
  EmitReturn(kReasonSaved);
  reason_stack_ = EndFunction();
}

void Emitter::EmitArgument() {
  const Label end = NewLabel();
  BeginFunction(argument_, "argument(frame, number)", kReasonSaved);
  ErrorScope errors(*this, end);  // with the packed error in rax
  out_.mov(role::kFrame, x86::rdi);
  out_.mov(role::kInput, FrameField(offsetof(EvalFrame, input)));
  JumpToEntry(argument_table_);
  for (const NodeId argument : program_.effect_arguments) {
    if (!ok()) break;
    argument_entries_.push_back(NewLabel());
    out_.bind(argument_entries_.back());
    SlotScope scope(*this);
    Value(argument);
    const Slot scalar = slots_.Take(sizeof(lang::Scalar) / 8);
    StoreArgument(scalar, type(argument));
    for (int32_t word = 0; word < static_cast<int32_t>(sizeof(lang::Scalar) / 8); ++word) {
      out_.mov(x86::rax, scalar.word(word));
      out_.mov(FrameField(offsetof(EvalFrame, argument) + 8 * static_cast<size_t>(word)), x86::rax);
    }
    out_.xor_(x86::eax, x86::eax);
    out_.jmp(end);
  }
  out_.bind(end);
  out_.mov(FrameField(offsetof(EvalFrame, argument_error)), x86::rax);
  EmitReturn(kReasonSaved);
  argument_stack_ = EndFunction();
}

void Emitter::JumpToEntry(Label table) {
  out_.mov(x86::esi, x86::esi);
  out_.lea(x86::rcx, x86::ptr(table));
  out_.movsxd(x86::rax, x86::dword_ptr(x86::rcx, x86::rsi, 2));
  out_.add(x86::rax, x86::rcx);
  out_.jmp(x86::rax);
}

void Emitter::EmitTable(Label table, const std::vector<Label>& entries) {
  out_.bind(table);
  for (const Label& entry : entries) out_.embedLabelDelta(entry, table, 4);
}

void Emitter::EmitLet(lang::LetId id) {
  const lang::Let& let = program_.lets[id];
  const auto slot = static_cast<int32_t>(id * sizeof(LetSlot));
  const x86::Gp lets = x86::rsi;
  const Label failed = NewLabel();
  const Label end = NewLabel();
  const auto member = [&](size_t offset) { return x86::qword_ptr(lets, slot + static_cast<int32_t>(offset)); };
  asm_.BeginPart(Part::kLet, id);
  BeginFunction(lets_[id], "let " + let.name, {});
  ErrorScope errors(*this, failed);
  Value(let.value);
  out_.mov(lets, FrameField(offsetof(EvalFrame, lets)));
  if (shape(let.type) == Shape::kDouble) {
    out_.movsd(member(offsetof(LetSlot, a)), role::kReal);
  } else {
    out_.mov(member(offsetof(LetSlot, a)), role::kValue);
  }
  if (shape(let.type) == Shape::kPair) out_.mov(member(offsetof(LetSlot, b)), role::kSize);
  if (program_.types.IsOptional(let.type)) out_.mov(member(offsetof(LetSlot, presence)), role::kPresence);
  MoveImmediate(role::kValue, LetSlot::kComputed);
  out_.bind(end);
  out_.mov(member(offsetof(LetSlot, state)), role::kValue);
  EmitReturn({});
  if (facts_.may_fail(let.value)) {
    out_.bind(failed);
    out_.mov(lets, FrameField(offsetof(EvalFrame, lets)));
    out_.jmp(end);
  }
  let_stacks_[id] = EndFunction();
}

}  // namespace moult::codegen
