// Coverage: which rules of a policy its tests have seen fire, and which conditions they have seen true and false.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "moult/explanation.h"

namespace moult::tools {

// Of one policy. An off rule does not count. A condition is what ExplainedExpression::condition says; one in a function's body is
// covered by any of its calls.
class Coverage {
 public:
  void Add(const Explanation& explanation);

  struct Totals {
    uint64_t rules = 0, rules_fired = 0;
    uint64_t outcomes = 0, outcomes_seen = 0;  // two for each condition: true and false
  };
  Totals totals() const;
  // A summary line, then a line for each rule that never fired and each condition that was never true or never false.
  std::string Render() const;
  void AppendJson(std::string& out) const;

 private:
  static void Spread(const Explanation& explanation, uint32_t id, std::vector<bool>& marked);

  struct RuleSeen {
    std::string name;
    uint32_t begin = 0;
    bool fired = false;
  };
  struct ConditionSeen {
    bool was_true = false;
    bool was_false = false;
  };
  std::vector<RuleSeen> rules_;
  struct Place {
    uint32_t file, begin, end;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  std::string_view TextAt(const Place& place) const;

  std::vector<ExplainedFile> files_;
  std::map<Place, ConditionSeen> conditions_;
};

}  // namespace moult::tools
