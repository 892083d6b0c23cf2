#include "tests/fuzz/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace moult::fuzz {
namespace {

constexpr Target kTargets[] = {
#define MOULT_FUZZ_TARGET(Name, name, seeds, longest) {name, Fuzz##Name, Seeds::seeds, longest},
#include "tests/fuzz/targets.def"
#undef MOULT_FUZZ_TARGET
};

}  // namespace

std::span<const Target> Targets() { return kTargets; }

const Target* FindTarget(std::string_view name) {
  const auto* found = std::ranges::find(kTargets, name, &Target::name);
  return found == std::end(kTargets) ? nullptr : found;
}

void Require(bool holds, std::string_view broken, std::string_view about) {
  if (holds) return;
  std::fprintf(stderr, "%.*s\n", static_cast<int>(broken.size()), broken.data());
  if (!about.empty()) std::fprintf(stderr, "--- of\n%.*s\n---\n", static_cast<int>(about.size()), about.data());
  std::abort();
}

}  // namespace moult::fuzz
