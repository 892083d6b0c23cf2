// Explain: a trace and the origins of its program as an Explanation.
#pragma once

#include "lang/origin.h"
#include "lang/trace.h"
#include "moult/explanation.h"

namespace moult::lang {

// `input` and `outcome` are those of the evaluation that `trace` saw; its arena has not been reset since. Constants that nothing
// evaluated have their value all the same. Cost: linear in the text of the policy, with functions put in place.
Explanation Explain(const Program& program, const Origins& origins, const Trace& trace, const EvalInput& input,
                    const Outcome& outcome);

}  // namespace moult::lang
