// DecisionWriter: the runtime's way into a Decision.
#pragma once

#include "lang/eval.h"
#include "moult/decision.h"

namespace moult {

// A reference for the length of one Decide. Everything here is inline and without allocation once the Decision is warm.
class DecisionWriter {
 public:
  explicit DecisionWriter(Decision& decision) : d_(decision) {}

  // Empties the Decision and makes room for `rules` of each kind.
  void Reset(uint64_t version, size_t rules) {
    d_.version_ = version;
    d_.verdict_ = 0;
    d_.score_ = 0;
    d_.fired_count_ = d_.shadow_fired_count_ = d_.error_count_ = 0;
    d_.verdict_name_ = {};
    d_.rules_.clear();
    d_.shadow_rules_.clear();
    d_.error_texts_.clear();
    d_.effects_.clear();
    d_.owned_.reset();
    if (d_.fired_.size() < rules) {
      d_.fired_.resize(rules);
      d_.shadow_fired_.resize(rules);
      d_.errors_.resize(rules);
    }
  }

  const Decision& decision() const { return d_; }
  uint32_t* fired() { return d_.fired_.data(); }
  uint32_t* shadow_fired() { return d_.shadow_fired_.data(); }
  DecisionError* errors() { return d_.errors_.data(); }
  void SetCounts(uint32_t fired, uint32_t shadow_fired, uint32_t errors) {
    d_.fired_count_ = fired;
    d_.shadow_fired_count_ = shadow_fired;
    d_.error_count_ = errors;
  }
  void SetVerdict(uint32_t verdict, int64_t score) {
    d_.verdict_ = verdict;
    d_.score_ = score;
  }
  void SetScored(bool scored) { d_.scored_ = scored; }

  void SetVerdictName(std::string_view name) { d_.verdict_name_ = name; }
  std::vector<FiredRule>& rules() { return d_.rules_; }
  std::vector<FiredRule>& shadow_rules() { return d_.shadow_rules_; }
  std::vector<ErrorText>& error_texts() { return d_.error_texts_; }
  std::vector<Effect>& effects() { return d_.effects_; }

 private:
  Decision& d_;
};

}  // namespace moult
