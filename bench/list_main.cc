// moult_bench_list: what lists from files cost: reading, memory, and nanoseconds a question, beside what a program
// would use without Moult: std::unordered_set and std::unordered_map of views into the text, and a scan over ranges.
//
// One thread. Questions come in random order from all over the list, so that a large list is asked cold, as requests do
// it; half of the addresses that no range contains lie near one that does. Before anything is timed, index, policy and
// peer must agree on each.

#include <fmt/format.h>
#include <moult/engine.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bench/stats.h"
#include "lang/list_lines.h"

namespace moult::bench {

// A request. Each policy asks about one of the fields.
struct Question {
  std::string_view text;
  int64_t number = 0;
  Ip address;
};

}  // namespace moult::bench

template <>
struct moult::Describe<moult::bench::Question> {
  static void Fields(moult::Record<moult::bench::Question>& r) {
    using moult::bench::Question;
    r.Field("text", &Question::text).Field("number", &Question::number).Field("address", &Question::address);
  }
};

namespace moult::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Random = std::mt19937_64;

struct Options {
  size_t entries = 1'000'000;
  size_t ranges = 100'000;
  size_t questions = 1'000'000;
  int rounds = 5;
  uint64_t seed = 1;
  bool json = false;
};

[[noreturn]] void Die(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  std::exit(1);
}

double Ns(Clock::duration spent) { return std::chrono::duration<double, std::nano>(spent).count(); }

// One list with its questions: `hits` are in it, `misses` are not.
struct Subject {
  std::string name;
  std::string type;       // as the policy declares it
  std::string condition;  // of the rule that asks
  std::string text;       // of the file
  std::string storage;    // what the texts of questions view
  std::vector<Question> hits;
  std::vector<Question> misses;
  // The two ways around a policy: the index alone, and the peer. Each says how many of the questions it answers with
  // yes.
  std::function<size_t(const lang::DataList&, const std::vector<Question>&)> ask_index;
  std::function<size_t(const std::vector<Question>&)> ask_peer;
  size_t peer_questions = SIZE_MAX;  // no more are put to it
};

struct Row {
  double load_ms = 0, publish_ms = 0, again_ms = 0, bytes_ratio = 0, bytes = 0;
  double index[2] = {}, policy[2] = {}, peer[2] = {};  // ns: hit, miss
};

// -- subjects

std::string Name(uint64_t k) { return fmt::format("host-{:x}.example", k * 0x9E37'79B9'7F4A'7C15 >> 16); }

// Texts for the questions, which lie apart from the list's.
void AddTexts(Subject& subject, size_t entries, const Options& options, Random& random) {
  std::vector<std::pair<size_t, size_t>> places;
  for (size_t k = 0; k < 2 * options.questions; ++k) {
    const std::string text = Name(random() % entries + (k < options.questions ? 0 : entries));
    places.emplace_back(subject.storage.size(), text.size());
    subject.storage += text;
  }
  for (size_t k = 0; k < places.size(); ++k) {
    const std::string_view text = std::string_view(subject.storage).substr(places[k].first, places[k].second);
    (k < options.questions ? subject.hits : subject.misses).push_back({.text = text});
  }
}

lang::Words WordsOf(std::string_view text) { return {reinterpret_cast<uint64_t>(text.data()), text.size()}; }

template <class Answer>
size_t CountOf(const std::vector<Question>& questions, Answer answer) {
  return static_cast<size_t>(std::ranges::count_if(questions, answer));
}

// The lines of a text, without the part behind ` = `.
std::vector<std::string_view> KeysOf(std::string_view text) {
  std::vector<std::string_view> keys;
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
    const std::string_view line = text.substr(0, text.find('\n'));
    keys.push_back(line.substr(0, line.find(" = ")));
  }
  return keys;
}

std::unique_ptr<Subject> Strings(const Options& options, Random& random) {
  auto subject =
      std::make_unique<Subject>(Subject{.name = "strings", .type = "set<string>", .condition = "text in list_"});
  for (size_t k = 0; k < options.entries; ++k) subject->text += Name(k) + "\n";
  AddTexts(*subject, options.entries, options, random);
  subject->ask_index = [](const lang::DataList& list, const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) { return list.Contains(WordsOf(q.text)); });
  };
  const std::vector<std::string_view> keys = KeysOf(subject->text);
  subject->ask_peer =
      [set = std::unordered_set<std::string_view>(keys.begin(), keys.end())](const std::vector<Question>& questions) {
        return CountOf(questions, [&](const Question& q) { return set.contains(q.text); });
      };
  return subject;
}

