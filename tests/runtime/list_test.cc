// Lists from files: of every type, in both forms, replaced apart from the code, shared when their text is the same, and
// refused.
#include <fmt/format.h>

#include <random>

#include "runtime/pinned.h"
#include "runtime/version_meta.h"
#include "tests/runtime/fixture.h"
#include "tests/support/seed.h"

namespace moult::test {
namespace {

constexpr const char* kInput =
    "policy test.p\n"
    "input { n: int, name: string, addr: ip, net: cidr }\n"
    "enum Action { login, signup }\n"
    "decide score { >= 1000: block } default allow\n";

struct Asked {
  int64_t n = 0;
  std::string name;
  std::string addr = "::";
  std::string net = "::/128";
};

class Lists : public BothEvaluators {
 protected:
  // The score of the policy with this body and these files.
  Result<VersionInfo> Publish(const std::string& body, const std::vector<Bundle::File>& files) {
    Bundle bundle = Bundle::FromText("policies/p.moult", kInput + body);
    for (const Bundle::File& file : files) bundle.AddData(file.name, file.text);
    return engine_->Publish(bundle);
  }
  std::string Refusal(const std::string& body, const std::vector<Bundle::File>& files) {
    const Result<VersionInfo> version = Publish(body, files);
    return version ? "published" : Render(version.error());
  }
  int64_t Score(const Asked& asked) {
    const JsonPolicy policy = FindJson(*engine_);
    Context context(*engine_);
    context.set_detail(Detail::kFull);
    Decision d;
    const Status status = policy.Decide(
        context,
        fmt::format(R"({{"n":{},"name":"{}","addr":"{}","net":"{}"}})", asked.n, asked.name, asked.addr, asked.net),
        &d);
    EXPECT_TRUE(status.ok()) << status.error().message;
    errors_.clear();
    for (const ErrorText& e : d.error_texts()) errors_ += std::string(e.text) + "\n";
    return d.score();
  }
  const runtime::VersionMeta& Meta() {
    pinned_ = engine_->Pin();
    return runtime::MetaOf(runtime::PinnedAccess::pin(pinned_).get());
  }
  // The lists of the current version, in the order of their declaration.
  std::vector<const void*> Objects() { return Meta().policies.at(0).resources; }

