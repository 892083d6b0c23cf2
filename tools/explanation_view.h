// Explanations for people and for programs.
#pragma once

#include <string>

#include "moult/explanation.h"

namespace moult::tools {

// The clauses of a rule, each line of the text with the values of its sub-expressions under it:
//
//    3 |   when age < LIMIT && offsite
//      |        |   | |     |  |
//      |        |   | 7     |  not evaluated
//      |        9   false   false
//
// then likewise the functions and lets that they use, each once. Ends in a newline.
std::string RenderRule(const Explanation& explanation, const ExplainedRule& rule);

// "fired", "did not fire", "fired, shadow", "fired on error: division by zero".
std::string OutcomeText(const ExplainedRule& rule);

// One rule as a JSON object whose `when` and `unless` are trees of {"file" if it is a module's, "text", "line", "column", "type",
// "value" | "error" | "evaluated": false, "parts"}.
void AppendRuleJson(std::string& out, const Explanation& explanation, const ExplainedRule& rule);

}  // namespace moult::tools
