// Random well-typed policies, as text: what the parser, the checker and both engines have to agree on.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace moult::testing {

// Writes policies over one fixed input (the struct Request of random_request.h), named "random". The same seed gives the same text.
// Expressions are well typed and handle missing values; they overflow, divide by zero and run out of ranges freely.
class PolicyWriter {
 public:
  explicit PolicyWriter(uint64_t seed) : random_(seed) {}
  std::string Write();

 private:
  enum class Kind { kBool, kInt, kDouble, kString, kEnum, kStrings, kInts, kBytes, kTimestamp, kDuration, kIp, kCidr };

  // An expression of a type; `depth` bounds its nesting. Uses `locals_` besides the input.
  std::string Expression(Kind kind, int depth);
  std::string Bool(int depth);
  std::string Comparison(int depth);
  std::string TextTest(int depth);
  std::string Membership(int depth);
  std::string Quantifier(int depth);
  std::string Narrowed(int depth);
  std::string Int(int depth);
  std::string Double(int depth);
  std::string String(int depth);
  std::string Strings(int depth);
  std::string Time(Kind kind, int depth);
  std::string ScalarTest(int depth);  // a bool of bytes, times, addresses or ranges
  std::string Conditional(Kind kind, int depth);
  std::string Leaf(Kind kind);
  std::string Literal(Kind kind);
  std::string Reason();

  std::string Declarations();
  struct Mode;
  static const Mode kModes[];
  std::string Rule(int number, const Mode& mode);

  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }

  struct Variable { std::string name; Kind kind; };
  struct Function { std::string name; std::vector<Kind> parameters; Kind result; };
  const Variable* PickVariable(Kind kind);

  std::mt19937_64 random_;
  std::vector<Variable> variables_;   // lets, parameters and comprehension variables in scope
  std::vector<Function> functions_;
  int names_ = 0;
};

}  // namespace moult::testing
