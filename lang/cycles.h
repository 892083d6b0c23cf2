// Cycles in a graph of declarations that need each other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace moult::lang {

// Calls report(cycle) for the cycles that a walk from node 0, 1 ... count-1 along next(node), a vector of nodes, closes: `cycle` is the
// nodes in order, the last of which leads back to the first. Every cycle has at least one node in one that is reported. Depth
// first, without recursion: a chain may be as long as the file. Cost: linear, but for the lengths of the cycles.
template <class Next, class Report>
void ForEachCycle(uint32_t count, Next&& next, Report&& report) {
  enum class State : uint8_t { kNew, kActive, kDone };
  struct Visit {
    uint32_t node;
    std::vector<uint32_t> targets;
    size_t at = 0;
  };
  std::vector<State> states(count, State::kNew);
  for (uint32_t root = 0; root < count; ++root) {
    if (states[root] != State::kNew) continue;
    std::vector<Visit> path;
    const auto enter = [&](uint32_t node) {
      states[node] = State::kActive;
      path.push_back({node, next(node)});
    };
    enter(root);
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.at == visit.targets.size()) {
        states[visit.node] = State::kDone;
        path.pop_back();
        continue;
      }
      const uint32_t target = visit.targets[visit.at++];
      if (states[target] == State::kNew) {
        enter(target);
      } else if (states[target] == State::kActive) {
        std::vector<uint32_t> cycle;
        const auto first = std::find_if(path.begin(), path.end(), [&](const Visit& v) { return v.node == target; });
        for (auto v = first; v != path.end(); ++v) cycle.push_back(v->node);
        report(cycle);
      }
    }
  }
}

}  // namespace moult::lang
