// What a test expects, held against a decision.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/test_suite.h"
#include "moult/decision.h"
#include "moult/host_value.h"

namespace moult::tools {

struct Mismatch {
  std::vector<std::string> problems;  // one line each
  std::set<uint32_t> rules;           // those that the problems are about
};

// What an expression of the test comes to as an argument of an effect; nothing when it errs.
using ArgumentOf = std::function<std::optional<HostValue>(lang::NodeId)>;

// REQUIRES: `decision` was made with Detail::kFull.
Mismatch CheckExpectations(const lang::Program& program, const lang::TestCase& test, const Decision& decision, const ArgumentOf& argument_of);

}  // namespace moult::tools
