#include "lang/decide.h"

#include <algorithm>
#include <iterator>

namespace moult::lang {
namespace {

constexpr const char* kModes[] = {
#define MOULT_DECIDE_MODE(name, text) text,
#include "lang/decide_modes.def"
#undef MOULT_DECIDE_MODE
};

}  // namespace

const char* DecideModeText(DecideMode mode) { return kModes[static_cast<size_t>(mode)]; }

std::optional<DecideMode> FindDecideMode(std::string_view text) {
  const auto found = std::find(std::begin(kModes), std::end(kModes), text);
  if (found == std::end(kModes)) return std::nullopt;
  return static_cast<DecideMode>(found - std::begin(kModes));
}

bool FiresOnError(const Decide& decide, const Rule& rule) {
  switch (decide.mode) {
    case DecideMode::kSeverest:
      return rule.has_verdict && rule.verdict > 0 && rule.verdict >= decide.default_verdict;
    case DecideMode::kScore:
      return rule.score > 0;
    case DecideMode::kForbidOverrides:
      return rule.has_verdict && rule.verdict == kForbid;
    case DecideMode::kFirstMatch:
      return false;
  }
  return false;
}

void Tally::Fire(uint32_t index, const Rule& rule) {
  const bool decides = rule.has_verdict && !verdict_;
  verdict_ = Combine(index, rule);
  if (decides) decider_ = index;
  score_ += rule.score;  // cannot overflow: kMaxScore
}

uint32_t Tally::VerdictWith(uint32_t index, const Rule& rule) const {
  return VerdictAt(Combine(index, rule), score_ + rule.score);
}

std::optional<uint32_t> Tally::Combine(uint32_t index, const Rule& rule) const {
  if (!rule.has_verdict) return verdict_;
  if (!verdict_) return rule.verdict;
  if (decide_.mode == DecideMode::kFirstMatch) return index < decider_ ? rule.verdict : *verdict_;
  return std::max(*verdict_, rule.verdict);
}

uint32_t Tally::VerdictAt(std::optional<uint32_t> verdict, int64_t score) const {
  if (verdict) return *verdict;
  uint32_t reached = decide_.default_verdict;
  for (const Threshold& threshold : decide_.thresholds) {
    if (score >= threshold.at_least) reached = threshold.verdict;
  }
  return reached;
}

}  // namespace moult::lang
