#include "runtime/policy_unit.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

namespace moult::runtime {
namespace {

// The places of all sites in one pass over each text, whatever their number.
std::vector<lang::Position> PlacesOf(const std::vector<FileRef>& files, const std::vector<lang::SiteSpan>& sites) {
  std::vector<uint32_t> order(sites.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(sites[a].file, sites[a].begin) < std::pair(sites[b].file, sites[b].begin);
  });
  std::vector<lang::Position> places(sites.size());
  lang::Position place{1, 1};
  size_t offset = 0;
  uint32_t file = 0;
  for (const uint32_t site : order) {
    if (std::exchange(file, sites[site].file) != sites[site].file) {
      place = {1, 1};
      offset = 0;
    }
    const std::string_view text = files[file]->text;
    const size_t begin = std::clamp<size_t>(sites[site].begin, offset, text.size());
    const std::string_view between = text.substr(offset, begin - offset);
    const lang::Position step = lang::PositionOf(between, static_cast<uint32_t>(between.size()));
    place = step.line == 1 ? lang::Position{place.line, place.column + step.column - 1}
                           : lang::Position{place.line + step.line - 1, step.column};
    offset = begin;
    places[site] = place;
  }
  return places;
}

}  // namespace

PolicyUnitRef MakeUnit(lang::Compiled compiled, std::vector<FileRef> files) {
  auto unit = std::make_shared<PolicyUnit>();
  unit->files = std::move(files);
  unit->module_names = std::move(compiled.modules);
  unit->program = std::move(compiled.program);
  unit->is_module = compiled.is_module;
  unit->warnings = std::move(compiled.warnings);
  unit->places = PlacesOf(unit->files, unit->program.sites);
  unit->errors = std::make_unique<std::atomic<uint64_t>[]>(unit->program.rules.size());
  return unit;
}

std::shared_ptr<const TracedUnit> TraceUnit(const PolicyUnitRef& unit) {
  lang::CompileLimits limits;  // the text has kept the engine's
  limits.source_bytes = std::numeric_limits<size_t>::max();
  limits.nesting = limits.rules = limits.nodes = std::numeric_limits<uint32_t>::max();
  auto traced = std::make_shared<TracedUnit>();
  lang::Modules modules;
  for (size_t k = 0; k < unit->module_names.size(); ++k) {
    const Bundle::File& file = *unit->files[k + 1];
    modules.Add(unit->module_names[k], {file.name, file.text});
  }
  const Bundle::File& source = unit->source();
  Result<lang::Compiled> compiled = lang::Compile({source.name, source.text}, modules, limits, &traced->origins);
  if (!compiled) return nullptr;
  traced->unit = unit;
  traced->program = std::move(compiled->program);
  return traced;
}

}  // namespace moult::runtime
