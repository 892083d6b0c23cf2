#include "tests/codegen/fixture.h"

#include <algorithm>
#include <cmath>

namespace {

using moult::codegen::test::HostAction;
using moult::codegen::test::NativeAction;

template <class User, class Action>
void DescribeUser(moult::Record<User>& r) {
  r.Field("id", &User::id).Field("reputation", &User::reputation).Field("verified", &User::verified);
  r.Field("country", &User::country);
  r.Enum("action", &User::action, {{"login", Action::kLogin}, {"post", Action::kPost}, {"signup", Action::kSignup}});
}

template <class Input, class Action>
void DescribeInput(moult::Record<Input>& r) {
  r.Field("a", &Input::a).Field("b", &Input::b).Field("big", &Input::big).Field("flag", &Input::flag);
  r.Field("x", &Input::x).Field("y", &Input::y).Field("s", &Input::s).Field("t", &Input::t);
  r.Enum("action", &Input::action, {{"login", Action::kLogin}, {"post", Action::kPost}, {"signup", Action::kSignup}});
  r.Field("maybe", &Input::maybe).Field("nick", &Input::nick);
  r.Field("user", &Input::user).Field("friend_of", &Input::friend_of);
  r.Field("numbers", &Input::numbers).Field("words", &Input::words).Field("users", &Input::users);
  r.Field("headers", &Input::headers).Field("reals", &Input::reals);
}

}  // namespace

namespace moult {

void Describe<codegen::test::HostUser>::Fields(Record<codegen::test::HostUser>& r) {
  DescribeUser<codegen::test::HostUser, HostAction>(r);
}
void Describe<codegen::test::NativeUser>::Fields(Record<codegen::test::NativeUser>& r) {
  DescribeUser<codegen::test::NativeUser, NativeAction>(r);
}
void Describe<codegen::test::HostInput>::Fields(Record<codegen::test::HostInput>& r) {
  DescribeInput<codegen::test::HostInput, HostAction>(r);
}
void Describe<codegen::test::NativeInput>::Fields(Record<codegen::test::NativeInput>& r) {
  DescribeInput<codegen::test::NativeInput, NativeAction>(r);
}

}  // namespace moult

