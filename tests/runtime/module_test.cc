// Modules, and what versions share: blocks of code are told apart by their addresses.
#include <fmt/format.h>

#include <map>
#include <set>

#include "runtime/pinned.h"
#include "runtime/version_meta.h"
#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

constexpr char kShell[] = "input { n: int, name: string }\ndecide score { >= 1000: block } default allow\n";

std::string PolicyText(const std::string& name, const std::string& body) {
  return fmt::format("policy {}\n{}{}", name, kShell, body);
}

// The address of the code of each policy of the current version, for JSON.
std::map<std::string, const void*> Blocks(const Engine& engine) {
  const Pinned pinned = engine.Pin();
  const gc::Pin& pin = runtime::PinnedAccess::pin(pinned);
  std::map<std::string, const void*> blocks;
  for (const runtime::PolicyMeta& policy : runtime::MetaOf(pin.get()).policies) {
    blocks[policy.unit->program.name] = pin->code(policy.json->block);
  }
  return blocks;
}

std::set<std::string> Replaced(const std::map<std::string, const void*>& before,
                               const std::map<std::string, const void*>& after) {
  std::set<std::string> names;
  for (const auto& [name, block] : after) {
    if (!before.contains(name) || before.at(name) != block) names.insert(name);
  }
  return names;
}

std::set<std::string> Changed(const VersionInfo& info) {
  std::set<std::string> names;
  for (const PolicyInfo& policy : info.policies) {
    if (policy.changed) names.insert(policy.name);
  }
  return names;
}

VersionInfo Publish(Engine& engine, const Bundle& bundle) {
  Result<VersionInfo> info = engine.Publish(bundle);
  if (!info) {
    ADD_FAILURE() << ToText(info.error());
    abort();
  }
  return std::move(info).value();
}

using Modules = BothEvaluators;
MOULT_BOTH_EVALUATORS(Modules);

TEST_P(Modules, AreUsedByPoliciesAndByEachOther) {
  Bundle bundle;
  bundle.Add({"sub/web.moult", "module lib.web\nuse lib.text\nlist known: set<string> from \"known.txt\"\n"
                               "fn is_known(s: string) -> bool = text.cut(s) in known\n"});
  bundle.Add({"text.moult", "module lib.text\nfn cut(s: string) -> string = s.startsWith(\"a\") ? s.substring(1) : s\n"});
  bundle.Add({"p.moult", PolicyText("test.p", "use lib.web\nrule r { when web.is_known(name) then score +7 }\n")});
  bundle.AddData("sub/known.txt", "bc\n");  // beside the module, not the policy
  Publish(*engine_, bundle);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  Decision d;
  for (const auto& [name, score] : std::map<std::string, int64_t>{{"abc", 7}, {"bc", 7}, {"abcd", 0}}) {
    ASSERT_TRUE(policy.Decide(context, fmt::format(R"({{"n":1,"name":"{}"}})", name), &d).ok());
    EXPECT_EQ(d.score(), score) << name;
  }
}

TEST_P(Modules, AnErrorOfARuleNamesTheModulesFile) {
  Bundle bundle;
  bundle.Add({"p.moult", PolicyText("test.p", "use lib\nrule r { when lib.half(n) > 1 then score +1 }\n"
                                              "rule s { when 1 / n > 1 then score +1 }\n")});
  bundle.Add({"lib.moult", "module lib\n\nfn half(x: int) -> int = 100 / x\n"});
  Publish(*engine_, bundle);
  const JsonPolicy policy = FindJson(*engine_);
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":0,"name":""})", &d).ok());
  ASSERT_EQ(d.error_texts().size(), 2u);
  EXPECT_EQ(d.error_texts()[0].file, "lib.moult");
  EXPECT_EQ(d.error_texts()[0].line, 3u);
  EXPECT_EQ(d.error_texts()[0].column, 26u);
  EXPECT_EQ(d.error_texts()[1].file, "p.moult");
  EXPECT_EQ(d.error_texts()[1].line, 6u);
}

