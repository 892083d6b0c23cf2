// The tests of a policy's file, checked: what `moult test` runs. Nothing of them is in the program that the policy becomes.
//
//   test "young" { given {age: 3, user: {id: 1}} with trusted = {"a"} with signups(_, 10) = 7 expect block because link_spam }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/ir.h"

namespace moult::lang {

// A part of a test's input: a closed expression of the suite's program, or a record or list of such parts.
struct GivenValue {
  enum class Kind : uint8_t { kExpression, kRecord, kList } kind = Kind::kExpression;
  NodeId expression;                   // kExpression
  std::vector<uint32_t> fields;        // kRecord: the index of each part's field; optional ones may be left out
  std::vector<GivenValue> parts;       // kRecord, kList
  TypeId type;
  TextSpan span;
};

// `value` stands in for the data of `list`.
struct GivenList { ListId list = 0; NodeId value; TextSpan span; };

// The answer of `source` to arguments that equal these; an invalid one equals any. Of several that fit the first counts. A question
// that none fits fails, as a source does that the host has not bound.
struct GivenAnswer {
  SourceId source = 0;
  std::vector<NodeId> arguments;
  NodeId value;                        // invalid: the source fails
  TextSpan span;
};

struct Expectation {
  ExpectDecl::Kind kind = ExpectDecl::Kind::kVerdict;
  uint32_t verdict = 0;                // kVerdict
  std::vector<uint32_t> rules;         // kBecause, kNotBecause, kShadow, kErrors
  int64_t score = 0;                   // kScore
  std::vector<std::string> texts;      // kTags, kReason; kEmits: the effect's name
  std::optional<std::vector<NodeId>> arguments;  // kEmits with arguments: an invalid one equals any
  TextSpan span;
};

// One run of the policy. Rules that err must be named by a kErrors.
struct TestCase {
  std::string name;                    // of a row: the test's name and the row's text, `by age (6, 3)`
  TextSpan span;                       // of the name, or of the row
  GivenValue given;
  std::vector<GivenList> lists;
  std::vector<GivenAnswer> answers;
  std::vector<Expectation> expectations;
};

struct TestSuite {
  // The policy's program with the expressions of the cases added. They use neither input nor lets, lists and sources.
  Program program;
  std::vector<TestCase> cases;
};

}  // namespace moult::lang