std::unique_ptr<Subject> Ints(const Options& options, Random& random) {
  auto subject = std::make_unique<Subject>(Subject{.name = "ints", .type = "set<int>", .condition = "number in list_"});
  std::vector<int64_t> values;
  for (size_t k = 0; k < options.entries; ++k) {
    values.push_back(static_cast<int64_t>(random() % 1'000'000'000) * 2);  // even, so that no odd one is in the list
    subject->text += fmt::format("{}\n", values.back());
  }
  for (size_t k = 0; k < options.questions; ++k) {
    const int64_t value = values[random() % values.size()];
    subject->hits.push_back({.number = value});
    subject->misses.push_back({.number = value + 1});
  }
  subject->ask_index = [](const lang::DataList& list, const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) { return list.Contains({.a = static_cast<uint64_t>(q.number)}); });
  };
  subject->ask_peer =
      [set = std::unordered_set<int64_t>(values.begin(), values.end())](const std::vector<Question>& questions) {
        return CountOf(questions, [&](const Question& q) { return set.contains(q.number); });
      };
  return subject;
}

// Ranges of /16 to /28 over half of the addresses of IPv4.
std::unique_ptr<Subject> Ranges(const Options& options, Random& random) {
  auto subject = std::make_unique<Subject>(
      Subject{.name = "ranges", .type = "set<cidr>", .condition = "address in list_", .peer_questions = 200});
  std::vector<Cidr> ranges;
  for (size_t k = 0; k < options.ranges; ++k) {
    const uint32_t bits = k % 64 == 0 ? 16 : 20 + static_cast<uint32_t>(random() % 9);
    ranges.push_back(Cidr::Create(Ip::FromV4(static_cast<uint32_t>(random()) >> 1), bits)->Masked());
    subject->text += ranges.back().ToString() + "\n";
  }
  for (size_t k = 0; k < options.questions; ++k) {
    const Cidr& range = ranges[random() % ranges.size()];
    const uint64_t size = uint64_t{1} << (32 - range.prefix_length());
    const auto first = static_cast<uint32_t>(range.ip().low());
    subject->hits.push_back({.address = Ip::FromV4(first + static_cast<uint32_t>(random() % size))});
    subject->misses.push_back(
        {.address = Ip::FromV4(0x8000'0000 | (k % 2 == 0 ? first : static_cast<uint32_t>(random())))});
  }
  subject->ask_index = [](const lang::DataList& list, const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) { return list.Covers(q.address); });
  };
  subject->ask_peer = [ranges](const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) {
      return std::ranges::any_of(ranges, [&](const Cidr& range) { return range.Contains(q.address); });
    });
  };
  return subject;
}

std::unique_ptr<Subject> Prices(const Options& options, Random& random) {
  auto subject = std::make_unique<Subject>(
      Subject{.name = "map", .type = "map<string, int>", .condition = "(list_[text] ?? 0) > 0"});
  for (size_t k = 0; k < options.entries; ++k) subject->text += fmt::format("{} = {}\n", Name(k), k + 1);
  AddTexts(*subject, options.entries, options, random);
  subject->ask_index = [](const lang::DataList& list, const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) {
      const void* value = list.Find(WordsOf(q.text));
      return value != nullptr && *static_cast<const int64_t*>(value) > 0;
    });
  };
  std::unordered_map<std::string_view, int64_t> map;
  for (const std::string_view key : KeysOf(subject->text)) map.emplace(key, static_cast<int64_t>(map.size()) + 1);
  subject->ask_peer = [map = std::move(map)](const std::vector<Question>& questions) {
    return CountOf(questions, [&](const Question& q) {
      const auto found = map.find(q.text);
      return found != map.end() && found->second > 0;
    });
  };
  return subject;
}

// -- measuring

struct Held {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Context> context;
  std::unique_ptr<Policy<Question>> policy;
  Bundle bundle;

  size_t Ask(const std::vector<Question>& questions) {
    Decision decision;
    return CountOf(questions, [&](const Question& q) {
      if (const Status status = policy->Decide(*context, q, &decision); !status) Die(status.error().message);
      return decision.verdict() != 0;
    });
  }
};

double PublishMs(Held& held) {
  const auto begin = Clock::now();
  const Result<VersionInfo> version = held.engine->Publish(held.bundle);
  if (!version) Die(Render(version.error()));
  return Ns(Clock::now() - begin) / 1e6;
}

Held Hold(const Subject& subject, Row& row) {
  Held held;
  held.engine = std::move(Engine::Create({})).value();
  held.bundle = Bundle::FromText("list.moult", fmt::format("policy p\n"
                                                           "input {{ text: string, number: int, address: ip }}\n"
                                                           "decide severest [allow < block] default allow\n"
                                                           "list list_: {} from \"list.txt\"\n"
                                                           "rule r {{ when {} then block }}\n",
                                                           subject.type, subject.condition));
  held.bundle.AddData("list.txt", subject.text);
  row.publish_ms = PublishMs(held);
  row.again_ms = PublishMs(held);
  held.context = std::make_unique<Context>(*held.engine);
  auto found = held.engine->Find<Question>("p");
  if (!found) Die(Render(found.error()));
  held.policy = std::make_unique<Policy<Question>>(std::move(found).value());
  return held;
}

