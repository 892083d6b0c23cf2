// Bytes, timestamps, durations, addresses and ranges: from JSON and from structs, to sources and back, in reasons.
#include <chrono>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr const char* kPolicy = R"(policy test.p
input {
  key: bytes max 4
  at:  timestamp
  ttl: duration
  ip:  ip
  net: cidr
  keys: set<bytes>
  last: timestamp?
}
source seen(key: bytes, at: timestamp, ttl: duration, ip: ip, net: cidr) -> timestamp
source origin(ip: ip) -> cidr
source spare(key: bytes) -> bytes
source wait(key: bytes) -> duration
source peer(key: bytes) -> ip
decide score { >= 1000: block } default allow
rule shows { when at == at then score +1 "{key} {at} {ttl} {ip} {net} {last}" }
rule late { when at - (last ?? at) > ttl then score +2 }
rule inside { when net.containsIP(ip) then score +4 }
rule known { when key in keys then score +8 }
rule asked { when seen(key, at, ttl, ip, net) == at + ttl then score +16 }
rule from { when origin(ip).containsIP(ip) && spare(key) == key + b"!" && wait(key) == ttl && peer(key) == ip then score +32 }
)";

constexpr const char* kJson = R"({"key":"YWI=","at":"2026-01-02T05:04:05.5+02:00","ttl":"1h30m","ip":"10.1.2.3","net":"10.0.0.0/8",
  "keys":["YWI=","YWI","AA=="],"last":"2026-01-02T00:00:00Z"})";

// As a host might have them.
struct Event {
  std::vector<std::byte> key;
  std::chrono::sys_time<milliseconds> at;
  seconds ttl{0};
  Ip ip;
  Cidr net;
  std::vector<std::vector<std::byte>> keys;
  std::optional<std::chrono::system_clock::time_point> last;
};
struct OtherEvent {  // otherwise
  std::string key;
  std::chrono::sys_time<microseconds> at;
  nanoseconds ttl{0};
  Ip ip;
  Cidr net;
  std::vector<std::vector<uint8_t>> keys;
  std::optional<std::chrono::sys_seconds> last;
};

}  // namespace
}  // namespace moult::test

#define MOULT_TEST_EVENT(Type)                                                                                           \
  template <>                                                                                                            \
  struct moult::Describe<moult::test::Type> {                                                                            \
    static void Fields(Record<test::Type>& r) {                                                                          \
      using E = test::Type;                                                                                              \
      r.Field("key", &E::key).Field("at", &E::at).Field("ttl", &E::ttl).Field("ip", &E::ip).Field("net", &E::net);       \
      r.Field("keys", &E::keys).Field("last", &E::last);                                                                 \
    }                                                                                                                    \
  }
MOULT_TEST_EVENT(Event);
MOULT_TEST_EVENT(OtherEvent);
#undef MOULT_TEST_EVENT

namespace moult::test {
namespace {

class Scalars : public BothEvaluators {
 protected:
  Scalars() {
    Bind("seen", [](auto a) {
      EXPECT_EQ(a[0].AsBytes().size(), 2u);
      EXPECT_EQ(a[3].AsAddress(), Ip::Parse("10.1.2.3"));
      EXPECT_EQ(a[4].AsRange(), Cidr::Parse("10.0.0.0/8"));
      SourceValue::Timestamp t = a[1].AsTime();
      t.seconds += std::chrono::duration_cast<seconds>(a[2].AsDuration()).count();
      return SourceValue::Time(t);
    });
    Bind("origin", [](auto a) { return SourceValue::Range(Cidr::Create(a[0].AsAddress(), 24)->Masked()); });
    Bind("spare", [](auto a) {
      std::vector<std::byte> bytes(a[0].AsBytes().begin(), a[0].AsBytes().end());
      bytes.push_back(std::byte{'!'});
      static std::vector<std::byte> kept;
      kept = bytes;
      return SourceValue::Bytes(kept);
    });
    Bind("wait", [](auto) { return SourceValue::Duration(std::chrono::minutes(90)); });
    Bind("peer", [](auto) { return SourceValue::Address(*Ip::Parse("10.1.2.3")); });
    Publish(*engine_, kPolicy);
    context_.set_detail(Detail::kFull);
  }
  void Bind(const char* name, SourceFunction function) { ASSERT_TRUE(engine_->BindSource(name, std::move(function)).ok()); }
  Decision FromJson(const std::string& json) {
    Decision d;
    const Status status = FindJson(*engine_).Decide(context_, json, &d);
    EXPECT_TRUE(status.ok()) << status.error().message;
    return d;
  }
  std::string Refusal(const std::string& member) {
    std::string json = kJson;
    const std::string name = member.substr(0, member.find(':'));
    const size_t begin = json.find(name + ":");
    const size_t end = json.find(name == "\"keys\"" ? ']' : ',', begin) + (name == "\"keys\"" ? 1 : 0);
    json.replace(begin, end - begin, member);
    Decision d;
    const Status status = FindJson(*engine_).Decide(context_, json, &d);
    return status.ok() ? "ok" : status.error().message;
  }

