#include "runtime/policy_unit.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

namespace moult::runtime {
namespace {

// The places of all sites in one pass over the text, whatever their number.
std::vector<lang::Position> PlacesOf(std::string_view text, const std::vector<lang::SiteSpan>& sites) {
  std::vector<uint32_t> order(sites.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return sites[a].begin < sites[b].begin; });
  std::vector<lang::Position> places(sites.size());
  lang::Position place{1, 1};
  size_t offset = 0;
  for (const uint32_t site : order) {
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

Result<PolicyUnitRef> CompileUnit(const Bundle::File& file, const lang::CompileLimits& limits) {
  Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, 0, limits);
  if (!compiled) return Failure(std::move(compiled).error());
  auto unit = std::make_shared<PolicyUnit>();
  unit->source = file;
  unit->program = std::move(compiled->program);
  unit->warnings = std::move(compiled->warnings);
  unit->places = PlacesOf(unit->source.text, unit->program.sites);
  return PolicyUnitRef(std::move(unit));
}

std::shared_ptr<const TracedUnit> TraceUnit(const PolicyUnitRef& unit) {
  lang::CompileLimits limits;  // the text has kept the engine's
  limits.source_bytes = std::numeric_limits<size_t>::max();
  limits.nesting = limits.rules = limits.nodes = std::numeric_limits<uint32_t>::max();
  auto traced = std::make_shared<TracedUnit>();
  Result<lang::Compiled> compiled = lang::Compile({unit->source.name, unit->source.text}, 0, limits, &traced->origins);
  if (!compiled) return nullptr;
  traced->unit = unit;
  traced->program = std::move(compiled->program);
  return traced;
}

}  // namespace moult::runtime
