// Every limit at N, where it accepts, and at N + 1, where it refuses by name. docs/language.md, "Limits", lists them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/generate.h"
#include "lang/bind.h"
#include "lang/compile.h"
#include "lang/cost.h"
#include "moult/engine.h"
#include "tests/support/machine_code.h"

namespace moult::test {
namespace {

std::string Repeat(std::string_view part, uint64_t n) {
  std::string text;
  for (uint64_t k = 0; k < n; ++k) text += part;
  return text;
}

std::string Policy(const std::string& body) {
  return "policy p\ninput { n: int, s: string?, l: list<int> }\ndecide severest [allow < block] default allow\n" + body;
}
std::string When(const std::string& condition) { return Policy("rule r { when " + condition + " then block }\n"); }

// What comes of a text: "" or the code of the first error.
std::string Compiled(const std::string& text, const lang::CompileLimits& limits = {}) {
  const Result<lang::Compiled> compiled = lang::Compile({"p.moult", text}, limits);
  return compiled ? "" : compiled.error()[0].code;
}

template <class T>
lang::CompileLimits With(T lang::CompileLimits::* limit, uint64_t n) {
  lang::CompileLimits limits;
  limits.*limit = static_cast<T>(n);
  return limits;
}

struct Decided {
  std::string error;  // of the input: its message; else of the rule
  std::string verdict;
};
Decided Decide(const std::string& text, const std::string& json, const EngineOptions& options = {}) {
  auto engine = Engine::Create(options).value();
  const Result<VersionInfo> version = engine->Publish(Bundle::FromText("p.moult", text));
  if (!version) return {Render(version.error()), ""};
  const JsonPolicy policy = engine->FindJson("p").value();
  Context context(*engine);
  context.set_detail(Detail::kFull);
  Decision decision;
  const Status status = policy.Decide(context, json, &decision);
  if (!status.ok()) return {status.error().message, ""};
  return {decision.error_texts().empty() ? "" : std::string(decision.error_texts()[0].text), std::string(decision.verdict_name())};
}

struct Limit {
  const char* name;
  uint64_t most;
  std::function<std::string(uint64_t n)> at;  // what is said of one that is n large; "" when it is accepted
  std::string refusal;                        // what it is said to be at most + 1, or begins with
};

// The code of a rule whose machine code has a fixed size, under a limit that is `missing` bytes less.
std::string CodeWithout(uint64_t missing) {
  const lang::Program program = lang::Compile({"p.moult", When("n * n > 7 && size(l) > 3")})->program;
  const LayoutRef layout = lang::NativeLayout(program.types, program.input);
  const size_t size = codegen::Generate(program, *layout, {})->bytes.size();
  const auto blob = codegen::Generate(program, *layout, {.code_bytes = size - missing});
  return blob ? "" : blob.error()[0].code;
}

// How many nodes a policy has: what the limit must be.
std::string NodesWithout(uint64_t missing) {
  const std::string text = When("n > 1 && n < 9");
  return Compiled(text, With(&lang::CompileLimits::nodes, lang::Compile({"p.moult", text})->program.nodes.size() - missing));
}

std::string Records(uint64_t nested) {
  std::string text = fmt::format("record R{} {{ n: int }}\n", nested);
  for (uint64_t k = 0; k < nested; ++k) text += fmt::format("record R{} {{ r: R{} }}\n", k, k + 1);
  return Policy(text);
}

std::string Fields(uint64_t n) {
  std::string text = "record R {";
  for (uint64_t k = 0; k < n; ++k) text += fmt::format(" f{}: int,", k);
  return Policy(text + "}\n");
}

std::string Functions(uint64_t n) {
  std::string text = "fn f0(x: int) -> int = x + 1\n";
  for (uint64_t k = 1; k < n; ++k) text += fmt::format("fn f{}(x: int) -> int = f{}(x) + 1\n", k, k - 1);
  return Policy(text + fmt::format("rule r {{ when f{}(n) > 1 then block }}\n", n - 1));
}

std::string Rules(uint64_t n) {
  std::string text;
  for (uint64_t k = 0; k < n; ++k) text += fmt::format("rule r{} {{ when n == {} then block }}\n", k, k);
  return Policy(text);
}

// A rule with so many of an item after its verdict; `{}` stands for a number.
std::string Items(fmt::string_view item, uint64_t n) {
  std::string text = "rule r { when n > 1 then block";
  for (uint64_t k = 0; k < n; ++k) text += ", " + fmt::vformat(item, fmt::make_format_args(k));
  return Policy(text + " }\n");
}

// The cost of a policy under a budget that is `missing` steps less.
std::string BudgetWithout(uint64_t missing) {
  const std::string text = When("n * n > 7 && n < 1000");
  const uint64_t cost = lang::CostOf(lang::Compile({"p.moult", text})->program).total.steps;
  return Compiled(text + fmt::format("budget {}\n", cost - missing));
}

// So many errors, and what is said last.
std::string Errors(uint64_t n) {
  std::string text;
  for (uint64_t k = 0; k < n; ++k) text += fmt::format("rule r{} {{ when unknown{} then block }}\n", k, k);
  const Diagnostics diagnostics = lang::Compile({"p.moult", Policy(text)}).error();
  return diagnostics.back().code == "E-unknown-name" && diagnostics.size() == n ? "" : diagnostics.back().code;
}

std::string Score(const char* sign, uint64_t n) {
  return "policy p\ninput { n: int }\ndecide score {>= 1: block} default allow\nrule r { when n > 1 then score " + std::string(sign) +
         std::to_string(n) + " }\n";
}

std::string Input(const std::string& fields, const std::string& json, const EngineOptions& options = {}) {
  const std::string text = "policy p\ninput { " + fields + " }\ndecide severest [allow < block] default allow\nrule r { when true then block }\n";
  return Decide(text, json, options).error;
}

std::string Fuel(uint64_t elements) {
  return Decide(When("l.all(x, x == 1)"), "{\"n\":1,\"l\":[1" + Repeat(",1", elements - 1) + "]}", {.fuel = 50}).error;
}

const std::vector<Limit>& Limits() {
  using L = lang::CompileLimits;
  static const std::vector<Limit> limits = {
      {"bytes of a policy", 1000, [](uint64_t n) { return Compiled(Policy("") + std::string(n - Policy("").size(), ' '), With(&L::source_bytes, 1000)); }, "E-source-too-large"},
      {"nesting of operators", 199, [](uint64_t n) { return Compiled(When(Repeat("!", n) + "true")); }, "E-nesting"},
      {"nesting of brackets", 199, [](uint64_t n) { return Compiled(When(Repeat("(", n) + "true" + Repeat(")", n))); }, "E-nesting"},
      {"nesting of lists", 198, [](uint64_t n) { return Compiled(When("size(" + Repeat("[", n - 1) + "1" + Repeat("]", n - 1) + ") == 1")); }, "E-nesting"},
      {"nesting of a sum", 198, [](uint64_t n) { return Compiled(When(Repeat("1 + ", n) + "1 > n")); }, "E-nesting"},
      {"nesting of types", 199, [](uint64_t n) { return Compiled("policy p input { a: " + Repeat("list<", n) + "int" + Repeat(">", n) + " } decide severest [a < b] default a"); }, "E-nesting"},
      {"nesting, where it is set", 9, [](uint64_t n) { return Compiled(When(Repeat("!", n) + "true"), With(&L::nesting, 10)); }, "E-nesting"},
      {"nesting after functions are put in place", 497, [](uint64_t n) { return Compiled(Functions(n)); }, "E-too-deep"},
      {"rules of a policy", 7, [](uint64_t n) { return Compiled(Rules(n), With(&L::rules, 7)); }, "E-too-many-rules"},
      {"operations of a policy", 0, NodesWithout, "E-too-large"},
      {"errors that are told", 20, Errors, "E-too-many-errors"},
      {"tags of a rule", 64, [](uint64_t n) { return Compiled(Items("tag \"t{}\"", n)); }, "E-bad-then"},
      {"effects of a rule", 64, [](uint64_t n) { return Compiled(Items("emit watch({})", n)); }, "E-bad-then"},
      {"arguments of an effect", 64, [](uint64_t n) { return Compiled(Items("emit watch(0" + Repeat(", 1", n - 1) + ")", 1)); }, "E-bad-then"},
      {"digits that a format asks for", 1000, [](uint64_t n) { return Compiled(When(fmt::format("\"%.{}f\".format([1.5]) == \"\"", n))); }, "E-bad-format"},
      {"steps of a policy with a budget", 0, BudgetWithout, "E-budget"},
      {"a rule's score", 1'000'000'000, [](uint64_t n) { return Compiled(Score("+", n)); }, "E-score-range"},
      {"a rule's negative score", 1'000'000'000, [](uint64_t n) { return Compiled(Score("-", n)); }, "E-score-range"},
      {"records within records", 64, [](uint64_t n) { return Compiled(Records(n)); }, "E-too-deep"},
      {"fields of a record", 10'000, [](uint64_t n) { return Compiled(Fields(n)); }, "E-too-large"},
      {"machine code of a policy", 0, CodeWithout, "E-code-too-large"},
      {"nesting of a JSON input", 200, [](uint64_t n) { return Input("n: int", "{\"n\":1,\"x\":" + Repeat("[", n) + Repeat("]", n) + "}"); }, "[`x`]: nested more than 200 levels deep"},
      {"elements of a list with a maximum", 3, [](uint64_t n) { return Input("l: list<int> max 3", "{\"l\":[1" + Repeat(",1", n - 1) + "]}"); }, "l: "},
      {"code points of a string with a maximum", 3, [](uint64_t n) { return Input("s: string max 3", "{\"s\":\"" + Repeat("é", n) + "\"}"); }, "s: "},
      {"bytes of a JSON input", 4096, [](uint64_t n) { return Input("n: int", "{\"n\":1}" + std::string(n - 7, ' '), {.arena_bytes = 4096}); }, "4097 bytes of JSON"},
      {"elements visited by a request", 50, Fuel, "out of evaluation steps"},
  };
  return limits;
}

TEST(Limits, AcceptWhatIsAsLargeAndRefuseWhatIsLarger) {
  for (const Limit& limit : Limits()) {
    SCOPED_TRACE(limit.name);
    EXPECT_EQ(limit.at(limit.most), "");
    const std::string refusal = limit.at(limit.most + 1);
    EXPECT_TRUE(refusal.starts_with(limit.refusal)) << refusal;
  }
}

}  // namespace
}  // namespace moult::test
