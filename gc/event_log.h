// EventLog: the observers, and the counters that people read.
#pragma once

#include <vector>

#include "gc/events.h"

namespace moult::gc {

// The heap thread's.
class EventLog {
 public:
  void Add(Observer* observer) { observers_.push_back(observer); }
  void Remove(Observer* observer) { std::erase(observers_, observer); }
  // Counts the event and tells it to every observer, in the order in which they were added.
  void Tell(const Event& event);

  // Those fields that are sums of events and cycles; the owners of the other fields fill them in.
  Counters totals;

 private:
  std::vector<Observer*> observers_;
};

}  // namespace moult::gc
