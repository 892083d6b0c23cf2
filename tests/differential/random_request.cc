#include "tests/differential/random_request.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <limits>

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
  return json + "}";
}

}  // namespace moult::testing
