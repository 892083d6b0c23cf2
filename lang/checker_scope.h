// Guards of the checker's state. Internal to lang/check*.cc.
#pragma once

#include <utility>
#include <vector>

#include "lang/checker.h"

namespace moult::lang {

// While it lives: the names that are seen at `place`.
class Checker::InFile {
 public:
  InFile(Checker& checker, TextSpan place)
      : checker_(checker), scope_(std::exchange(checker.scope_, checker.files_.text.FileAt(place.begin))) {}
  ~InFile() { checker_.scope_ = scope_; }
  InFile(const InFile&) = delete;
  InFile& operator=(const InFile&) = delete;

 private:
  Checker& checker_;
  uint32_t scope_;
};

// While it lives: no parameters, no variables, nothing narrowed, and the names of the file that `place` is in. For the body of a
// let, a constant or a function that is declared there.
class Checker::Outside {
 public:
  Outside(Checker& checker, TextSpan place)
      : checker_(checker),
        file_(checker, place),
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
  InFile file_;
  size_t frame_;
  std::vector<uint32_t> present_;
};

}  // namespace moult::lang
