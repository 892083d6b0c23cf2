// Functions that call themselves, by whatever way: there is no recursion in the language.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"
#include "lang/checker_scope.h"
#include "lang/cycles.h"

namespace moult::lang {
namespace {

constexpr size_t kShownNames = 8;

}  // namespace

std::vector<uint32_t> Checker::CalledFunctions(const FunctionDecl& function) {
  InFile file(*this, function.name.span);
  std::vector<uint32_t> called;
  std::vector<ExprId> open = {function.body};
  while (!open.empty()) {
    ExprId id = open.back();
    open.pop_back();
    if (!id.valid()) continue;
    const Expr& e = ast_[id];
    open.insert(open.end(), e.children.begin(), e.children.end());
    const Global* callee = FindCallee(e);
    if (callee != nullptr && callee->kind == GlobalKind::kFunction) called.push_back(callee->index);
  }
  return called;
}

void Checker::FindFunctionCycles() {
  ForEachCycle(
      static_cast<uint32_t>(ast_.functions.size()),
      [this](uint32_t function) { return CalledFunctions(ast_.functions[function]); },
      [this](const std::vector<uint32_t>& cycle) { ReportCycle(cycle); });
}

// ": a -> b -> a" of what `names` ends with and needs `again`, its last mention before; empty where it needs itself at once.
std::string Checker::CycleText(std::span<const std::string_view> names, std::string_view again) {
  const auto last = std::find(names.rbegin(), names.rend(), again);
  const auto cycle = names.last(std::min<size_t>(static_cast<size_t>(last - names.rbegin()) + 1, names.size()));
  if (cycle.size() < 2) return {};
  const auto shown = cycle.first(std::min(cycle.size(), kShownNames));
  return fmt::format(": {} -> {}{}", fmt::join(shown, " -> "), shown.size() < cycle.size() ? "... -> " : "", again);
}

void Checker::ReportCycle(const std::vector<uint32_t>& cycle) {
  std::string names;
  for (size_t k = 0; k < cycle.size() && k < kShownNames; ++k) names += ast_.functions[cycle[k]].name.text + " -> ";
  if (cycle.size() > kShownNames) names += "... -> ";
  const Name& first = ast_.functions[cycle[0]].name;
  // Through several files the modules use each other: that has been reported.
  const auto file_of = [&](uint32_t function) { return files_.text.FileAt(ast_.functions[function].name.span.begin); };
  const bool in_one_file =
      std::all_of(cycle.begin(), cycle.end(), [&](uint32_t function) { return file_of(function) == file_of(cycle[0]); });
  if (!functions_[cycle[0]].bad && in_one_file) {
    Report(Code::kCycle, first.span, fmt::format("`{}` calls itself: {}{}", first.text, names, first.text),
           "there is no recursion: every policy ends");
  }
  for (uint32_t function : cycle) functions_[function].bad = true;
}

}  // namespace moult::lang
