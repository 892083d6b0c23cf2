#include "tools/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tools/text.h"
#include "tools/utf8.h"

namespace moult::tools {
namespace {

constexpr size_t kRulesShown = 30;

class Table {
 public:
  // A line under `title`, which is printed once.
  void Line(std::string_view title, std::string_view text) {
    fmt::format_to(std::back_inserter(out_), "  {:<13} {}\n", title == last_ ? "" : title, text);
    last_ = title;
  }
  // Counts, one a line, aligned.
  void Counted(std::string_view title, const std::vector<std::pair<std::string, uint64_t>>& counts, uint64_t whole,
               size_t limit) {
    size_t width = 0;
    for (size_t i = 0; i < std::min(limit, counts.size()); ++i) width = std::max(width, counts[i].first.size());
    for (size_t i = 0; i < std::min(limit, counts.size()); ++i) {
      const auto& [name, n] = counts[i];
      std::string line = fmt::format("{:<{}} {:>13}", Printable(name), width, Grouped(n));
      if (whole > 0) line += fmt::format("  {:>7}", Percent(n, whole));
      Line(title, line);
    }
    if (counts.size() > limit)
      Line(title, fmt::format("... and {} more (--all-rules shows them)", counts.size() - limit));
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_ = "Summary\n";
  std::string last_;
};

std::vector<std::pair<std::string, uint64_t>> InOrder(const Counts& counts, const std::vector<std::string>& order) {
  std::vector<std::pair<std::string, uint64_t>> result;
  for (const std::string& name : order) result.emplace_back(name, counts.Get(name));
  for (auto& entry : counts.Sorted()) {
    if (std::find(order.begin(), order.end(), entry.first) == order.end()) result.push_back(std::move(entry));
  }
  return result;
}

void AddVersions(const SummaryInput& input, Table* table) {
  const HeapCounters& heap = input.heap;
  table->Line("versions",
              fmt::format("{} published, {} superseded, {} reclaimed; {} alive with {} of code", heap.published,
                          heap.superseded, heap.reclaimed, heap.live_versions, Bytes(heap.live_code_bytes)));
  std::vector<std::chrono::nanoseconds> times = input.publishes;
  std::sort(times.begin(), times.end());
  if (!times.empty()) {
    std::string line = fmt::format("{} from text to current", Duration(times[times.size() / 2]));
    if (times.size() > 1)
      line = fmt::format("median {}, at most {} from text to current", Duration(times[times.size() / 2]),
                         Duration(times.back()));
    if (input.refused > 0) line += fmt::format("; {} refused", Plural(input.refused, "change"));
    table->Line("publishing", line);
  }
  if (heap.reclaimed > 0) {
    table->Line("reclaiming", fmt::format("{} after superseded on average, at most {}",
                                          Duration(heap.reclaim_total / heap.reclaimed), Duration(heap.reclaim_max)));
  }
  if (heap.scans > 0) {
    table->Line("collector", fmt::format("{}; {} of a thread's stack, {} each, at most {}",
                                         Plural(heap.cycles, "cycle"), Plural(heap.scans, "scan"),
                                         Duration(heap.scan_total / heap.scans), Duration(heap.scan_max)));
  }
}

}  // namespace

std::string RenderSummary(const SummaryInput& input) {
  const Tally& tally = input.tally;
  const double seconds = std::chrono::duration<double>(input.elapsed).count();
  Table table;
  const uint64_t lines = tally.requests + tally.bad_lines;
  table.Line(
      "requests",
      fmt::format("{} in {}{}: {} requests/s on {}{}", Grouped(tally.requests), Duration(input.elapsed),
                  input.interrupted ? " until interrupted" : "",
                  Grouped(seconds > 0 ? static_cast<uint64_t>(static_cast<double>(tally.requests) / seconds) : 0),
                  Plural(input.threads, "thread"),
                  lines > 0 ? fmt::format(", {} each", Duration(tally.deciding / lines)) : ""));
  table.Counted("verdicts", InOrder(tally.verdicts, input.verdicts), tally.requests, SIZE_MAX);
  const size_t limit = input.all_rules ? SIZE_MAX : kRulesShown;
  table.Counted("rules fired", tally.rules.Sorted(), tally.requests, limit);
  table.Counted("shadow rules", tally.shadow_rules.Sorted(), tally.requests, limit);
  table.Counted("rule errors", tally.rule_errors.Sorted(), tally.requests, limit);
  table.Counted("bad lines", tally.bad_codes.Sorted(), 0, SIZE_MAX);
  AddVersions(input, &table);
  return table.Take();
}

}  // namespace moult::tools
