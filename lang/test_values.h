// TestValues: what the expressions of a test come to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/arena.h"
#include "lang/observer.h"
#include "lang/regex.h"
#include "lang/test_suite.h"
#include "moult/result.h"

namespace moult::lang {

// Computes the closed expressions of one suite. Thread-safety: none.
class TestValues {
 public:
  // Where, and why there is no value.
  struct Problem {
    TextSpan span;
    std::string message;
  };

  // `suite` must outlive this.
  explicit TestValues(const TestSuite& suite);

  // What `id` comes to; what it points to lives as long as this.
  Evaluated Of(NodeId id);
  // The input that the test gives, as JSON.
  Result<std::string, Problem> InputJson(const TestCase& test);

 private:
  bool Put(const GivenValue& given, std::string& out);

  const Program& program_;
  std::vector<std::unique_ptr<Regex>> regexes_;
  std::vector<const void*> resources_;
  Arena arena_;
  Problem problem_;
};

}  // namespace moult::lang
