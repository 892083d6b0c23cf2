// The reference workload's requests as a host would hold them: strings, integers, a vector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "moult/binding.h"

namespace moult::test {

struct PeerUser {
  int64_t id = 0;
  int32_t age_days = 0;
  std::string country;
  std::string email;
  double reputation = 0;
  int32_t friend_count = 0;
  bool verified = false;
};

struct PeerRequest {
  std::string json;  // the line it was read from
  PeerUser user;
  std::string action;
  std::string text;
  std::string ip;
  std::vector<std::string> urls;
  int32_t rate_1h = 0;
  uint8_t hour = 0;
};

// Read once; empty when the reference data is not there.
const std::vector<PeerRequest>& PeerRequests();
const std::string& PeerBlocklist();

}  // namespace moult::test

template <>
struct moult::Describe<moult::test::PeerUser> {
  using User = test::PeerUser;
  static void Fields(Record<User>& r) {
    r.Named("PeerUser").Field("id", &User::id).Field("age_days", &User::age_days).Field("country", &User::country);
    r.Field("email", &User::email).Field("reputation", &User::reputation).Field("friend_count", &User::friend_count);
    r.Field("verified", &User::verified);
  }
};

template <>
struct moult::Describe<moult::test::PeerRequest> {
  using Request = test::PeerRequest;
  static void Fields(Record<Request>& r) {
    r.Named("PeerRequest")
        .Field("user", &Request::user)
        .Field("action", &Request::action)
        .Field("text", &Request::text);
    r.Field("ip", &Request::ip)
        .Field("urls", &Request::urls)
        .Field("rate_1h", &Request::rate_1h)
        .Field("hour", &Request::hour);
  }
};
