// Writing JSON by appending to a string.
#pragma once

#include <string>
#include <string_view>

#include "moult/decision.h"
#include "moult/host_value.h"

namespace moult::tools {

// One decision as one line, without its newline:
//   {"verdict":"block","score":120,"rules":[{"rule":"r","reason":"why","tags":["t"]}],"errors":[...],"version":3}
// `score` appears when the policy decides by score, `shadow` when a shadow rule fired. With `brief`, rules are names
// alone. REQUIRES: made with Detail::kFull.
void AppendDecision(std::string& out, const Decision& decision, bool brief);

// A value as input has it. JSON has no infinities and no NaN: null, as elsewhere.
void AppendHostValue(std::string& out, const HostValue& value);

// The line that stands for one that could not be decided: {"error":"...","code":"E-input","line":17}.
void AppendLineError(std::string& out, std::string_view code, std::string_view message, uint64_t line);

}  // namespace moult::tools