  std::string errors_;
  Pinned pinned_;
};
MOULT_BOTH_EVALUATORS(Lists);

TEST_P(Lists, OfEveryTypeAreAskedByTheirIndex) {
  const std::string body =
      "list ints: set<int> from \"ints.txt\"\n"
      "list hosts: set<ip> from \"hosts.txt\"\n"
      "list nets: set<cidr> from \"nets.json\"\n"
      "list names: set<string> from \"names.json\"\n"
      "rule a { when n in ints then score +1 }\n"
      "rule b { when addr in hosts then score +2 }\n"
      "rule c { when addr in nets then score +4 }\n"
      "rule d { when net in nets then score +8 }\n"
      "rule e { when name in names && size(names) == 2 then score +16 }\n"
      "rule f { when hosts.exists(h, h in nets) && size(hosts) == 2 then score +32 }\n"
      "rule g { when nets.exists(x, x == net) then score +64 }\n";
  ASSERT_EQ(Refusal(body, {{"ints.txt", "1\n-2\n"},
                           {"hosts.txt", "10.0.0.1\n2001:db8::1\n"},
                           {"nets.json", R"(["10.0.0.0/8", "fe80::/10", "192.0.2.7"])"},
                           {"names.json", R"( [ "a", "\u00e9\n" , "a" ] )"}}),
            "published");
  EXPECT_EQ(Score({}), 32);
  EXPECT_EQ(Score({.n = -2}), 33);
  EXPECT_EQ(Score({.addr = "2001:db8::1"}), 34);
  EXPECT_EQ(Score({.addr = "10.0.0.1"}), 38);
  EXPECT_EQ(Score({.addr = "192.0.2.7"}), 36);
  EXPECT_EQ(Score({.addr = "192.0.2.8"}), 32);
  EXPECT_EQ(Score({.addr = "febf::1"}), 36);
  EXPECT_EQ(Score({.net = "10.0.0.0/8"}), 104);
  EXPECT_EQ(Score({.net = "10.0.0.0/9"}), 32) << "a range is in a set if it stands there";
  EXPECT_EQ(Score({.name = R"(\u00e9\n)"}), 48);
}

TEST_P(Lists, MapsGiveWhatTheirKeysAreMappedTo) {
  const std::string body =
      "list prices: map<string, int> from \"prices.txt\"\n"
      "list actions: map<string, Action> from \"actions.json\"\n"
      "list ranks: map<int, double> from \"ranks.json\"\n"
      "list flags: map<string, bool> from \"flags.txt\"\n"
      "list texts: map<string, string> from \"texts.txt\"\n"
      "rule a { when prices[name] > 3 on_error skip then score +1 }\n"
      "rule b { when (prices[name] ?? 100) == 100 then score +2 }\n"
      "rule c { when has(prices[name]) && prices[name] == 5 then score +4 }\n"
      "rule d { when name in actions && actions[name] == Action.signup on_error skip then score +8 }\n"
      "rule e { when (ranks[n] ?? 0.0) == 1.5 then score +16 }\n"
      "rule f { when flags[name] ?? false then score +32 }\n"
      "rule g { when (texts[name] ?? \"\").contains(\"= b\") then score +64 }\n"
      "rule h { when size(prices) == 2 && prices.exists(k, v, k == name && v == 3) then score +128 }\n";
  ASSERT_EQ(Refusal(body, {{"prices.txt", "tea = 3\ncoffee = 5\n"},
                           {"actions.json", R"({"tea": "signup", "coffee": "login"})"},
                           {"ranks.json", R"({"1": 1.5, "-2": 2})"},
                           {"flags.txt", "tea = true\ncoffee = false\n"},
                           {"texts.txt", "tea = a = b\n"}}),
            "published");
  EXPECT_EQ(Score({.name = "tea"}), 8 + 32 + 64 + 128);
  EXPECT_EQ(errors_, "");
  EXPECT_EQ(Score({.name = "coffee"}), 1 + 4);
  EXPECT_EQ(Score({.n = 1, .name = "milk"}), 2 + 16);
  EXPECT_EQ(errors_, "no such key\n");
}

// A list under another name is asked by its index as well, and a choice of lists is a set like any other.
TEST_P(Lists, MayHaveOtherNamesAndStandInExpressions) {
  const std::string body =
      "list nets: set<cidr> from \"nets.txt\"\n"
      "list more: set<cidr> from \"more.txt\"\n"
      "let bad = nets\n"
      "let chosen = n > 0 ? nets : more\n"
      "fn known(a: ip, s: set<cidr>) -> bool = a in s\n"
      "rule a { when addr in bad then score +1 }\n"
      "rule b { when addr in chosen then score +2 }\n"
      "rule c { when known(addr, more) then score +4 }\n"
      "rule d { when nets.union(more).exists(r, addr in [r]) then score +8 }\n"
      "rule e { when addr in {cidr(\"10.0.0.0/8\"), cidr(\"::/0\")} then score +16 }\n"
      "rule f { when addr in [net] then score +32 }\n"
      "rule g { when nets.subset(nets) && size(chosen) == 1 then score +64 }\n";
  ASSERT_EQ(Refusal(body, {{"nets.txt", "10.0.0.0/8\n"}, {"more.txt", "192.0.2.0/24\n"}}), "published");
  EXPECT_EQ(Score({.n = 1, .addr = "10.1.1.1"}), 1 + 2 + 8 + 16 + 64);
  EXPECT_EQ(Score({.n = 0, .addr = "10.1.1.1"}), 1 + 8 + 16 + 64);
  EXPECT_EQ(Score({.n = 0, .addr = "192.0.2.255"}), 2 + 4 + 8 + 64);
  EXPECT_EQ(Score({.n = 0, .addr = "::1", .net = "::/64"}), 16 + 32 + 64);
}

TEST_P(Lists, AreReplacedApartFromTheCodeAndReadOnlyWhenTheyChange) {
  const std::string body =
      "list nets: set<cidr> from \"nets.txt\"\n"
      "list ints: set<int> from \"ints.txt\"\n"
      "list prices: map<string, int> from \"prices.json\"\n"
      "rule a { when addr in nets then score +1 }\n"
      "rule b { when n in ints then score +2 }\n"
      "rule c { when (prices[name] ?? 0) == 3 then score +4 }\n";
  std::vector<Bundle::File> files = {
      {"nets.txt", "10.0.0.0/8\n"}, {"ints.txt", "1\n"}, {"prices.json", R"({"tea": 3})"}};
  ASSERT_EQ(Refusal(body, files), "published");
  const auto code = [&]() -> const void* {
    const runtime::BoundCode& bound = *Meta().policies.at(0).json;
    if (bound.block == runtime::BoundCode::kNoBlock) return nullptr;
    return runtime::PinnedAccess::pin(pinned_)->code(bound.block);
  };
  const void* const block = code();
  std::vector<const void*> before = Objects();
  ASSERT_EQ(before.size(), 3u);
  const std::vector<std::string> changed = {"192.0.2.0/24\n", "2\n", R"({"tea": 4})"};
  EXPECT_EQ(Score({.n = 1, .name = "tea", .addr = "10.0.0.1"}), 7);
  for (size_t k = 0; k < files.size(); ++k) {
    files[k].text = changed[k];
    const Result<VersionInfo> info = Publish(body, files);
    ASSERT_TRUE(info.ok()) << Render(info.error());
    EXPECT_FALSE(info->policies[0].changed);
    EXPECT_EQ(code(), block) << "the code does not depend on what is in a list";
    const std::vector<const void*> after = Objects();
    for (size_t i = 0; i < files.size(); ++i) EXPECT_EQ(after[i] == before[i], i != k) << i;
    before = after;
  }
  EXPECT_EQ(Score({.n = 1, .name = "tea", .addr = "10.0.0.1"}), 0);
  EXPECT_EQ(Score({.n = 2, .name = "tea", .addr = "192.0.2.1"}), 3);
  ASSERT_EQ(Refusal("// of the same lists\n" + body, files), "published");
  EXPECT_EQ(Objects(), before) << "a new text of the policy keeps them";
}

// One text is one object, in a version too; but not where it means something else.
TEST_P(Lists, OfOneTextAndTypeAreOne) {
  const std::string body =
      "list a: set<string> from \"a.txt\"\n"
      "list b: set<string> from \"b.txt\"\n"
      "list c: set<int> from \"a.txt\"\n"
      "list d: map<string, Action> from \"d.txt\"\n"
      "rule r { when name in a && name in b && n in c && name in d then score +1 }\n";
  const std::vector<Bundle::File> files = {{"a.txt", "1\n"}, {"b.txt", "1\n"}, {"d.txt", "x = login\n"}};
  ASSERT_EQ(Refusal(body, files), "published");
  const std::vector<const void*> before = Objects();
  EXPECT_EQ(before[0], before[1]);
  EXPECT_NE(before[0], before[2]);
  std::string other = kInput + body;  // the values are held by their ordinals
  other.replace(other.find("login, signup"), 13, "signup, login");
  Bundle bundle = Bundle::FromText("policies/p.moult", other);
  for (const Bundle::File& file : files) bundle.AddData(file.name, file.text);
  ASSERT_TRUE(engine_->Publish(bundle).ok());
  const std::vector<const void*> after = Objects();
  EXPECT_EQ(after[0], before[0]);
  EXPECT_EQ(after[2], before[2]);
  EXPECT_NE(after[3], before[3]);
}

TEST_P(Lists, ABadOneIsShownByFileAndLineAndWhatWasPublishedStays) {
  const std::string body =
      "list blocked: set<ip> from \"data/blocked.txt\"\n"
      "list prices: map<string, int> from \"prices.txt\"\n"
      "rule a { when addr in blocked then score +1 }\n"
      "rule b { when (prices[name] ?? 0) > 0 then score +2 }\n";
  ASSERT_EQ(Refusal(body, {{"policies/data/blocked.txt", "::1\n"}, {"prices.txt", "tea = 1\n"}}), "published");
  EXPECT_EQ(
      Refusal(body, {{"policies/data/blocked.txt", "::1\n10.0.0\n\n  10.0.0.1/8\n"},
                     {"prices.txt", "tea = 1\nmilk 2\ntea = 3\n"}}),
      "policies/data/blocked.txt:2:1: error: `10.0.0` is no ip (as \"192.0.2.1\" or \"2001:db8::1\") [E-bad-entry]\n"
      " 2 | 10.0.0\n"
      "   | ^^^^^^\n"
      "policies/data/blocked.txt:4:3: error: `10.0.0.1/8` is no ip (as \"192.0.2.1\" or \"2001:db8::1\") "
      "[E-bad-entry]\n"
      " 4 |   10.0.0.1/8\n"
      "   |   ^^^^^^^^^^\n"
      "prices.txt:2:1: error: an entry of a map has a key and a value [E-bad-entry]\n"
      " 2 | milk 2\n"
      "   | ^^^^^^\n"
      "   hint: write `key = value`\n"
      "prices.txt:3:1: error: the key `tea` stands on line 1 already [E-duplicate-key]\n"
      " 3 | tea = 3\n"
      "   | ^^^\n");
  EXPECT_EQ(Score({.name = "tea", .addr = "::1"}), 3);
  std::string many;
  for (int k = 0; k < 1000; ++k) many += "x\n";
  const Result<VersionInfo> refused = Publish(body, {{"policies/data/blocked.txt", many}, {"prices.txt", ""}});
  ASSERT_FALSE(refused.ok());
  ASSERT_EQ(refused.error().size(), 11u);
  EXPECT_EQ(refused.error()[10].message, "990 more errors are not shown");
}

TEST_P(Lists, OfJsonHaveToBeOfTheirType) {
  const auto refusal = [&](const char* type, const std::string& text) {
    const std::string body =
        fmt::format("list l: {} from \"l.json\"\nrule r {{ when size(l) > 100 then score +1 }}\n", type);
    const Result<VersionInfo> version = Publish(body, {{"l.json", text}});
    if (version) return std::string("published");
    std::string out;
    for (const Diagnostic& d : version.error())
      out += fmt::format("{}:{} {} {}\n", d.line, d.column, d.code, d.message);
    return out;
  };
  EXPECT_EQ(refusal("set<int>", "[]"), "published");
  EXPECT_EQ(refusal("map<int, bool>", " { \"1\" : true, \"2\":false } \n"), "published");
  EXPECT_EQ(refusal("set<int>", "{}"), "1:1 E-bad-json the file of a set holds one JSON array\n");
  EXPECT_EQ(refusal("map<int, int>", "[1]"), "1:1 E-bad-json the file of a map holds one JSON object\n");
  EXPECT_EQ(refusal("set<int>", "[1,\n \"2\", null, [3], {\"a\": 4}, true, 5]"),
            "2:2 E-bad-json a number is expected here\n2:7 E-bad-json a number is expected here\n"
            "2:13 E-bad-json a number is expected here\n2:18 E-bad-json a number is expected here\n"
            "2:28 E-bad-json a number is expected here\n");
  EXPECT_EQ(refusal("set<int>", "[1.0, 1e3, 99999999999999999999]"),
            "1:2 E-bad-entry `1.0` is no int\n1:7 E-bad-entry `1e3` is no int\n1:12 E-bad-entry `99999999999999999999` "
            "is no int\n");
  EXPECT_EQ(refusal("set<ip>", "[\"::1\", \"x\", 1]"),
            "1:9 E-bad-entry `x` is no ip (as \"192.0.2.1\" or \"2001:db8::1\")\n1:14 E-bad-json a string is expected "
            "here\n");
  EXPECT_EQ(refusal("map<string, bool>", "{\"a\": 1,\n\"b\": \"true\"}"),
            "1:7 E-bad-json `true` or `false` is expected here\n2:6 E-bad-json `true` or `false` is expected here\n");
  EXPECT_EQ(refusal("map<string, int>", "{\"a\": 1,\n\"b\": 2,\n\"\\u0061\": 3}"),
            "3:1 E-duplicate-key the key `a` stands on line 1 already\n");
  EXPECT_EQ(refusal("map<int, int>", "{\"x\": 1}"), "1:2 E-bad-entry `x` is no int\n");
  EXPECT_EQ(refusal("set<string>", "[\"a\",\n\"b\" \"c\"]"),
            "2:5 E-bad-json malformed JSON: expected `,` or `]`, found `\"`\n");
  EXPECT_EQ(refusal("set<int>", "[1"), "1:3 E-bad-json malformed JSON: expected `,` or `]`, but the text ends\n");
  EXPECT_EQ(refusal("set<int>", "[1]\n]"), "2:1 E-bad-json malformed JSON: text after the array: `]`\n");
  for (const char* text : {"", " ", "[", "[1", "[1,", "[1,]", "[01]", "[1] 2", "[1]]", "[tru]", "{\"a\"}", "[\"a]",
                           "[1 2]", "nul", "\"", "]"}) {
    const std::string what = refusal("set<int>", text);
    EXPECT_TRUE(what.find("E-bad-json") != std::string::npos) << text << ": " << what;
  }
  EXPECT_NE(refusal("set<string>", "[\"\\ud800\"]"), "published") << "half of a pair is no text";
}

// Any bytes give a list or diagnostics.
TEST_P(Lists, ReadAnyBytes) {
  std::mt19937_64 random(Seed());
  const std::string alphabet = "[]{}\",:\\u0123 \n\t=#.-e/trufals\xC3\xA9";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t k = random() % 60; k > 0; --k) text += alphabet[random() % alphabet.size()];
    for (const char* file : {"l.json", "l.txt"}) {
      for (const char* type : {"set<int>", "set<cidr>", "map<string, double>"}) {
        const std::string body =
            fmt::format("list l: {} from \"{}\"\nrule r {{ when size(l) > 100 then score +1 }}\n", type, file);
        const Result<VersionInfo> version = Publish(body, {{file, text}});
        EXPECT_TRUE(version.ok() || !version.error().empty()) << text;
      }
    }
  }
}

