// The static cost of a policy: the most steps of work that its rules can take, in terms of the maxima that its input declares.
//
// A step is what lang/fuel.h charges for; beside that each operation counts one, and text and searches count outside comprehensions
// too. So a decision never takes more fuel than its policy's cost. Sizes that nothing bounds (a string without `max`, the texts in a
// list, what a source answers) make a cost unbounded as soon as work depends on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/ir.h"

namespace moult::lang {

// Saturates: a cost of UINT64_MAX is that or more.
struct Cost {
  uint64_t steps = 0;        // of no meaning if there is a culprit
  std::string unbounded_by;  // what lacks a maximum, in words: "`text` has no `max`"; empty when there is a bound
  bool bounded() const { return unbounded_by.empty(); }
};

struct PolicyCost {
  Cost total;               // every live and shadow rule, and every let that they use, once
  std::vector<Cost> rules;  // by rule: condition, reason and effects; a let that it uses counts where it is declared. Off: zero
  std::vector<Cost> lets;   // by LetId; zero for one that no such rule uses
};

// REQUIRES: Verify(program) has nothing to say. Cost: linear in the program.
PolicyCost CostOf(const Program& program);

// The rules from the dearest on, at most `most` of them; unbounded ones first, then in the order of the text. Without free ones.
std::vector<uint32_t> DearestRules(const PolicyCost& cost, size_t most);

}  // namespace moult::lang
