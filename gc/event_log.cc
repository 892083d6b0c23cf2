#include "gc/event_log.h"

#include <algorithm>

namespace moult::gc {

void EventLog::Tell(const Event& event) {
  switch (event.kind) {
    case Event::Kind::kPublished: ++totals.published; break;
    case Event::Kind::kSuperseded: ++totals.superseded; break;
    case Event::Kind::kReclaimed:
      ++totals.reclaimed;
      totals.reclaim_ns_total += event.nanoseconds;
      totals.reclaim_ns_max = std::max(totals.reclaim_ns_max, event.nanoseconds);
      break;
    case Event::Kind::kSilentThread: break;
  }
  for (Observer* observer : observers_) observer->OnEvent(event);
}

}  // namespace moult::gc
