// Answers of sources as the `with` clauses of a test give them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "lang/test_suite.h"
#include "lang/test_values.h"
#include "moult/host_value.h"

namespace moult::tools {

// What an expression of the suite comes to, as a host has it: an enum is the int of its ordinal. Nothing if evaluating it is an error.
// REQUIRES: `values` is of `suite`; the expression is of a scalar type.
std::optional<HostValue> GivenScalar(const lang::TestSuite& suite, lang::TestValues& values, lang::NodeId id);

// The first `with` of the test that answers this call; null if none does.
const lang::GivenAnswer* FindAnswer(const lang::TestSuite& suite, lang::TestValues& values, const lang::TestCase& test,
                                    const std::string& source, std::span<const HostValue> arguments);

}  // namespace moult::tools
