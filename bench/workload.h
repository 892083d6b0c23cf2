// The requests of the reference policies (examples/peers): read from a file, or made up.
#pragma once

#include <moult/binding.h>

#include <cstdint>
#include <string>
#include <vector>

namespace moult::bench {

struct User {
  int64_t id = 0;
  int64_t age_days = 0;
  std::string country;
  std::string email;
  double reputation = 0;
  int64_t friend_count = 0;
  bool verified = false;
};

struct Request {
  User user;
  std::string action;
  std::string text;
  std::string ip;
  std::vector<std::string> urls;
  int64_t rate_1h = 0;
  int64_t hour = 0;
};

struct Workload {
  std::vector<std::string> json;  // parallel to requests
  std::vector<Request> requests;
  std::string blocklist;  // of the medium policy, one domain a line
};

// DIR/requests.jsonl and DIR/blocklist.txt. On failure exits with a message: a benchmark without its data is of no use.
Workload ReadWorkload(const std::string& folder);
// `count` requests from a seeded generator. Their mix is plausible, no more: for comparing builds on one machine.
Workload MakeWorkload(size_t count, uint64_t seed);

// The reference checksum over decisions in order of the requests: it covers verdict, score and fired rules.
class Checksum {
 public:
  // `decision` is 0, 1, 2 for allow, challenge, block.
  template <class Fired>
  void Add(uint32_t decision, int64_t score, const Fired& fired) {
    int64_t h = (static_cast<int64_t>(decision) + 1) * (index_++ % 9973 + 1) + (score + 1000) * 7;
    int64_t k = 0;
    for (uint32_t rule : fired) h += (static_cast<int64_t>(rule) + 1) * ++k * 13;
    sum_ += h;
  }
  int64_t value() const { return sum_ % 1'000'000'007; }

 private:
  int64_t index_ = 0;
  int64_t sum_ = 0;
};

// `policy`'s checksum over its 10,000 requests from DIR/reference.json; 0 if there is no such file.
int64_t ReferenceChecksum(const std::string& folder, const std::string& policy);

}  // namespace moult::bench

template <>
struct moult::Describe<moult::bench::User> {
  static void Fields(moult::Record<moult::bench::User>& r) {
    using moult::bench::User;
    r.Field("id", &User::id).Field("age_days", &User::age_days).Field("country", &User::country);
    r.Field("email", &User::email).Field("reputation", &User::reputation).Field("friend_count", &User::friend_count);
    r.Field("verified", &User::verified);
  }
};

template <>
struct moult::Describe<moult::bench::Request> {
  static void Fields(moult::Record<moult::bench::Request>& r) {
    using moult::bench::Request;
    r.Field("user", &Request::user).Field("action", &Request::action).Field("text", &Request::text);
    r.Field("ip", &Request::ip).Field("urls", &Request::urls).Field("rate_1h", &Request::rate_1h);
    r.Field("hour", &Request::hour);
  }
};
