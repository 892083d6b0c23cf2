// Each diagnostic of a publish that the registry lists is made by something that a host or a policy can do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "lang/report.h"
#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

struct Unfit {
  std::string n;  // the policy's is an int
};

}  // namespace
}  // namespace moult::test

template <>
struct moult::Describe<moult::test::Unfit> {
  static void Fields(Record<test::Unfit>& r) { r.Named("Unfit").Field("n", &test::Unfit::n); }
};

namespace moult::test {
namespace {

constexpr const char* kDecide = "decide severest [allow < block] default allow\n";

template <class T>
Diagnostics Why(const Result<T>& result) {
  return result.ok() ? Diagnostics{} : result.error();
}

Diagnostics Refusal(const std::string& text, const EngineOptions& options = {}) {
  return Why(TryPublish(*MakeEngine(options), text));
}

Diagnostics Twice(const std::string& text) {
  Bundle bundle = Bundle::FromText("a.moult", text);
  bundle.Add({"b.moult", text});
  return Why(MakeEngine()->Publish(bundle));
}

Diagnostics RollbackToAnother() {
  const auto engine = MakeEngine(), other = MakeEngine();
  Publish(*other, Scoring(1));
  return Why(engine->Rollback(other->Pin()));
}

Diagnostics BindAfter(const char* published, const char* name) {
  const auto engine = MakeEngine();
  if (*published != '\0') Publish(*engine, published);
  return Why(engine->Find<Unfit>(name));
}

// A policy with a list in the file, which holds `text`.
Diagnostics OfList(const char* file, const char* text, const EngineOptions& options = {}) {
  Bundle bundle = Bundle::FromText("p.moult", fmt::format("policy p\ninput {{ n: int }}\nlist l: set<int> from \"{}\"\n{}", file, kDecide));
  bundle.AddData(file, text);
  return Why(MakeEngine(options)->Publish(bundle));
}

using Producers = std::map<std::string, std::function<Diagnostics()>>;

const Producers& All() {
  static const std::string kOne = Scoring(1);
  static const Producers producers = {
      {"E-no-policy", [] { return Why(MakeEngine()->Publish(Bundle())); }},
      {"E-read", [] { return Why(Bundle::FromPath("/no/such/file.moult")); }},
      {"E-missing-file",
       [] {
         return Refusal(std::string("policy p\ninput { n: int }\nlist l: set<string> from \"none\"\n") + kDecide);
       }},
      {"E-duplicate-policy", [] { return Twice(Scoring(1)); }},
      {"E-duplicate-module", [] { return Twice("module lib\n"); }},
      {"E-binding", [] { return BindAfter(kOne.c_str(), "test.p"); }},
      {"E-no-version", [] { return BindAfter("", "test.p"); }},
      {"E-no-such-policy", [] { return BindAfter(kOne.c_str(), "test.q"); }},
      {"E-empty-pin", [] { return Why(MakeEngine()->Rollback(Pinned())); }},
      {"E-wrong-engine", RollbackToAnother},
      {"W-source-not-bound",
       [] {
         const std::string text = std::string("policy p\ninput { n: int }\nsource known(n: int) -> bool\n") + kDecide;
         return Publish(*MakeEngine(), text).warnings;
       }},
      {"E-bad-entry", [] { return OfList("l.txt", "x\n"); }},
      {"E-bad-json", [] { return OfList("l.json", "[1"); }},
      {"E-list-too-large", [] { return OfList("l.txt", "1\n2\n", {.list_entries = 1}); }},
      {"E-code-too-large", [] { return Refusal(kOne, {.code_bytes = 16}); }},
  };
  return producers;
}

TEST(PublishDiagnostics, EachOfTheRegistryIsMadeBySomething) {
#define MOULT_PUBLISH_DIAGNOSTIC(name, code, severity) EXPECT_EQ(All().count(code), 1u) << code;
#include "lang/diagnostics.def"
}

TEST(PublishDiagnostics, AreMadeWithTheirCodeAndSeverity) {
  for (const auto& [code, produce] : All()) {
    const Diagnostics diagnostics = produce();
    ASSERT_FALSE(diagnostics.empty()) << code;
    EXPECT_EQ(diagnostics[0].code, code) << ToText(diagnostics);
    EXPECT_EQ(diagnostics[0].severity, code[0] == 'W' ? Severity::kWarning : Severity::kError) << code;
    EXPECT_NE(diagnostics[0].message, "") << code;
  }
}

TEST(PublishDiagnostics, AnUnansweredSourceIsWarnedOfAtItsDeclaration) {
  const auto engine = MakeEngine();
  const std::string text =
      std::string("policy p\ninput { n: int }\nsource asked(n: int) -> bool\nsource known(n: int) -> bool\n") + kDecide;
  ASSERT_TRUE(engine->BindSource("known", [](auto) { return SourceValue::Bool(true); }).ok());
  const Diagnostics warnings = Publish(*engine, text).warnings;
  ASSERT_EQ(warnings.size(), 1u) << ToText(warnings);
  EXPECT_NE(warnings[0].message.find("`asked`"), std::string::npos) << warnings[0].message;
  EXPECT_EQ(warnings[0].line, 3u);
  EXPECT_EQ(warnings[0].column, 8u);
  ASSERT_TRUE(engine->BindSource("asked", [](auto) { return SourceValue::Bool(true); }).ok());
  EXPECT_TRUE(Publish(*engine, text).warnings.empty());
}

}  // namespace
}  // namespace moult::test
