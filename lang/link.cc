#include "lang/link.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lang/cycles.h"
#include "lang/parse.h"

namespace moult::lang {
namespace {

constexpr size_t kShownNames = 8;

// Shown at the `use` of the module whose name comes first, whatever file was compiled: the same diagnostic for all of them.
void ReportModuleCycle(const Linked& linked, const Ast& ast, std::vector<uint32_t> cycle, Reporter& reporter) {
  const auto by_name = [&](uint32_t a, uint32_t b) { return linked.names[a] < linked.names[b]; };
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end(), by_name), cycle.end());
  const std::string& first = linked.names[cycle[0]];
  const std::string& second = linked.names[cycle[1 % cycle.size()]];
  std::vector<std::string_view> names;
  for (size_t k = 0; k < cycle.size() && k < kShownNames; ++k) names.push_back(linked.names[cycle[k]]);
  if (cycle.size() > kShownNames) names.push_back("...");
  names.push_back(first);
  for (const UseDecl& use : ast.uses) {
    if (linked.text.FileAt(use.module.span.begin) != cycle[0] || use.module.text != second) continue;
    reporter.Report(Code::kCycle, use.module.span,
                    fmt::format("module `{}` uses itself: {}", first, fmt::join(names, " -> ")),
                    "move what both need to a third module");
    return;
  }
}

void ReportCycles(const Linked& linked, const Ast& ast, Reporter& reporter) {
  std::vector<std::vector<uint32_t>> used(linked.text.size());
  for (const UseDecl& use : ast.uses) {
    const int file = linked.FileOf(use.module.text);
    if (file >= 0) used[linked.text.FileAt(use.module.span.begin)].push_back(static_cast<uint32_t>(file));
  }
  ForEachCycle(
      linked.text.size(), [&](uint32_t file) { return used[file]; },
      [&](const std::vector<uint32_t>& cycle) { ReportModuleCycle(linked, ast, cycle, reporter); });
}

}  // namespace

int Linked::FileOf(std::string_view module) const {
  const auto found = std::find(names.begin() + (is_module ? 0 : 1), names.end(), module);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

void Link(const CompileLimits& limits, Linked& linked, Reporter& reporter, Ast& ast) {
  ParseInto(linked.text, 0, limits, reporter, ast);
  linked.names = {ast.policy.text};
  linked.is_module = ast.is_module;
  for (size_t k = 0; k < ast.uses.size(); ++k) {  // which grows
    const std::string name = ast.uses[k].module.text;
    const Modules::File* file = linked.modules->Find(name);
    if (file == nullptr || linked.FileOf(name) >= 0) continue;
    if (!linked.text.CanAdd(file->text)) {
      reporter.Report(Code::kSourceTooLarge, ast.uses[k].module.span, "the modules that are used have over 4 GiB");
      continue;
    }
    linked.names.push_back(name);
    ParseInto(linked.text, linked.text.Add(file->name, file->text), limits, reporter, ast);
  }
  ReportCycles(linked, ast, reporter);
}

}  // namespace moult::lang
