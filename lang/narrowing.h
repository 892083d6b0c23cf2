// Narrowing: which optional values are known to be present at a place in an expression.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moult::lang {

// A path that names a value: a root (an input field, a let, a parameter, a variable) and the fields selected from it.
using PathId = uint32_t;
inline constexpr PathId kNoPath = 0;

// What is present when a condition is true, and when it is false. Sorted, each once.
struct Facts {
  std::vector<PathId> when_true;
  std::vector<PathId> when_false;

  Facts Negated() const { return {when_false, when_true}; }
  static Facts And(const Facts& a, const Facts& b);
  static Facts Or(const Facts& a, const Facts& b) { return And(a.Negated(), b.Negated()).Negated(); }
};

// Thread-safety: none; one check has one.
class Narrowing {
 public:
  PathId NewRoot() { return ++last_; }
  // The path of field `name` of what `base` names; the same at each call. kNoPath of kNoPath.
  PathId Select(PathId base, std::string_view name);

  bool IsPresent(PathId path) const { return path < present_.size() && present_[path] > 0; }
  // Assume and Forget pair up.
  void Assume(const std::vector<PathId>& paths);
  void Forget(const std::vector<PathId>& paths);

  // Sets aside all that is assumed, and gives it back.
  std::vector<uint32_t> Exchange(std::vector<uint32_t> present) { return std::exchange(present_, std::move(present)); }

 private:
  PathId last_ = kNoPath;
  std::map<std::pair<PathId, std::string>, PathId> selects_;
  std::vector<uint32_t> present_;  // by path: how many times it is assumed
};

// Assumes while it lives.
class Assumption {
 public:
  Assumption(Narrowing& narrowing, const std::vector<PathId>& paths) : narrowing_(narrowing), paths_(paths) {
    narrowing_.Assume(paths_);
  }
  ~Assumption() { narrowing_.Forget(paths_); }
  Assumption(const Assumption&) = delete;
  Assumption& operator=(const Assumption&) = delete;

 private:
  Narrowing& narrowing_;
  std::vector<PathId> paths_;
};

}  // namespace moult::lang
