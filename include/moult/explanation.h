// Explanation: why a policy decided one request as it did, expression by expression.
//
//   moult::Explanation why;
//   if (policy->Explain(context, json, &decision, &why).ok()) {
//     for (const moult::ExplainedRule& rule : why.rules) Show(rule.name, why.expressions[rule.when].value);
//   }
//
// An Explanation owns all it holds. Places are bytes of a file's text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moult {

// What one expression of the text came to.
struct ExplainedExpression {
  enum class State : uint8_t {
    kNotEvaluated,  // short-circuiting skipped it, or nothing asked for it
    kValue,
    kError,
  };
  State state = State::kNotEvaluated;
  std::string value;          // kValue: as a policy would write it, cut if it is long; kError: the error's words
  std::string type;           // "list<string>"
  uint32_t file = 0;          // into Explanation::files: 0 is the policy's, the others are those of modules
  uint32_t begin = 0;         // bytes begin .. end of the file's text
  uint32_t end = 0;
  uint32_t anchor = 0;        // the byte where its value is best shown: its operator, or the last part of its name
  bool literal = false;       // a literal: the text shows its value
  bool condition = false;     // the whole of a `when` or `unless`, or an operand of `&&`, `||` or `?:` that is none of these itself:
                              // what coverage by condition counts
  bool absorbed = false;      // kError: what it is a part of has a value all the same
  bool seen_true = false;     // of a bool: in a comprehension it may have been both
  bool seen_false = false;
  uint64_t evaluations = 0;   // several in a comprehension; `value` is then of the element that decided, or else of the last
  // Its operands, in the order of the text, as indices into Explanation::expressions. After the arguments of a call of a function
  // comes its body, after a name that a `let` defines the let's value: these lie elsewhere in the text.
  std::vector<uint32_t> parts;
};

struct ExplainedRule {
  static constexpr uint32_t kNone = UINT32_MAX;

  std::string name;
  uint32_t begin = 0;         // of its name in the policy's text
  bool live = true;           // not shadow, not off
  bool off = false;
  bool evaluated = false;     // an off rule is not, nor one after the search has ended
  bool fired = false;         // live or shadow; also on error, where that is the safe direction
  std::string error;          // of a rule that erred: the error's words
  uint32_t when = kNone;      // into Explanation::expressions
  uint32_t unless = kNone;
};

struct ExplainedFile {
  std::string name;  // as in the bundle
  std::string text;
};

struct Explanation {
  std::vector<ExplainedRule> rules;              // all of them, in the order of the text
  std::vector<ExplainedExpression> expressions;
  std::vector<ExplainedFile> files;              // the policy's, then those of the modules that it uses
};

}  // namespace moult
