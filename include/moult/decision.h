// Decision: what a policy said about one request.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "moult/host_value.h"

namespace moult {

// A rule that could not be evaluated; see docs/language.md, "A rule that errs".
struct DecisionError {
  uint32_t rule = 0;
  uint32_t kind = 0;           // stable; Detail::kFull gives the words
  uint32_t site = 0;           // resolved to a place by Detail::kFull
};

// One fired rule in words. Views live in the Context's arena until its next Decide; Decision::Own copies them.
struct FiredRule {
  uint32_t rule = 0;
  std::string_view name;
  std::string_view reason;     // empty when the rule has none
  std::span<const std::string_view> tags;
  std::string_view would_decide;  // of a shadow rule: the policy's verdict had this one rule been live; empty for a live rule
};

// One error in words, for "link_spam: integer overflow (abuse.moult:12:8)".
struct ErrorText {
  std::string_view rule;
  std::string_view text;       // "integer overflow"
  std::string_view file;
  uint32_t line = 0;
  uint32_t column = 0;
};

// What a live rule that fired asks of the host: `emit watch(ip, 60)`. Filled at every Detail. Its arguments are evaluated once, when the
// decision is made; if one errs, the effect carries the error of the leftmost that did, and no arguments. Views live as those of
// FiredRule do.
struct Effect {
  std::string_view name;
  std::span<const HostValue> arguments;
  DecisionError error;         // of kind 0 when there is none; `rule` is always the rule that emits
  ErrorText error_text;        // Detail::kFull: `rule` always, the rest when there is an error
  bool ok() const { return error.kind == 0; }
};

// Filled by Decide, reused by its caller so that a warm one allocates nothing. Holds no pointer into the collected heap: it may
// live anywhere and outlast the version that made it. Rule ids are indices into that version's policy and mean nothing to
// another version. Thread-safety: as any value.
class Decision {
 public:
  uint32_t verdict() const { return verdict_; }            // ordinal in the policy's `decide`
  int64_t score() const { return score_; }                 // 0 unless the policy decides by score
  bool scored() const { return scored_; }                  // whether it does
  uint64_t version() const { return version_; }
  std::span<const uint32_t> fired() const { return {fired_.data(), fired_count_}; }
  std::span<const uint32_t> shadow_fired() const { return {shadow_fired_.data(), shadow_fired_count_}; }
  std::span<const DecisionError> errors() const { return {errors_.data(), error_count_}; }

  // In the order of the rules and of their text.
  std::span<const Effect> effects() const { return effects_; }

  // The words, filled only when Decide was asked for Detail::kFull; else empty.
  std::string_view verdict_name() const { return verdict_name_; }
  std::span<const FiredRule> rules() const { return rules_; }
  std::span<const FiredRule> shadow_rules() const { return shadow_rules_; }
  std::span<const ErrorText> error_texts() const { return error_texts_; }

  // Copies the words and the effects out of the Context, so that they outlive its next Decide; copies of this Decision share them.
  void Own();

 private:
  friend class DecisionWriter;  // runtime/decision_writer.h
  struct Words;
  uint32_t verdict_ = 0;
  int64_t score_ = 0;
  bool scored_ = false;
  uint64_t version_ = 0;
  // Room for every rule of the policy; the counts say how much is used.
  std::vector<uint32_t> fired_, shadow_fired_;
  std::vector<DecisionError> errors_;
  uint32_t fired_count_ = 0, shadow_fired_count_ = 0, error_count_ = 0;
  std::string_view verdict_name_;
  std::vector<FiredRule> rules_, shadow_rules_;
  std::vector<ErrorText> error_texts_;
  std::vector<Effect> effects_;
  std::shared_ptr<const Words> owned_;  // what the views point into after Own()
};

}  // namespace moult
