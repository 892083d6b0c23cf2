// Runs a policy over labelled HTTP requests and prints, by class, how many attacks it finds and how much it flags
// wrongly.
//
//   example_waf_report examples/waf.moult REQUESTS.jsonl [even|odd]
//
// A request is what waf.moult's input says, with two more members: `id`, and `attack`, the classes of the attack it
// carries (none: it carries none). A request is flagged when the verdict is not the policy's first. With `even` or
// `odd`, one half of the requests alone, split by a hash of the id: develop on one, then see whether the other agrees.
#include <fmt/format.h>
#include <moult/engine.h>
#include <simdjson.h>

#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Labels {
  std::string id;
  std::vector<std::string> attack;
};

struct Count {
  int flagged = 0;
  int all = 0;
  void Add(bool hit) {
    flagged += hit;
    ++all;
  }
};

struct Report {
  std::map<std::string, Count> classes;  // a request with two classes counts in both
  Count attacks;
  Count unlabelled;
  std::map<std::string, Count> rules;  // flagged: of unlabelled requests; all: of all that it fired on
  int undecided = 0;
};

// FNV-1a: the same halves everywhere.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

bool ReadLabels(simdjson::dom::parser& parser, const std::string& line, Labels* labels) {
  simdjson::dom::element request;
  std::string_view id;
  simdjson::dom::array attack;
  if (parser.parse(line).get(request) || request["id"].get(id) || request["attack"].get(attack)) return false;
  labels->id = id;
  labels->attack.clear();
  for (const simdjson::dom::element name : attack) {
    std::string_view text;
    if (name.get(text)) return false;
    labels->attack.emplace_back(text);
  }
  return true;
}

void Add(const Labels& labels, const moult::Decision& decision, const std::string& harmless, Report* report) {
  const bool flagged = decision.verdict_name() != harmless;
  const bool attack = !labels.attack.empty();
  (attack ? report->attacks : report->unlabelled).Add(flagged);
  for (const std::string& name : labels.attack) report->classes[name].Add(flagged);
  for (const moult::FiredRule& rule : decision.rules()) report->rules[std::string(rule.name)].Add(!attack);
}

double Percent(const Count& count) { return count.all == 0 ? 0 : 100.0 * count.flagged / count.all; }

void Print(const Report& report) {
  fmt::print("{:<14}{:>8}{:>8}{:>9}\n", "class", "found", "of", "");
  for (const auto& [name, count] : report.classes) {
    fmt::print("{:<14}{:>8}{:>8}{:>8.1f}%\n", name, count.flagged, count.all, Percent(count));
  }
  fmt::print("{:<14}{:>8}{:>8}{:>8.1f}%\n", "all attacks", report.attacks.flagged, report.attacks.all,
             Percent(report.attacks));
  fmt::print("{:<14}{:>8}{:>8}{:>8.1f}%\n", "unlabelled", report.unlabelled.flagged, report.unlabelled.all,
             Percent(report.unlabelled));
  fmt::print("\n{:<26}{:>8}{:>14}\n", "rule", "fired", "on unlabelled");
  for (const auto& [name, count] : report.rules) fmt::print("{:<26}{:>8}{:>14}\n", name, count.all, count.flagged);
  if (report.undecided > 0) fmt::print("\n{} lines were not decided\n", report.undecided);
}

int Fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

int Run(const std::string& policy_file, const std::string& requests_file, std::string_view half) {
  auto engine = moult::Engine::Create({});
  if (!engine) return Fail(engine.error().message);
  const auto bundle = moult::Bundle::FromPath(policy_file);
  if (!bundle) return Fail(moult::Render(bundle.error()));
  const auto version = (*engine)->Publish(*bundle);
  if (!version) return Fail(moult::Render(version.error()));
  const moult::PolicyInfo& info = version->policies.front();
  const auto policy = (*engine)->FindJson(info.name);
  if (!policy) return Fail(moult::Render(policy.error()));

  std::ifstream requests(requests_file);
  if (!requests) return Fail("cannot read " + requests_file);
  moult::Context context(**engine);
  context.set_detail(moult::Detail::kFull);
  moult::Decision decision;
  simdjson::dom::parser parser;
  Labels labels;
  Report report;
  for (std::string line; std::getline(requests, line);) {
    if (!ReadLabels(parser, line, &labels)) return Fail("a request without id and attack: " + line.substr(0, 80));
    if (!half.empty() && (Hash(labels.id) % 2 == 0) != (half == "even")) continue;
    if (policy->Decide(context, line, &decision).ok()) {
      Add(labels, decision, info.verdicts.front(), &report);
    } else {
      ++report.undecided;
    }
  }
  Print(report);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view half = argc == 4 ? argv[3] : "";
  if (argc < 3 || argc > 4 || (argc == 4 && half != "even" && half != "odd")) {
    return Fail("usage: example_waf_report POLICY REQUESTS.jsonl [even|odd]");
  }
  return Run(argv[1], argv[2], half);
}