TEST_P(Modules, WhatIsWrongWithOneIsSaidOnceHoweverManyUseIt) {
  Bundle bundle;
  for (const char* name : {"a", "b", "c"}) {
    bundle.Add({fmt::format("{}.moult", name),
                PolicyText(name, "use lib\nrule r { when lib.f(n) > 1 && lib.g(lib.R) then score +1 }\n")});
  }
  bundle.Add({"lib.moult", "module lib\nrecord R { a: int }\nfn f(x: int) -> int = x + \"\"\nfn g(r: R) -> int = r.b\n"});
  bundle.Add({"unused.moult", "module unused\nfn f(x: int) -> int = y\n"});
  const Result<VersionInfo> info = engine_->Publish(bundle);
  ASSERT_FALSE(info.ok());
  std::map<std::string, int> by_file;
  for (const Diagnostic& d : info.error()) ++by_file[d.file];
  EXPECT_EQ(by_file, (std::map<std::string, int>{
                         {"a.moult", 1}, {"b.moult", 1}, {"c.moult", 1}, {"lib.moult", 2}, {"unused.moult", 1}}))
      << Render(info.error());
}

TEST_P(Modules, HaveOneNameEach) {
  Bundle bundle;
  bundle.Add({"a.moult", "module lib\n"}).Add({"b.moult", "// the same\nmodule lib\n"}).Add({"p.moult", Scoring(1)});
  const Result<VersionInfo> info = engine_->Publish(bundle);
  ASSERT_FALSE(info.ok());
  ASSERT_EQ(ToText(info.error()), "E-duplicate-module: module `lib` is already defined in a.moult\n");
  EXPECT_EQ(info.error()[0].file, "b.moult");
  EXPECT_EQ(info.error()[0].line, 2u);
}

TEST_P(Modules, AloneArePublishedAsNoPolicy) {
  const Result<VersionInfo> info = engine_->Publish(Bundle::FromText("lib.moult", "module lib\nconst N = 1\n"));
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(ToText(info.error()), "E-no-policy: there is no policy to publish\n");
}

TEST_P(Modules, WarningsOfOneAreSaidOnce) {
  Bundle bundle;
  for (const char* name : {"a", "b"}) {
    bundle.Add({fmt::format("{}.moult", name), PolicyText(name, "use lib\nrule r { when lib.f(n) > 1 then score +1 }\n")});
  }
  bundle.Add({"lib.moult", "module lib\nfn f(x: int) -> int = x ?? 1\n"});
  EXPECT_EQ(Publish(*engine_, bundle).warnings.size(), 1u);
  EXPECT_EQ(Publish(*engine_, bundle).warnings.size(), 1u) << "also of what is taken over";
}

// 100 policies, of which every tenth uses a module.
class PolicySet {
 public:
  PolicySet() {
    for (int k = 0; k < 100; ++k) {
      const std::string when = k % 10 == 0 ? "lib.limit(n)" : "n";
      Set(k, fmt::format("{}rule r {{ when {} > {} then score +1 \"{}\" }}\nrule s {{ when {} / n > 1 then score +1 }}\n",
                         k % 10 == 0 ? "use lib\n" : "", when, k, k, k));
    }
  }
  static std::string Name(int k) { return fmt::format("p{:03}", k); }
  void Set(int k, const std::string& body) { bodies_[k] = body; }
  const std::string& body(int k) const { return bodies_.at(k); }
  std::string module = "module lib\nlist known: set<string> from \"known\"\nfn limit(x: int) -> int = x * 2\n";
  std::string known = "a\n";

  Bundle Make() const {
    Bundle bundle;
    for (const auto& [k, body] : bodies_) bundle.Add({Name(k) + ".moult", PolicyText(Name(k), body)});
    bundle.Add({"lib.moult", module});
    bundle.AddData("known", known);
    return bundle;
  }

 private:
  std::map<int, std::string> bodies_;
};

TEST(Sharing, OneChangedPolicyOfAHundredReplacesOneBlock) {
  const auto engine = MakeEngine();
  PolicySet set;
  Publish(*engine, set.Make());
  const auto before = Blocks(*engine);
  std::set<const void*> distinct;
  for (const auto& [name, block] : before) distinct.insert(block);
  ASSERT_EQ(distinct.size(), 100u);
  set.Set(42, set.body(42) + "rule t { when n == 42 then score +1 }\n");
  EXPECT_EQ(Changed(Publish(*engine, set.Make())), std::set<std::string>{"p042"});
  EXPECT_EQ(Replaced(before, Blocks(*engine)), std::set<std::string>{"p042"});
}

