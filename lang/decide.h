// What the modes of `decide` mean: what firing rules come to, and what an erring rule does. Both engines follow this file; the
// interpreter by calling it, generated code by what codegen/emit_rules.cc makes of it.
#pragma once

#include <optional>
#include <string_view>

#include "lang/ir.h"

namespace moult::lang {

const char* DecideModeText(DecideMode mode);  // "first_match"
std::optional<DecideMode> FindDecideMode(std::string_view text);

// The verdicts of `forbid_overrides`, from least to most severe.
inline constexpr std::string_view kForbidVerdicts[] = {"permit", "forbid"};
inline constexpr uint32_t kForbid = 1;

// Whether the rule fires when its condition errs and it does not say `on_error`: the safe direction. Under
//   severest          a verdict that is the default or above fires, the least of all apart. One that is the default fires too: it may
//                     be what holds another rule's lesser verdict off
//   score             a positive score counts
//   forbid_overrides  forbid fires
//   first_match       no direction is safe: it does not fire, and the checker warns
bool FiresOnError(const Decide& decide, const Rule& rule);

// What the live rules that fired so far come to. Rules are told in their order.
class Tally {
 public:
  // `decide` must outlive the tally.
  explicit Tally(const Decide& decide) : decide_(decide) {}

  // REQUIRES: not closed().
  void Fire(uint32_t index, const Rule& rule);
  // Whether no live rule after these can change the decision, so that none is evaluated.
  bool closed() const { return decide_.mode == DecideMode::kFirstMatch && verdict_.has_value(); }
  int64_t score() const { return score_; }
  uint32_t Verdict() const { return VerdictAt(verdict_, score_); }
  // What the verdict would be if this rule had been live and fired as well.
  uint32_t VerdictWith(uint32_t index, const Rule& rule) const;

 private:
  std::optional<uint32_t> Combine(uint32_t index, const Rule& rule) const;
  uint32_t VerdictAt(std::optional<uint32_t> verdict, int64_t score) const;

  const Decide& decide_;
  std::optional<uint32_t> verdict_;  // of the rules that have one; never under score
  uint32_t decider_ = 0;             // first_match: the rule that gave it
  int64_t score_ = 0;
};

}  // namespace moult::lang
