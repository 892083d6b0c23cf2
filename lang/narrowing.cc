#include "lang/narrowing.h"

#include <algorithm>
#include <iterator>

namespace moult::lang {

Facts Facts::And(const Facts& a, const Facts& b) {
  Facts both;
  std::set_union(a.when_true.begin(), a.when_true.end(), b.when_true.begin(), b.when_true.end(),
                 std::back_inserter(both.when_true));
  std::set_intersection(a.when_false.begin(), a.when_false.end(), b.when_false.begin(), b.when_false.end(),
                        std::back_inserter(both.when_false));
  return both;
}

PathId Narrowing::Select(PathId base, std::string_view name) {
  if (base == kNoPath) return kNoPath;
  auto [entry, is_new] = selects_.try_emplace({base, std::string(name)}, last_ + 1);
  if (is_new) ++last_;
  return entry->second;
}

void Narrowing::Assume(const std::vector<PathId>& paths) {
  for (PathId path : paths) {
    if (present_.size() <= path) present_.resize(path + 1);
    ++present_[path];
  }
}

void Narrowing::Forget(const std::vector<PathId>& paths) {
  for (PathId path : paths) --present_[path];
}

}  // namespace moult::lang