TEST(ListLimits, AreThoseOfTheEngine) {
  const auto refusal = [](const char* file, const std::string& text) {
    const auto engine = MakeEngine({.list_bytes = 12, .list_entries = 3});
    Bundle bundle = Bundle::FromText("p.moult", std::string(kHeader) + "list l: set<int> from \"" + file +
                                                    "\"\nrule r { when n in l then score +1 }\n");
    bundle.AddData(file, text);
    const Result<VersionInfo> version = engine->Publish(bundle);
    return version ? "published" : ToText(version.error());
  };
  EXPECT_EQ(refusal("l.txt", "1\n2\n3\n\n\n\n\n\n\n"), "published");
  EXPECT_EQ(refusal("l.txt", "1\n2\n3\n\n\n\n\n\n\n\n"),
            "E-list-too-large: the file of the list `l` has 13 bytes, at most 12 are read\n");
  EXPECT_EQ(refusal("l.txt", "1\n2\n3\n1\n2\n3"), "published");
  EXPECT_EQ(refusal("l.txt", "1\n2\n3\n4\n"), "E-list-too-large: the list `l` has over 3 entries\n");
  EXPECT_EQ(refusal("l.json", "[1,2,3]"), "published");
  EXPECT_EQ(refusal("l.json", "[1,2,3,4]"), "E-list-too-large: the list `l` has over 3 entries\n");
  EXPECT_EQ(refusal("l.json", "[1,2,3,2,1]  "),
            "E-list-too-large: the file of the list `l` has 13 bytes, at most 12 are read\n");
  for (const EngineOptions& options :
       {EngineOptions{.list_bytes = 0}, EngineOptions{.list_bytes = (size_t{1} << 30) + 1},
        EngineOptions{.list_entries = 0}, EngineOptions{.list_entries = 100'000'001}}) {
    const auto engine = Engine::Create(options);
    ASSERT_FALSE(engine.ok());
    EXPECT_EQ(engine.error().code, "E-option");
  }
  EXPECT_TRUE(Engine::Create({.list_bytes = size_t{1} << 30, .list_entries = 100'000'000}).ok());
}

