// Guards of the checker's state. Internal to lang/check*.cc.
#pragma once

#include <utility>
#include <vector>

#include "lang/checker.h"

namespace moult::lang {

// While it lives: no parameters, no variables, nothing narrowed. For the body of a let, a constant or a function.
class Checker::Outside {
 public:
  explicit Outside(Checker& checker)
      : checker_(checker),
        frame_(std::exchange(checker.frame_, checker.bindings_.size())),
        present_(checker.narrowing_.Exchange({})) {}
  ~Outside() {
    checker_.bindings_.resize(checker_.frame_);
    checker_.frame_ = frame_;
    checker_.narrowing_.Exchange(std::move(present_));
  }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

 private:
  Checker& checker_;
  size_t frame_;
  std::vector<uint32_t> present_;
};

}  // namespace moult::lang
