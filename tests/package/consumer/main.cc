// Embeds the engine from an installed tree: publishes twice, and decides by a bound struct and by JSON. Exits with 1
// and says what was wrong when a decision is not the expected one.
#include <moult/engine.h>

#include <cstdint>
#include <cstdio>
#include <string>

struct Login {
  std::string user;
  int64_t failures = 0;
};

template <>
struct moult::Describe<Login> {
  static void Fields(moult::Record<Login>& r) { r.Field("user", &Login::user).Field("failures", &Login::failures); }
};

namespace {

enum Verdict : uint32_t { kAllow, kBlock };

std::string Policy(int limit) {
  return "policy consumer.login\n"
         "input { user: string, failures: int }\n"
         "decide severest [allow < block] default allow\n"
         "rule too_many { when failures > " +
         std::to_string(limit) + " then block \"too many failures of {user}\" }\n";
}

int Fail(const std::string& what) {
  std::fprintf(stderr, "consumer: %s\n", what.c_str());
  return 1;
}

int Run() {
  auto engine = moult::Engine::Create({});
  if (!engine) return Fail(engine.error().message);
  auto first = (*engine)->Publish(moult::Bundle::FromText("login.moult", Policy(10)));
  if (!first) return Fail(moult::Render(first.error()));
  auto policy = (*engine)->Find<Login>("consumer.login");
  if (!policy) return Fail(moult::Render(policy.error()));

  moult::Context context(**engine);
  moult::Decision decision;
  const Login login{"ada", 7};
  if (!policy->Decide(context, login, &decision).ok()) return Fail("the struct was not decided");
  if (decision.verdict() != kAllow) return Fail("7 failures of 10 should be allowed");

  auto second = (*engine)->Publish(moult::Bundle::FromText("login.moult", Policy(5)));
  if (!second) return Fail(moult::Render(second.error()));
  if (!policy->Decide(context, login, &decision).ok()) return Fail("the struct was not decided by the second version");
  if (decision.verdict() != kBlock) return Fail("7 failures of 5 should be blocked");
  if (decision.version() != second->number) return Fail("the second version should have decided");

  auto json = (*engine)->FindJson("consumer.login");
  if (!json) return Fail(moult::Render(json.error()));
  context.set_detail(moult::Detail::kFull);
  if (!json->Decide(context, R"({"user": "ada", "failures": 6})", &decision).ok())
    return Fail("the JSON was not decided");
  if (decision.verdict_name() != "block" || decision.rules().size() != 1 ||
      decision.rules()[0].reason != "too many failures of ada") {
    return Fail("6 failures of 5 should be blocked, with a reason");
  }
  std::printf("decided by versions %llu and %llu\n", static_cast<unsigned long long>(first->number),
              static_cast<unsigned long long>(second->number));
  return 0;
}

}  // namespace

int main() { return Run(); }
