// What the tests of generated code share: one input type bound in two ways, hostile values, and the comparison of the engines.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/bind.h"
#include "lang/interpret.h"
#include "moult/binding.h"
#include "tests/support/evaluation.h"
#include "tests/support/ir_builder.h"
#include "tests/support/machine_code.h"

namespace moult::codegen::test {

enum class HostAction : uint8_t { kLogin = 10, kPost = 20, kSignup = 15 };  // in another order than the policy's
enum class NativeAction : int64_t { kLogin = 0, kPost = 1, kSignup = 2 };

struct HostUser {
  uint64_t id = 0;
  float reputation = 0;
  bool verified = false;
  std::string country;
  HostAction action = HostAction::kLogin;
};
struct NativeUser {
  int64_t id = 0;
  double reputation = 0;
  bool verified = false;
  std::string_view country;
  NativeAction action = NativeAction::kLogin;
};

// The same values as a service would have them, and as Moult itself lays them out.
struct HostInput {
  int32_t a = 0;
  int16_t b = 0;
  uint64_t big = 0;
  bool flag = false;
  double x = 0;
  float y = 0;
  std::string s;
  std::string t;
  HostAction action = HostAction::kLogin;
  std::optional<int64_t> maybe;
  std::optional<std::string> nick;
  HostUser user;
  std::optional<HostUser> friend_of;
  std::vector<int16_t> numbers;
  std::vector<std::string> words;
  std::vector<HostUser> users;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<double> reals;
};
struct NativeInput {
  int64_t a = 0;
  int64_t b = 0;
  int64_t big = 0;
  bool flag = false;
  double x = 0;
  double y = 0;
  std::string_view s;
  std::string_view t;
  NativeAction action = NativeAction::kLogin;
  std::optional<int64_t> maybe;
  std::optional<std::string_view> nick;
  NativeUser user;
  std::optional<NativeUser> friend_of;
  std::span<const int64_t> numbers;
  std::span<const std::string_view> words;
  std::span<const NativeUser> users;
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::span<const double> reals;
};

}  // namespace moult::codegen::test

#define MOULT_TEST_DESCRIBE(type)                                  \
  template <>                                                      \
  struct moult::Describe<moult::codegen::test::type> {             \
    static void Fields(moult::Record<moult::codegen::test::type>& r); \
  };
MOULT_TEST_DESCRIBE(HostUser)
MOULT_TEST_DESCRIBE(NativeUser)
MOULT_TEST_DESCRIBE(HostInput)
MOULT_TEST_DESCRIBE(NativeInput)
#undef MOULT_TEST_DESCRIBE

namespace moult::codegen::test {

// A NativeInput and what it points to, of a HostInput's values.
class NativeCopy {
 public:
  explicit NativeCopy(const HostInput& host);
  NativeCopy(const NativeCopy&) = delete;
  NativeCopy& operator=(const NativeCopy&) = delete;
  const NativeInput& input() const { return input_; }

 private:
  static NativeAction Action(HostAction action);
  static NativeUser User(const HostUser& user);

  NativeInput input_;
  std::vector<int64_t> numbers_;
  std::vector<std::string_view> words_;
  std::vector<NativeUser> users_;
  std::vector<std::pair<std::string_view, std::string_view>> headers_;
};

// An IrBuilder whose input is that of the structs above.
class InputBuilder : public lang::test::IrBuilder {
 public:
  InputBuilder();
  lang::TypeId action;
  lang::TypeId user;
};

// Inputs that differ in what conditions ask about, edges and values that are none of the language included.
std::vector<HostInput> Inputs();

// Evaluates `program` over every input, bound both ways, by every kind of processor, and expects the interpreter's outcome and
// reasons. Returns how often a rule fired, errors not counted.
struct Coverage { std::vector<size_t> fired, not_fired; };
Coverage ExpectSameAsInterpreter(const lang::Program& program, std::span<const HostInput> inputs,
                                 lang::test::ListTexts lists = {},
                                 uint64_t fuel = lang::test::Evaluation::kFuel);

std::vector<CpuFeatures> Processors();  // the baseline, and this machine's if it is more

}  // namespace moult::codegen::test