  Context context_{*engine_};
};
MOULT_BOTH_EVALUATORS(Scalars);

TEST_P(Scalars, AreReadFromJson) {
  const Decision d = FromJson(kJson);
  EXPECT_EQ(d.score(), 63) << ToText(d);
  EXPECT_EQ(d.rules()[0].reason, "YWI= 2026-01-02T03:04:05.5Z 5400s 10.1.2.3 10.0.0.0/8 2026-01-02T00:00:00Z");
}

TEST_P(Scalars, AreRefusedByPathAndForm) {
  EXPECT_EQ(Refusal(R"("key":"YW=")"), "key: `YW=` is no bytes (base64, as \"YWI=\")");
  EXPECT_EQ(Refusal(R"("key":"YWJjZGU=")"), "key: 5 bytes, at most 4 are declared");
  EXPECT_EQ(Refusal(R"("at":"2026-02-30T00:00:00Z")"),
            "at: `2026-02-30T00:00:00Z` is no timestamp (RFC 3339, as \"2026-01-02T03:04:05Z\")");
  EXPECT_EQ(Refusal(R"("at":1767323045)"), "at: expected timestamp, got number");
  EXPECT_EQ(Refusal(R"("ttl":"90")"), "ttl: `90` is no duration (as \"1.5s\" or \"10m\")");
  EXPECT_EQ(Refusal(R"("ip":"::1%eth0")"), "ip: `::1%eth0` is no ip (as \"192.0.2.1\" or \"2001:db8::1\")");
  EXPECT_EQ(Refusal(R"("net":"10.0.0.0/33")"), "net: `10.0.0.0/33` is no cidr (as \"192.0.2.0/24\")");
  EXPECT_EQ(Refusal(R"("keys":["YWI=","*"])"), "keys[1]: `*` is no bytes (base64, as \"YWI=\")");
}

TEST_P(Scalars, AreReadInPlaceFromEitherStruct) {
  const nanoseconds at = seconds(1'767'323'045) + milliseconds(500);
  const auto bytes = [](std::string_view text) {
    const auto span = std::as_bytes(std::span(text));
    return std::vector<std::byte>(span.begin(), span.end());
  };
  Event event;
  event.key = bytes("ab");
  event.at = std::chrono::sys_time<milliseconds>(std::chrono::duration_cast<milliseconds>(at));
  event.ttl = std::chrono::minutes(90);
  event.ip = *Ip::Parse("10.1.2.3");
  event.net = *Cidr::Parse("10.0.0.0/8");
  event.keys = {bytes("x"), bytes("ab")};
  event.last = std::chrono::system_clock::time_point(seconds(1'767'312'000));
  OtherEvent other;
  other.key = "ab";
  other.at = std::chrono::sys_time<microseconds>(std::chrono::duration_cast<microseconds>(at));
  other.ttl = event.ttl;
  other.ip = event.ip;
  other.net = event.net;
  other.keys = {{'a', 'b'}};
  other.last = std::chrono::sys_seconds(seconds(1'767'312'000));
  const std::string expected = ToText(FromJson(kJson));
  Decision d;
  ASSERT_TRUE(Find<Event>(*engine_).Decide(context_, event, &d).ok());
  EXPECT_EQ(ToText(d), expected);
  ASSERT_TRUE(Find<OtherEvent>(*engine_).Decide(context_, other, &d).ok());
  EXPECT_EQ(ToText(d), expected);

  event.key = bytes("abcde");
  const Status status = Find<Event>(*engine_).Decide(context_, event, &d);
  EXPECT_EQ(status.ok() ? "ok" : status.error().message, "key: 5 bytes, at most 4 are declared");
}

TEST_P(Scalars, ACountOutOfRangeIsTheRulesError) {
  Event event;
  event.at = std::chrono::sys_time<milliseconds>(milliseconds(INT64_MAX));
  event.ttl = seconds(INT64_MAX);
  Decision d;
  ASSERT_TRUE(Find<Event>(*engine_).Decide(context_, event, &d).ok());
  ASSERT_FALSE(d.error_texts().empty());
  EXPECT_EQ(d.error_texts()[0].text, "timestamp out of range");
}

TEST_P(Scalars, ASourceThatAnswersWithNoMomentFails) {
  Bind("seen", [](auto) { return SourceValue::Time(SourceValue::Timestamp{INT64_MAX, 0}); });
  Bind("wait", [](auto) { return SourceValue::Int(5); });
  Publish(*engine_, std::string(kPolicy) + "\n");
  const Decision d = FromJson(kJson);
  ASSERT_EQ(d.error_texts().size(), 2u) << ToText(d);
  EXPECT_EQ(d.error_texts()[0].rule, "asked");
  EXPECT_EQ(d.error_texts()[0].text, "source failed");
  EXPECT_EQ(d.error_texts()[1].rule, "from");
}

}  // namespace
}  // namespace moult::test
