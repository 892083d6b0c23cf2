// What a test expects, held against a decision.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lang/test_suite.h"
#include "moult/decision.h"

namespace moult::tools {

struct Mismatch {
  std::vector<std::string> problems;  // one line each
  std::set<uint32_t> rules;           // those that the problems are about
};

// REQUIRES: `decision` was made with Detail::kFull.
Mismatch CheckExpectations(const lang::Program& program, const lang::TestCase& test, const Decision& decision);

}  // namespace moult::tools
