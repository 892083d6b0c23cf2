#include "bench/workload.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>

namespace moult::bench {
namespace {

[[noreturn]] void Die(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  std::exit(1);
}

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) Die(fmt::format("cannot read {}", path));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

template <class T>
T Get(simdjson::dom::element element, std::string_view name) {
  T value;
  if (element[name].get(value) != simdjson::SUCCESS) Die(fmt::format("a request has no proper `{}`", name));
  return value;
}
std::string Text(simdjson::dom::element element, std::string_view name) {
  return std::string(Get<std::string_view>(element, name));
}

Request ParseRequest(simdjson::dom::element element) {
  Request request;
  const auto user = Get<simdjson::dom::element>(element, "user");
  request.user = {Get<int64_t>(user, "id"),   Get<int64_t>(user, "age_days"),  Text(user, "country"),
                  Text(user, "email"),        Get<double>(user, "reputation"), Get<int64_t>(user, "friend_count"),
                  Get<bool>(user, "verified")};
  request.action = Text(element, "action");
  request.text = Text(element, "text");
  request.ip = Text(element, "ip");
  for (simdjson::dom::element url : Get<simdjson::dom::array>(element, "urls")) {
    request.urls.emplace_back(std::string_view(url));
  }
  request.rate_1h = Get<int64_t>(element, "rate_1h");
  request.hour = Get<int64_t>(element, "hour");
  return request;
}

// Filled from the JSON itself, so that structs and JSON cannot differ.
void ParseAll(Workload* workload) {
  simdjson::dom::parser parser;
  for (const std::string& line : workload->json) {
    simdjson::dom::element element;
    if (parser.parse(line).get(element) != simdjson::SUCCESS) Die("a request is no JSON");
    workload->requests.push_back(ParseRequest(element));
  }
}

constexpr std::string_view kCountries[] = {"RU", "CN", "NG", "US", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "NO"};
constexpr std::string_view kActions[] = {"post", "comment", "message", "signup", "login"};
constexpr std::string_view kDomains[] = {"@gmail.test", "@mail.test", "@tempmail.test", "@mail.ru", "@corp.example"};
constexpr std::string_view kWords[] = {"news",  "coffee",     "dinner", "train", "paper",      "friend",
                                       "price", "free money", "code",   "tree",  "click here", "year",
                                       "river", "house",      "plane",  "casino"};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  std::string NextJson() {
    std::string text;
    for (int64_t words = Below(40); words >= 0; --words) text += fmt::format("{} ", Pick(kWords));
    std::string urls;
    for (int64_t count = Below(10) < 8 ? 0 : Below(6); count > 0; --count) {
      urls += fmt::format("{}\"http://site{}.example/page?id={}\"", urls.empty() ? "" : ", ", Below(2000), Below(100));
    }
    return fmt::format(
        R"({{"user": {{"id": {}, "age_days": {}, "country": "{}", "email": "user{}{}", "reputation": {:.3f}, )"
        R"("friend_count": {}, "verified": {}}}, "action": "{}", "text": "{}", "ip": "{}.{}.{}.{}", "urls": [{}], )"
        R"("rate_1h": {}, "hour": {}}})",
        Below(1'000'000'000), Below(20) == 0 ? Below(7) : Below(4000), Pick(kCountries), Below(10'000), Pick(kDomains),
        static_cast<double>(Below(1001)) / 1000, Below(300), Below(10) < 3, Pick(kActions), text, Below(224),
        Below(256), Below(256), Below(256), urls, Below(10) == 0 ? Below(200) : Below(20), Below(24));
  }

 private:
  int64_t Below(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }
  template <size_t n>
  std::string_view Pick(const std::string_view (&choices)[n]) {
    return choices[static_cast<size_t>(Below(n))];
  }
  std::mt19937_64 random_;
};

}  // namespace

Workload ReadWorkload(const std::string& folder) {
  Workload workload;
  std::ifstream stream(folder + "/requests.jsonl");
  if (!stream) Die(fmt::format("cannot read {}/requests.jsonl", folder));
  for (std::string line; std::getline(stream, line);) workload.json.push_back(std::move(line));
  workload.blocklist = ReadFile(folder + "/blocklist.txt");
  ParseAll(&workload);
  return workload;
}

Workload MakeWorkload(size_t count, uint64_t seed) {
  Workload workload;
  Generator generator(seed);
  for (size_t i = 0; i < count; ++i) workload.json.push_back(generator.NextJson());
  for (int i = 0; i < 2000; i += 20) workload.blocklist += fmt::format("site{}.example\n", i);
  ParseAll(&workload);
  return workload;
}

int64_t ReferenceChecksum(const std::string& folder, const std::string& policy) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t checksum = 0;
  if (parser.load(folder + "/reference.json").get(root) != simdjson::SUCCESS) return 0;
  if (root[policy]["checksum"].get(checksum) != simdjson::SUCCESS) return 0;
  return checksum;
}

}  // namespace moult::bench
