// Conditions: what can be said of a program's conditions without an input: which are equal, and which contradict each other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lang/ir.h"

namespace moult::lang {

// Thread-safety: none. `program` must outlive it.
class Conditions {
 public:
  explicit Conditions(const Program& program);

  // Equal for nodes that have the same value in every request; lets and arguments are looked through. Different numbers say nothing.
  uint32_t number(NodeId id) const { return numbers_[id.index]; }
  // Whether evaluating the node can err, the reading of inputs aside.
  bool may_fail(NodeId id) const { return may_fail_[id.index]; }
  // What a let or an argument stands for; else the node itself.
  NodeId Meaning(NodeId id) const;

  // That a bool node is true, or false.
  struct Claim {
    NodeId node;
    bool truth;
  };
  // Whether the claims cannot all hold, by reasoning about equal values, ranges of one number and sets of one value. Conservative:
  // false says nothing. What may err counts as anything. Cost: bounded for all calls together: who asks too much gets false.
  bool Contradict(std::span<const Claim> claims);
  // Whether the condition is true for every input, and cannot err.
  bool IsAlways(NodeId condition);

 private:
  void Number();

  const Program& program_;
  std::vector<uint32_t> numbers_;
  std::vector<bool> may_fail_;
  std::vector<NodeId> arguments_;  // by local: what a Bind gives it; invalid for a variable
  int64_t budget_ = 500'000;
};

}  // namespace moult::lang
