#include "tests/differential/random_request.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <limits>
#include <span>

#include "lang/base64.h"
#include "lang/time.h"

namespace moult::testing {
namespace {

std::string RandomText(std::mt19937_64& random) {
  static constexpr const char* kPieces[] = {"a", "b", "ab", "A", "é", "%61", "%", "+", "&lt;", "&#65;", " ", "\"", "\n", "http://", "/", "k1", "😀", "."};
  std::string text;
  size_t pieces = random() % 4 == 0 ? random() % 40 : random() % 4;
  for (size_t i = 0; i < pieces; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

template <class T>
T RandomInt(std::mt19937_64& random) {
  static constexpr std::array<T, 7> kValues = {0, 1, 2, 3, -1, std::numeric_limits<T>::max(), std::numeric_limits<T>::min()};
  return random() % 3 == 0 ? static_cast<T>(random() % 11) : kValues[random() % kValues.size()];
}

std::vector<std::string> RandomTexts(std::mt19937_64& random) {
  std::vector<std::string> texts(random() % 4);
  for (std::string& text : texts) text = RandomText(random);
  return texts;
}

std::string Quote(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') quoted += "\\n";
    else quoted += c;
  }
  return quoted + "\"";
}

Ip RandomIp(std::mt19937_64& random) {
  static constexpr const char* kTexts[] = {"10.0.0.1", "10.0.1.1", "127.0.0.1", "::", "::1", "2001:db8::1", "fe80::7", "255.255.255.255"};
  return *Ip::Parse(kTexts[random() % std::size(kTexts)]);
}

std::string Base64(std::span<const std::byte> bytes) {
  std::string text(lang::Base64Size(bytes.size()), '\0');
  lang::EncodeBase64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, text.data());
  return text;
}

template <class Clock, class Unit>
std::string Rfc3339(const std::chrono::time_point<Clock, Unit>& t) {
  return lang::FormatTimestamp(*lang::TimestampOfTicks(t.time_since_epoch().count(), Unit::period::den));
}

template <class Items, class ToText>
std::string Array(const Items& items, ToText to_text) {
  std::string json = "[";
  for (const auto& item : items) json += (json.size() > 1 ? "," : "") + to_text(item);
  return json + "]";
}

}  // namespace

Request RandomRequest(std::mt19937_64& random) {
  static constexpr Color kColors[] = {Color::kRed, Color::kGreen, Color::kBlue};
  static constexpr double kReals[] = {0, 1, -1.5, 0.25, 3, 1e300, 7};
  Request r;
  r.f = random() % 2;
  r.c = kColors[random() % 3];
  r.b = RandomInt<int16_t>(random);
  r.a = RandomInt<int64_t>(random);
  r.s = RandomText(random);
  r.t = RandomText(random);
  r.x = kReals[random() % std::size(kReals)];
  r.u = {RandomText(random), random() % 2 == 0, RandomInt<int32_t>(random), static_cast<float>(random() % 8) / 4, std::nullopt, RandomTexts(random)};
  if (random() % 2) r.u.nick = RandomText(random);
  r.l = RandomTexts(random);
  r.n.resize(random() % 4);
  for (int64_t& n : r.n) n = RandomInt<int64_t>(random);
  for (const char* key : {"k1", "k2", "ab"})
    if (random() % 2) r.m.emplace_back(key, RandomText(random));
  if (random() % 2) r.os = RandomText(random);
  if (random() % 2) r.oi = RandomInt<int64_t>(random);
  if (random() % 2) r.of = random() % 2;
  static constexpr int64_t kMillis[] = {0, -1, 1'767'323'045'000, 1'767'323'045'678, -62'135'596'800'000, 253'402'300'799'999};
  for (size_t i = random() % 4; i > 0; --i) r.key.push_back(std::byte{static_cast<uint8_t>("ab\xff\0"[random() % 4])});
  r.at = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(kMillis[random() % std::size(kMillis)]));
  r.ttl = std::chrono::microseconds(RandomInt<int32_t>(random) * int64_t{1'000'000} + RandomInt<int16_t>(random));
  r.ip = RandomIp(random);
  const Ip net = RandomIp(random);
  r.net = *Cidr::Create(net, static_cast<uint32_t>(random() % (net.is_v4() ? 33 : 129)));
  for (size_t i = random() % 3; i > 0; --i) r.ips.push_back(RandomIp(random));
  if (random() % 2) r.oat = std::chrono::system_clock::time_point(std::chrono::nanoseconds(RandomInt<int64_t>(random)));
  return r;
}

std::string ToJson(const Request& r) {
  static constexpr const char* kNames[] = {"red", "green", "blue"};
  const char* color = kNames[r.c == Color::kRed ? 0 : r.c == Color::kGreen ? 1 : 2];
  std::string json = fmt::format(R"({{"a":{},"b":{},"x":{},"s":{},"t":{},"f":{},"c":"{}",)", r.a, r.b, r.x, Quote(r.s), Quote(r.t), r.f, color);
  json += fmt::format(R"("u":{{"id":{},"name":{},"score":{},"ok":{},"tags":{}{}}},)", r.u.id, Quote(r.u.name), r.u.score, r.u.ok,
                      Array(r.u.tags, Quote), r.u.nick ? ",\"nick\":" + Quote(*r.u.nick) : "");
  json += fmt::format(R"("l":{},"n":{},"m":{{)", Array(r.l, Quote), Array(r.n, [](int64_t n) { return std::to_string(n); }));
  for (size_t i = 0; i < r.m.size(); ++i) json += (i ? "," : "") + Quote(r.m[i].first) + ":" + Quote(r.m[i].second);
  json += "}";
  if (r.os) json += ",\"os\":" + Quote(*r.os);
  json += ",\"oi\":" + (r.oi ? std::to_string(*r.oi) : "null");
  if (r.of) json += fmt::format(",\"of\":{}", *r.of);
  json += fmt::format(R"(,"key":"{}","at":"{}","ttl":"{}","ip":"{}","net":"{}")", Base64(r.key), Rfc3339(r.at),
                      lang::FormatDuration(r.ttl.count() * 1000), r.ip.ToString(), r.net.ToString());
  json += ",\"ips\":" + Array(r.ips, [](const Ip& ip) { return Quote(ip.ToString()); });
  if (r.oat) json += ",\"oat\":" + Quote(Rfc3339(*r.oat));
  return json + "}";
}

}  // namespace moult::testing
