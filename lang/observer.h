// EvalObserver: sees what every expression comes to while the interpreter works.
#pragma once

#include "lang/eval.h"
#include "lang/ir.h"
#include "lang/value.h"
#include "moult/result.h"

namespace moult::lang {

using Evaluated = Result<Value, EvalError>;

// Told by the interpreter alone, once for each evaluation of a node, after those of its operands; not told of what short-circuiting
// skips. A let's nodes are told of on its first use. What a Value points to lives until the arena of the request is reset.
class EvalObserver {
 public:
  virtual void Saw(NodeId id, const Evaluated& value) = 0;

 protected:
  ~EvalObserver() = default;
};

}  // namespace moult::lang
