#include "tools/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/text.h"

namespace moult::tools {
namespace {

constexpr size_t kWidth = 12;
constexpr double kSmoothing = 0.3;  // weight of the newest rate

std::string Gauge(double part) {
  const auto full = static_cast<size_t>(part * kWidth);
  return fmt::format("[{}{}] {:5.1f} %", std::string(full, '#'), std::string(kWidth - full, '.'), 100 * part);
}

}  // namespace

std::string Progress::Bar(const ProgressState& state, const HeapCounters& heap) {
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - last_).count();
  if (seconds > 0) {
    const double rate = static_cast<double>(state.lines - last_lines_) / seconds;
    rate_ = rate_ == 0 ? rate : rate_ + kSmoothing * (rate - rate_);
    last_ = now;
    last_lines_ = state.lines;
  }
  std::string bar;
  std::string left;
  if (state.total_bytes > 0) {
    const double part = std::min(1.0, static_cast<double>(state.bytes) / static_cast<double>(state.total_bytes));
    bar = Gauge(part);
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    if (part > 0 && part < 1) left = fmt::format("  {:.0f} s left", elapsed / part * (1 - part));
  } else {
    bar = fmt::format("{} decided", Grouped(state.lines));
  }
  return fmt::format("{}  {} requests/s  {} alive  {} of code{}", bar, Grouped(static_cast<uint64_t>(rate_)),
                     Plural(heap.live_versions, "version"), Bytes(heap.live_code_bytes), left);
}

}  // namespace moult::tools
