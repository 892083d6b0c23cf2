// Tally: what a run decided, counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "moult/decision.h"

namespace moult::tools {

// Counts by name; looking up a name that is there allocates nothing.
class Counts {
 public:
  void Add(std::string_view name, uint64_t n = 1);
  void Add(const Counts& other);
  uint64_t Get(std::string_view name) const;
  bool empty() const { return counts_.empty(); }
  // Most frequent first, then by name.
  std::vector<std::pair<std::string, uint64_t>> Sorted() const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, uint64_t, Hash, std::equal_to<>> counts_;
};

// One worker's, then all of them added.
struct Tally {
  uint64_t requests = 0;   // decided
  uint64_t bad_lines = 0;  // not decided
  Counts verdicts;
  Counts rules;
  Counts shadow_rules;
  Counts rule_errors;  // "rule: error"
  Counts bad_codes;    // of lines that were not decided, by code
  std::chrono::nanoseconds deciding{0};

  // REQUIRES: made with Detail::kFull.
  void Count(const Decision& decision);
  void Add(const Tally& other);
};

}  // namespace moult::tools
