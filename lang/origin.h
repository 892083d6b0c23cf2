// Origins: which expression of the text each value of a program came from, as trees that mirror the text. What explanations and
// coverage are made of; a compile keeps them only when asked.
#pragma once

#include <cstdint>
#include <vector>

#include "lang/ir.h"

namespace moult::lang {

using OriginId = uint32_t;
inline constexpr OriginId kNoOrigin = UINT32_MAX;

// One expression. A function's body is a part of each of its calls; a let's value has a tree of its own, and a reference to it the node
// of a LetRef.
struct Origin {
  SiteSpan place;
  uint32_t anchor = 0;         // where its value is best shown: at its operator or name
  NodeId node;
  bool literal = false;        // written as what it is
  bool condition = false;      // the whole of a `when` or `unless`, or an operand of `&&`, `||` or `?:`, and not one of these itself
  std::vector<OriginId> parts;
};

struct RuleOrigin { OriginId when = kNoOrigin; OriginId unless = kNoOrigin; };

struct Origins {
  std::vector<Origin> all;
  std::vector<RuleOrigin> rules;  // parallel to Program::rules
  std::vector<OriginId> lets;     // parallel to Program::lets
};

}  // namespace moult::lang
