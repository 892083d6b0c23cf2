// What holds of formatting any policy that parses: the properties that several tests ask for over their own policies.
#pragma once

#include <random>
#include <string>

namespace moult::lang::test {

// What is wrong with the canonical form of `text`: that it does not parse, or to another tree, has other comments, or is not its own
// canonical form. Empty if nothing is. REQUIRES: `text` parses without errors.
std::string FormatComplaint(const std::string& text);

// Expects that `text` parses, that its canonical form parses to the same tree and has the same comments, that formatting that changes
// nothing, and that this holds however `text` is laid out (`random` chooses how): with other white space it has the same canonical
// form, with comments anywhere it keeps them.
void ExpectFormats(const std::string& text, std::mt19937_64& random);

// `text` with other white space between its tokens; `comments` inserts some too. Parses to the same tree.
std::string Scramble(const std::string& text, std::mt19937_64& random, bool comments);

}  // namespace moult::lang::test
