#include "tools/tally.h"

#include <fmt/format.h>

#include <algorithm>

namespace moult::tools {

void Counts::Add(std::string_view name, uint64_t n) {
  const auto found = counts_.find(name);
  if (found != counts_.end()) {
    found->second += n;
  } else {
    counts_.emplace(std::string(name), n);
  }
}

void Counts::Add(const Counts& other) {
  for (const auto& [name, n] : other.counts_) Add(name, n);
}

uint64_t Counts::Get(std::string_view name) const {
  const auto found = counts_.find(name);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::pair<std::string, uint64_t>> Counts::Sorted() const {
  std::vector<std::pair<std::string, uint64_t>> sorted(counts_.begin(), counts_.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

void Tally::Count(const Decision& decision) {
  ++requests;
  verdicts.Add(decision.verdict_name());
  for (const FiredRule& rule : decision.rules()) rules.Add(rule.name);
  for (const FiredRule& rule : decision.shadow_rules()) shadow_rules.Add(rule.name);
  for (const ErrorText& error : decision.error_texts()) rule_errors.Add(fmt::format("{}: {}", error.rule, error.text));
}

void Tally::Add(const Tally& other) {
  requests += other.requests;
  bad_lines += other.bad_lines;
  verdicts.Add(other.verdicts);
  rules.Add(other.rules);
  shadow_rules.Add(other.shadow_rules);
  rule_errors.Add(other.rule_errors);
  bad_codes.Add(other.bad_codes);
  deciding += other.deciding;
}

}  // namespace moult::tools
