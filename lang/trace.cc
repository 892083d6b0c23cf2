#include "lang/trace.h"

namespace moult::lang {

void Trace::Saw(NodeId id, const Evaluated& value) {
  uint32_t& index = index_[id.index];
  if (index == 0) {
    entries_.push_back({value});
    index = static_cast<uint32_t>(entries_.size());
  }
  Entry& entry = entries_[index - 1];
  entry.last = value;
  ++entry.evaluations;
  if (program_[id].type != kBoolType || !value) return;
  (value->integer != 0 ? entry.seen_true : entry.seen_false) = true;
}

}  // namespace moult::lang
