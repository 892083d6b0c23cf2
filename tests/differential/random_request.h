// Random requests for the policies of random_policy.h, as a bound struct and as the same JSON.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "moult/binding.h"

namespace moult::testing {

enum class Color : uint8_t { kRed = 3, kGreen = 0, kBlue = 200 };

struct User {
  std::string name;
  bool ok = false;
  int32_t id = 0;
  float score = 0;
  std::optional<std::string> nick;
  std::vector<std::string> tags;
};

// Deliberately not in the order of the policy's fields, with narrow integers and a float.
struct Request {
  bool f = false;
  Color c = Color::kRed;
  int16_t b = 0;
  std::string s;
  std::string t;
  int64_t a = 0;
  double x = 0;
  User u;
  std::vector<std::string> l;
  std::vector<int64_t> n;
  std::vector<std::pair<std::string, std::string>> m;
  std::optional<std::string> os;
  std::optional<int64_t> oi;
  std::optional<bool> of;
  std::vector<std::byte> key;
  std::chrono::sys_time<std::chrono::milliseconds> at;
  std::chrono::microseconds ttl{0};
  Ip ip;
  Cidr net;
  std::vector<Ip> ips;
  std::optional<std::chrono::system_clock::time_point> oat;
};

Request RandomRequest(std::mt19937_64& random);
std::string ToJson(const Request& request);

}  // namespace moult::testing

template <>
struct moult::Describe<moult::testing::User> {
  static void Fields(moult::Record<moult::testing::User>& r) {
    using U = moult::testing::User;
    r.Field("id", &U::id).Field("name", &U::name).Field("score", &U::score).Field("ok", &U::ok);
    r.Field("nick", &U::nick).Field("tags", &U::tags);
  }
};

template <>
struct moult::Describe<moult::testing::Request> {
  static void Fields(moult::Record<moult::testing::Request>& r) {
    using R = moult::testing::Request;
    using C = moult::testing::Color;
    r.Field("a", &R::a).Field("b", &R::b).Field("x", &R::x).Field("s", &R::s).Field("t", &R::t).Field("f", &R::f);
    r.Enum("c", &R::c, {{"red", C::kRed}, {"green", C::kGreen}, {"blue", C::kBlue}});
    r.Field("u", &R::u).Field("l", &R::l).Field("n", &R::n).Field("m", &R::m);
    r.Field("os", &R::os).Field("oi", &R::oi).Field("of", &R::of);
    r.Field("net", &R::net).Field("ips", &R::ips).Field("ip", &R::ip).Field("key", &R::key);
    r.Field("oat", &R::oat).Field("ttl", &R::ttl).Field("at", &R::at);
  }
};
