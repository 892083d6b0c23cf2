// Work whose words must not stay behind on a stack that a conservative scan reads.
#pragma once

#include <functional>
#include <thread>

namespace moult::test {

// Runs `f` on a thread of its own, and joins it: no word of what it did stays on the caller's stack.
inline void Elsewhere(const std::function<void()>& f) { std::thread(f).join(); }

}  // namespace moult::test
