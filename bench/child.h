// Runs one point of a benchmark in a process of its own, so that no scheme's threads, heap or signal handlers disturb
// another's.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace moult::bench {

// Runs this program again with `arguments` and returns what it printed; nullopt if it did not exit with 0.
std::optional<std::string> RunSelf(const std::vector<std::string>& arguments);

}  // namespace moult::bench
