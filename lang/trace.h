// Trace: what every node of a program came to while the interpreter decided one request.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "lang/observer.h"

namespace moult::lang {

// Filled by the interpreter (EvalInput::observer). Views of values live until the arena of the request is reset. Thread-safety: none.
class Trace final : public EvalObserver {
 public:
  // A node may be evaluated many times, in a comprehension; then `last` is of the visit that decided it.
  struct Entry {
    Evaluated last;
    uint64_t evaluations = 0;
    bool seen_true = false;  // of a bool
    bool seen_false = false;
  };

  explicit Trace(const Program& program) : program_(program), index_(program.nodes.size()) {}

  void Saw(NodeId id, const Evaluated& value) override;
  // Null if it was not evaluated.
  const Entry* Find(NodeId id) const { return index_[id.index] == 0 ? nullptr : &entries_[index_[id.index] - 1]; }

 private:
  const Program& program_;
  std::vector<uint32_t> index_;  // by node: into entries_, plus one; 0 where there is none
  std::deque<Entry> entries_;
};

}  // namespace moult::lang