std::unique_ptr<const lang::DataList> Read(const Subject& subject, double* ms) {
  lang::TypeTable types;
  lang::ListShape shape;
  if (subject.type == "set<string>") shape.item.kind = lang::TypeKind::kString;
  if (subject.type == "set<cidr>") shape.item.kind = lang::TypeKind::kCidr;
  if (subject.type == "map<string, int>") {
    shape.item.kind = lang::TypeKind::kString;
    shape.value.emplace();
  }
  lang::Reporter reporter("list.txt", subject.text, 1);
  const auto begin = Clock::now();
  auto list = lang::ReadListLines(subject.text, shape, {}, "list_", reporter);
  *ms = Ns(Clock::now() - begin) / 1e6;
  if (list == nullptr) Die(Render(reporter.Take()));
  return list;
}

template <class Ask>
double NsEach(const Options& options, const std::vector<Question>& questions, size_t expected, Ask ask) {
  std::vector<double> samples;
  if (ask(questions) != expected) Die("the ways of asking disagree");
  for (int round = 0; round < options.rounds; ++round) {
    const auto begin = Clock::now();
    if (ask(questions) != expected) Die("an answer changed");
    samples.push_back(Ns(Clock::now() - begin) / static_cast<double>(questions.size()));
  }
  return Median(std::move(samples));
}

Row Measure(const Options& options, const Subject& subject) {
  Row row;
  Held held = Hold(subject, row);
  const auto list = Read(subject, &row.load_ms);
  row.bytes = static_cast<double>(list->MemoryBytes());
  row.bytes_ratio = row.bytes / static_cast<double>(subject.text.size());
  for (const bool miss : {false, true}) {
    const std::vector<Question>& questions = miss ? subject.misses : subject.hits;
    const size_t yes = miss ? 0 : questions.size();
    const std::vector<Question> few(
        questions.begin(),
        questions.begin() + static_cast<ptrdiff_t>(std::min(questions.size(), subject.peer_questions)));
    row.index[miss] = NsEach(options, questions, yes, [&](const auto& q) { return subject.ask_index(*list, q); });
    row.policy[miss] = NsEach(options, questions, yes, [&](const auto& q) { return held.Ask(q); });
    row.peer[miss] = NsEach(options, few, miss ? 0 : few.size(), [&](const auto& q) { return subject.ask_peer(q); });
  }
  return row;
}

void Print(const Options& options, const Subject& subject, const Row& row) {
  if (options.json) {
    fmt::print(
        "{{\"list\": \"{}\", \"text_bytes\": {}, \"bytes\": {:.0f}, \"load_ms\": {:.1f}, \"publish_ms\": {:.1f}, "
        "\"publish_again_ms\": {:.2f}, "
        "\"index_ns\": [{:.1f}, {:.1f}], \"policy_ns\": [{:.1f}, {:.1f}], \"peer_ns\": [{:.1f}, {:.1f}]}}\n",
        subject.name, subject.text.size(), row.bytes, row.load_ms, row.publish_ms, row.again_ms, row.index[0],
        row.index[1], row.policy[0], row.policy[1], row.peer[0], row.peer[1]);
    return;
  }
  const auto pair = [](const double(&ns)[2]) { return fmt::format("{:.0f} / {:.0f}", ns[0], ns[1]); };
  fmt::print("{:10}{:>10.0f}{:>12.0f}{:>12.2f}{:>10.2f}{:>16}{:>16}{:>20}\n", subject.name, row.load_ms, row.publish_ms,
             row.again_ms, row.bytes_ratio, pair(row.index), pair(row.policy), pair(row.peer));
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"What lists from files cost"};
  app.add_option("--entries", options.entries, "Of the sets of strings and ints and of the map")
      ->check(CLI::Range(1, 9'000'000));
  app.add_option("--ranges", options.ranges, "Of the set of ranges")->check(CLI::Range(1, 9'000'000));
  app.add_option("--questions", options.questions, "A round")->check(CLI::Range(1, 100'000'000));
  app.add_option("--rounds", options.rounds, "Medians are printed")->check(CLI::Range(1, 10'000));
  app.add_option("--seed", options.seed, "Of the lists and the questions");
  app.add_flag("--json", options.json, "Print a JSON object a line instead of a table");
  CLI11_PARSE(app, argc, argv);
  if (!options.json) {
    fmt::print(
        "{} entries, {} ranges; ns a question that hits / misses, medians of {} "
        "rounds\n{:10}{:>10}{:>12}{:>12}{:>10}{:>16}{:>16}{:>20}\n",
        options.entries, options.ranges, options.rounds, "list", "read ms", "publish ms", "again ms", "x text",
        "index ns", "policy ns", "peer ns");
  }
  Random random(options.seed);
  for (const auto make : {Strings, Ints, Ranges, Prices}) {
    const std::unique_ptr<Subject> subject = make(options, random);
    Print(options, *subject, Measure(options, *subject));
  }
  return 0;
}

}  // namespace
}  // namespace moult::bench

int main(int argc, char** argv) { return moult::bench::Main(argc, argv); }