TEST(Sharing, WhatIsOnlyMovedAboutReplacesNone) {
  const auto engine = MakeEngine();
  PolicySet set;
  Publish(*engine, set.Make());
  const auto before = Blocks(*engine);
  set.Set(42, "// a comment\n\n" + set.body(42));
  set.module = "// a comment\n" + set.module;
  EXPECT_EQ(Changed(Publish(*engine, set.Make())), std::set<std::string>{});
  EXPECT_EQ(Replaced(before, Blocks(*engine)), std::set<std::string>{});
}

TEST(Sharing, AChangedModuleReplacesTheBlocksOfThoseThatUseIt) {
  const auto engine = MakeEngine();
  PolicySet set;
  Publish(*engine, set.Make());
  const auto before = Blocks(*engine);
  set.module = "module lib\nfn limit(x: int) -> int = x * 3\n";
  std::set<std::string> users;
  for (int k = 0; k < 100; k += 10) users.insert(PolicySet::Name(k));
  EXPECT_EQ(Changed(Publish(*engine, set.Make())), users);
  EXPECT_EQ(Replaced(before, Blocks(*engine)), users);
}

TEST(Sharing, WhatAModuleAddsReplacesNone) {
  const auto engine = MakeEngine();
  PolicySet set;
  Publish(*engine, set.Make());
  const auto before = Blocks(*engine);
  set.module += "const N = 7\nfn more(x: int) -> int = x / N\nlist others: set<string> from \"known\"\n";
  EXPECT_EQ(Changed(Publish(*engine, set.Make())), std::set<std::string>{});
  EXPECT_EQ(Replaced(before, Blocks(*engine)), std::set<std::string>{});
}

TEST(Sharing, AChangedDataFileReplacesNone) {
  const auto engine = MakeEngine();
  PolicySet set;
  set.Set(0, "use lib\nrule r { when name in lib.known then score +1 }\n");
  Publish(*engine, set.Make());
  const JsonPolicy policy = FindJson(*engine, PolicySet::Name(0));
  Context context(*engine);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":1,"name":"b"})", &d).ok());
  EXPECT_EQ(d.score(), 0);
  const auto before = Blocks(*engine);
  set.known = "a\nb\n";
  const VersionInfo info = Publish(*engine, set.Make());
  EXPECT_EQ(info.number, 2u);
  EXPECT_EQ(Changed(info), std::set<std::string>{});
  EXPECT_EQ(Replaced(before, Blocks(*engine)), std::set<std::string>{});
  ASSERT_TRUE(policy.Decide(context, R"({"n":1,"name":"b"})", &d).ok());
  EXPECT_EQ(d.score(), 1);
}

TEST(Sharing, ARenamedFileIsAnotherPlaceButNotAnotherBlock) {
  const auto engine = MakeEngine();
  const std::string text = PolicyText("test.p", "use lib\nrule r { when lib.half(n) > 1 then score +1 }\n");
  const std::string module = "module lib\nfn half(x: int) -> int = 100 / x\n";
  Bundle bundle;
  Publish(*engine, bundle.Add({"p.moult", text}).Add({"lib.moult", module}));
  const auto before = Blocks(*engine);
  bundle = Bundle();
  Publish(*engine, bundle.Add({"p.moult", text}).Add({"moved/lib.moult", module}));
  EXPECT_EQ(Replaced(before, Blocks(*engine)), std::set<std::string>{});
  const JsonPolicy policy = FindJson(*engine);
  Context context(*engine);
  context.set_detail(Detail::kFull);
  Decision d;
  ASSERT_TRUE(policy.Decide(context, R"({"n":0,"name":""})", &d).ok());
  ASSERT_EQ(d.error_texts().size(), 1u);
  EXPECT_EQ(d.error_texts()[0].file, "moved/lib.moult");
}

}  // namespace
}  // namespace moult::test
