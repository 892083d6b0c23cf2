// Functions that call themselves, by whatever way: there is no recursion in the language.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"

namespace moult::lang {
namespace {

constexpr size_t kShownNames = 8;

struct Visit {
  uint32_t function;
  std::vector<uint32_t> callees;
  size_t next = 0;
};

}  // namespace

std::vector<uint32_t> Checker::CalledFunctions(const FunctionDecl& function) const {
  std::vector<uint32_t> called;
  std::vector<ExprId> open = {function.body};
  while (!open.empty()) {
    ExprId id = open.back();
    open.pop_back();
    if (!id.valid()) continue;
    const Expr& e = ast_[id];
    open.insert(open.end(), e.children.begin(), e.children.end());
    if (e.kind != ExprKind::kCall) continue;
    auto global = globals_.find(e.text);
    if (global != globals_.end() && global->second.kind == GlobalKind::kFunction)
      called.push_back(global->second.index);
  }
  return called;
}

// Depth first, without recursion: a chain of calls may be as long as the file.
void Checker::FindFunctionCycles() {
  std::vector<State> states(ast_.functions.size(), State::kNew);
  for (uint32_t root = 0; root < states.size(); ++root) {
    if (states[root] != State::kNew) continue;
    std::vector<Visit> path;
    auto enter = [&](uint32_t function) {
      states[function] = State::kActive;
      path.push_back({function, CalledFunctions(ast_.functions[function])});
    };
    enter(root);
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.next == visit.callees.size()) {
        states[visit.function] = State::kDone;
        path.pop_back();
        continue;
      }
      uint32_t callee = visit.callees[visit.next++];
      if (states[callee] == State::kNew) {
        enter(callee);
      } else if (states[callee] == State::kActive) {
        auto first = std::find_if(path.begin(), path.end(), [&](const Visit& v) { return v.function == callee; });
        std::vector<uint32_t> cycle;
        for (auto v = first; v != path.end(); ++v) cycle.push_back(v->function);
        ReportCycle(cycle);
      }
    }
  }
}

void Checker::ReportCycle(const std::vector<uint32_t>& cycle) {
  std::string names;
  for (size_t k = 0; k < cycle.size() && k < kShownNames; ++k) names += ast_.functions[cycle[k]].name.text + " -> ";
  if (cycle.size() > kShownNames) names += "... -> ";
  const Name& first = ast_.functions[cycle[0]].name;
  if (!functions_[cycle[0]].bad) {
    Report(Code::kCycle, first.span, fmt::format("`{}` calls itself: {}{}", first.text, names, first.text),
           "there is no recursion: every policy ends");
  }
  for (uint32_t function : cycle) functions_[function].bad = true;
}

}  // namespace moult::lang
