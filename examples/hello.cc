// The shortest embedding: bind a struct, publish a policy, decide, publish another while the first is in use.
#include <moult/engine.h>

#include <cstdint>
#include <iostream>
#include <string>

// What the service has anyway. Policies read it in place.
struct Login {
  std::string user;
  int64_t failures = 0;
};

template <>
struct moult::Describe<Login> {
  static void Fields(moult::Record<Login>& r) { r.Field("user", &Login::user).Field("failures", &Login::failures); }
};

std::string Policy(int limit) {
  return "policy login\n"
         "input { user: string, failures: int }\n"
         "decide severest [allow < block] default allow\n"
         "rule too_many { when failures > " +
         std::to_string(limit) + " then block \"{failures} failures of {user}\" }\n";
}

int main() {
  auto engine = moult::Engine::Create({});
  if (!engine) return std::cerr << engine.error().message << '\n', 1;

  auto version = (*engine)->Publish(moult::Bundle::FromText("login.moult", Policy(10)));
  if (!version) return std::cerr << moult::Render(version.error()), 1;
  auto policy = (*engine)->Find<Login>("login");  // valid as long as the engine, whatever versions come
  if (!policy) return std::cerr << moult::Render(policy.error()), 1;

  moult::Context context(**engine);  // one per thread
  context.set_detail(moult::Detail::kFull);
  moult::Decision decision;  // reused: a warm one allocates nothing
  const Login login{"ada", 7};
  for (int limit : {10, 5}) {
    // In a service another thread would publish. A request that is running finishes on the version it began with.
    version = (*engine)->Publish(moult::Bundle::FromText("login.moult", Policy(limit)));
    if (!version) std::cerr << moult::Render(version.error());  // and the old version keeps serving
    if (!policy->Decide(context, login, &decision).ok()) return 1;
    std::cout << "limit " << limit << ": " << decision.verdict_name();
    for (const moult::FiredRule& rule : decision.rules()) std::cout << " (" << rule.name << ": " << rule.reason << ')';
    std::cout << '\n';
  }

  // Nobody says that the old code is done: the collector sees that no stack refers to it any more.
  moult::Engine::Collect();
  const moult::HeapCounters heap = moult::Engine::Counters();
  std::cout << heap.superseded << " versions superseded, " << heap.reclaimed << " freed\n";
}