// What a list answers is what a set of the same values in the policy answers.
TEST_P(Lists, AnswerAsLiteralsDo) {
  std::mt19937_64 random(Seed());
  for (int round = 0; round < 20; ++round) {
    std::string lines, literal, json, map_lines, map_literal;
    const auto add = [](std::string& to, const std::string& part) { to += (to.empty() ? "" : ", ") + part; };
    for (size_t k = random() % 8 + 1; k > 0; --k) {
      const bool v4 = random() % 2 == 0;
      const Ip ip =
          v4 ? Ip::FromV4(0x0A000000 | static_cast<uint32_t>(random() % 1024)) : Ip(random() % 2, random() % 1024);
      const std::string range = Cidr::Create(ip, static_cast<uint32_t>(random() % (v4 ? 33 : 129)))->ToString();
      const std::string name = fmt::format("k{}", k);
      lines += range + "\n";
      add(literal, fmt::format("cidr(\"{}\")", range));
      add(json, fmt::format("\"{}\"", range));
      map_lines += fmt::format("{} = {}\n", name, k);
      add(map_literal, fmt::format("\"{}\": {}", name, k));
    }
    const std::string body = fmt::format(
        "list lines: set<cidr> from \"l.txt\"\nlist json: set<cidr> from \"l.json\"\nlist map: map<string, int> from "
        "\"m.txt\"\n"
        "const SET = {{{}}}\nlet held = [{}]\n"
        "rule a {{ when addr in lines then score +1 }}\nrule b {{ when addr in json then score +1 }}\n"
        "rule c {{ when addr in SET then score +1 }}\nrule d {{ when addr in held then score +1 }}\n"
        "rule e {{ when SET.exists(r, r.containsIP(addr)) then score +1 }}\n"
        "rule f {{ when net in lines then score +10 }}\nrule g {{ when net in SET then score +10 }}\n"
        "rule h {{ when (map[name] ?? 0) * 100 == ({{{}}}[name] ?? 0) * 100 then score +100 }}\n"
        "rule i {{ when lines == SET && map == {{{}}} then score +1000 }}\n",
        literal, literal, map_literal, map_literal);
    ASSERT_EQ(Refusal(body, {{"l.txt", lines}, {"l.json", "[" + json + "]"}, {"m.txt", map_lines}}), "published");
    for (int probe = 0; probe < 20; ++probe) {
      const Ip ip = random() % 2 == 0 ? Ip::FromV4(0x0A000000 | static_cast<uint32_t>(random() % 1024))
                                      : Ip(random() % 2, random() % 1024);
      const int64_t score = Score({.name = fmt::format("k{}", random() % 9),
                                   .addr = ip.ToString(),
                                   .net = fmt::format("10.0.0.0/{}", random() % 33)});
      EXPECT_TRUE(score % 10 == 0 || score % 10 == 5) << score << " of " << ip.ToString() << "\n" << lines;
      EXPECT_TRUE(score / 10 % 10 == 0 || score / 10 % 10 == 2) << score << "\n" << lines;
      EXPECT_EQ(score / 100, 11) << score << "\n" << map_lines;
    }
  }
}

}  // namespace
}  // namespace moult::test
