// Random well-typed Programs, for comparing two engines and for checking that nothing makes either crash.
#pragma once

#include <string>
#include <vector>

#include "lang/eval.h"
#include "lang/ir.h"
#include "tests/support/evaluation.h"
#include "tests/support/random_values.h"

namespace moult::lang::test {

struct ProgramShape {
  int depth = 5;  // of the expression of a rule or let
  int rules = 6;
  int lets = 3;
  int fields = 12;  // of the input, beside one of each scalar type
  bool sources = true;
  bool sharing =
      true;  // a node may have several users; without it fuel is spent alike by engines that compute a node once
};

// A program that Verify accepts. Every operation of ops.def and every type of input turns up over enough seeds.
Program RandomProgram(Random& random, const ProgramShape& shape = {});

// Contents for a list of the type.
std::vector<EntryText> RandomEntries(Random& random, const TypeTable& types, TypeId type);
// Contents for the program's lists, by ListId.
ListTexts RandomLists(Random& random, const Program& program);

// A source's answer that depends on nothing but the arguments and `salt`; some fail.
bool AnswerByHash(const Program& program, uint64_t salt, SourceId source, std::span<const Scalar> arguments,
                  Scalar* result);

}  // namespace moult::lang::test