namespace moult::codegen::test {

using lang::kBoolType;
using lang::kDoubleType;
using lang::kIntType;
using lang::kStringType;

NativeAction NativeCopy::Action(HostAction action) {
  switch (action) {
    case HostAction::kLogin: return NativeAction::kLogin;
    case HostAction::kPost: return NativeAction::kPost;
    case HostAction::kSignup: return NativeAction::kSignup;
  }
  return static_cast<NativeAction>(77);  // as unknown as the host's
}

NativeUser NativeCopy::User(const HostUser& user) {
  return {static_cast<int64_t>(user.id), user.reputation, user.verified, user.country, Action(user.action)};
}

NativeCopy::NativeCopy(const HostInput& host)
    : numbers_(host.numbers.begin(), host.numbers.end()), words_(host.words.begin(), host.words.end()) {
  for (const HostUser& user : host.users) users_.push_back(User(user));
  for (const auto& [name, value] : host.headers) headers_.emplace_back(name, value);
  input_ = {.a = host.a, .b = host.b, .big = static_cast<int64_t>(host.big), .flag = host.flag, .x = host.x, .y = host.y,
            .s = host.s, .t = host.t, .action = Action(host.action), .maybe = host.maybe, .nick = host.nick,
            .user = User(host.user)};
  if (host.friend_of) input_.friend_of = User(*host.friend_of);
  input_.numbers = numbers_;
  input_.words = words_;
  input_.users = users_;
  input_.headers = headers_;
  input_.reals = host.reals;
}

InputBuilder::InputBuilder() {
  lang::TypeTable& t = types();
  action = t.AddEnum({"Action", {"login", "post", "signup"}});
  user = t.AddRecord({"User", {{"id", kIntType}, {"reputation", kDoubleType}, {"verified", kBoolType},
                               {"country", kStringType}, {"action", action}}});
  AddField("a", kIntType);
  AddField("b", kIntType);
  AddField("big", kIntType);
  AddField("flag", kBoolType);
  AddField("x", kDoubleType);
  AddField("y", kDoubleType);
  AddField("s", kStringType);
  AddField("t", kStringType);
  AddField("action", action);
  AddField("maybe", t.OptionalOf(kIntType));
  AddField("nick", t.OptionalOf(kStringType));
  AddField("user", user);
  AddField("friend_of", t.OptionalOf(user));
  AddField("numbers", t.ListOf(kIntType));
  AddField("words", t.ListOf(kStringType));
  AddField("users", t.ListOf(user));
  AddField("headers", t.MapOf(kStringType, kStringType));
  AddField("reals", t.ListOf(kDoubleType));
}

std::vector<HostInput> Inputs() {
  const HostUser ada{.id = 7, .reputation = 0.5F, .verified = true, .country = "GB", .action = HostAction::kPost};
  const HostUser bob{.id = 1, .reputation = -2.0F, .country = "RU", .action = HostAction::kSignup};
  const HostUser odd{.id = UINT64_MAX, .country = "", .action = static_cast<HostAction>(99)};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<HostInput> inputs(1);  // all empty and zero
  inputs.push_back({.a = 3, .b = -2, .big = 5, .flag = true, .x = 2.5, .y = 0.5F, .s = "hello, world", .t = "world",
                    .action = HostAction::kPost, .maybe = 4, .nick = "ada", .user = ada, .friend_of = bob,
                    .numbers = {3, 1, 4}, .words = {"hello", "", "b\xC3\xA9"}, .users = {bob, ada},
                    .headers = {{"host", "example.org"}, {"x", "1"}, {"host", "second"}}, .reals = {1.5, nan, -0.0}});
  inputs.push_back({.a = INT32_MIN, .b = INT16_MIN, .big = INT64_MAX, .x = nan, .y = -1.0F,
                    .s = "The quick brown fox jumps over the lazy dog and then some more text to pass sixty-four",
                    .t = "", .action = HostAction::kSignup, .maybe = INT64_MIN, .nick = "", .user = bob,
                    .numbers = {-1, 0}, .words = {"fox"}, .users = {bob}, .headers = {{"", "empty"}}, .reals = {nan}});
  inputs.push_back({.a = -3, .b = 100, .big = uint64_t{1} << 63, .flag = true, .x = 9007199254740993.0, .s = "%41+b&lt;",
                    .t = "\xFF\xC3", .action = static_cast<HostAction>(0), .user = odd, .friend_of = odd,
                    .numbers = {0, -1, 7}, .words = {"\xFF", "%41"}, .users = {odd, ada}, .reals = {0.0}});
  inputs.push_back({.a = INT32_MAX, .b = 7, .big = 9007199254740993, .x = 9223372036854775808.0, .y = 3.0F, .s = "hello",
                    .t = "hello", .nick = "hello", .user = ada, .words = {"hello", "hello"},
                    .headers = {{"hello", "there"}}, .reals = {2.5, 3.0}});
  return inputs;
}

std::vector<CpuFeatures> Processors() {
  std::vector<CpuFeatures> processors = {CpuFeatures::Baseline()};
  if (CpuFeatures::Host() != CpuFeatures::Baseline()) processors.push_back(CpuFeatures::Host());
  return processors;
}

namespace {

// Answers every source of these tests: numbers by doubling, strings by a suffix; the argument 3 fails.
bool AnswerSimply(const lang::Program& program, lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) {
  static const std::string kText = "answered";
  int64_t sum = 0;
  for (const lang::Scalar& argument : arguments) sum += argument.integer + static_cast<int64_t>(argument.text.size());
  if (sum == 3) return false;
  *result = {.kind = program.types.kind(program.sources[source].result), .integer = sum, .real = static_cast<double>(sum) / 2,
             .text = kText};
  return true;
}

}  // namespace

Coverage ExpectSameAsInterpreter(const lang::Program& program, std::span<const HostInput> inputs,
                                 lang::test::ListTexts lists, uint64_t fuel) {
  Coverage coverage{std::vector<size_t>(program.rules.size()), std::vector<size_t>(program.rules.size())};
  lang::test::Evaluation expected_side(program, lists);
  lang::test::Evaluation actual_side(program, lists);
  const auto compare = [&](const Layout& host_layout, const void* record, const std::string& where) {
    Result<LayoutRef> bound = lang::BindLayout(program, host_layout);
    ASSERT_TRUE(bound) << bound.error()[0].message;
    for (CpuFeatures cpu : Processors()) {
      MachineCode code(program, MustGenerate(program, **bound, {.cpu = cpu}));
      const auto answer = [&](lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) {
        return AnswerSimply(program, source, arguments, result);
      };
      lang::test::FakeSources a(answer), b(answer);
      const lang::Outcome expected = lang::Interpret(program, expected_side.Input(**bound, record, &a, fuel));
      const lang::Outcome actual = code.Decide(actual_side.Input(**bound, record, &b, fuel));
      EXPECT_EQ(lang::test::ToText(expected), lang::test::ToText(actual)) << where << " avx2=" << cpu.avx2;
      EXPECT_EQ(a.calls(), b.calls()) << where;
      EXPECT_EQ(expected.fuel_left, actual.fuel_left) << where;
      for (uint32_t k = 0; k < program.rules.size(); ++k) {
        const bool fired = std::ranges::count(actual.fired, k) != 0;
        ++(fired ? coverage.fired : coverage.not_fired)[k];
        EXPECT_EQ(lang::InterpretReason(program, expected_side.Input(**bound, record, &a, fuel), k),
                  code.Reason(actual_side.Input(**bound, record, &b, fuel), k))
            << where << " reason of " << program.rules[k].name;
      }
      for (uint32_t k = 0; k < program.effect_arguments.size(); ++k) {
        EXPECT_EQ(lang::test::ToText(lang::InterpretArgument(program, expected_side.Input(**bound, record, &a, fuel), k)),
                  lang::test::ToText(code.Argument(actual_side.Input(**bound, record, &b, fuel), k)))
            << where << " argument " << k;
      }
    }
  };
  for (size_t k = 0; k < inputs.size(); ++k) {
    const NativeCopy native(inputs[k]);
    compare(*LayoutOf<HostInput>(), &inputs[k], "host input " + std::to_string(k));
    compare(*LayoutOf<NativeInput>(), &native.input(), "native input " + std::to_string(k));
  }
  return coverage;
}

}  // namespace moult::codegen::test
