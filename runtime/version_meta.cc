#include "runtime/version_meta.h"

#include <algorithm>

namespace moult::runtime {

const PolicyMeta* VersionMeta::Find(std::string_view policy) const {
  const auto found =
      std::lower_bound(policies.begin(), policies.end(), policy,
                       [](const PolicyMeta& p, std::string_view name) { return p.unit->program.name < name; });
  return found != policies.end() && found->unit->program.name == policy ? &*found : nullptr;
}

}  // namespace moult::runtime
