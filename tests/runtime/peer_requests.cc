#include "tests/runtime/peer_requests.h"

#include <simdjson.h>

#include <sstream>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

constexpr const char* kData = MOULT_SOURCE_DIR "/../shared/peers/data/";

// The DOM here, so that the struct does not come from the reader under test.
PeerRequest Parse(const std::string& line) {
  static simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(line);
  auto text = [](const simdjson::dom::element& e) { return std::string(e.get_string().value()); };
  auto small = [](const simdjson::dom::element& e) { return static_cast<int32_t>(e.get_int64().value()); };
  PeerRequest r;
  r.json = line;
  const simdjson::dom::element user = json["user"];
  r.user = {user["id"].get_int64().value(),
            small(user["age_days"]),
            text(user["country"]),
            text(user["email"]),
            user["reputation"].get_double().value(),
            small(user["friend_count"]),
            user["verified"].get_bool().value()};
  r.action = text(json["action"]);
  r.text = text(json["text"]);
  r.ip = text(json["ip"]);
  for (const simdjson::dom::element url : json["urls"].get_array()) r.urls.push_back(text(url));
  r.rate_1h = small(json["rate_1h"]);
  r.hour = static_cast<uint8_t>(small(json["hour"]));
  return r;
}

}  // namespace

const std::vector<PeerRequest>& PeerRequests() {
  static const std::vector<PeerRequest> requests = [] {
    std::vector<PeerRequest> all;
    std::istringstream lines(ReadFile(std::string(kData) + "requests.jsonl"));
    for (std::string line; std::getline(lines, line);) all.push_back(Parse(line));
    return all;
  }();
  return requests;
}

const std::string& PeerBlocklist() {
  static const std::string text = ReadFile(std::string(kData) + "blocklist.txt");
  return text;
}

}  // namespace moult::test
