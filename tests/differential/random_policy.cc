#include "tests/differential/random_policy.h"

#include <array>
#include <iterator>

namespace moult::testing {
namespace {

constexpr const char* kPrelude = R"(policy random

enum Color { red, green, blue }
record User { id: int, name: string, score: double, ok: bool, nick: string?, tags: list<string> }
input {
  a: int
  b: int
  x: double
  s: string
  t: string
  f: bool
  c: Color
  u: User
  l: list<string>
  n: list<int>
  m: map<string, string>
  os: string?
  oi: int?
  of: bool?
  key: bytes
  at: timestamp
  ttl: duration
  ip: ip
  net: cidr
  ips: list<ip>
  oat: timestamp?
}
const LIMIT = 7
const WORD = "ab"
list words: set<string> from "words.txt"
list nets: set<cidr> from "nets.txt"
list marks: set<int> from "marks.json"
list prices: map<string, int> from "prices.txt"
list colors: map<string, Color> from "colors.json"
source lookup(k: string, n: int) -> int
source flagged(k: string) -> bool
source shifted(t: timestamp, d: duration) -> timestamp
source block_of(i: ip, k: bytes) -> cidr
)";

constexpr const char* kStrings[] = {"\"\"",       "\"a\"",      "\"ab\"",          "\"abc\"",     "\"%61%2e\"",
                                    "\"&lt;b\"",  "\"\\u00e9\"", "\"A+B\"",         "\"ba\"",      "\"aaaaaaaaaaaaaaaaaaab\"",
                                    "\"k1\"",     "\"k2\"",     "\"http://a.b/c\"", "\"x\\ny\\\"\"", "\"\\U0001f600z\"",
                                    "\"abababababababababababababababababababab\""};
constexpr const char* kInts[] = {"0", "1", "2", "3", "-1", "7", "100", "9223372036854775807", "-9223372036854775808", "4294967296"};
constexpr const char* kDoubles[] = {"0.0", "1.0", "-1.5", "0.25", "1e300", "3.0", "9223372036854775808.0"};
constexpr const char* kColors[] = {"Color.red", "Color.green", "Color.blue"};
constexpr const char* kBytes[] = {"b\"\"", "b\"a\"", "b\"ab\"", "b\"\\xff\\x00\"", "b\"abababababababababab\""};
constexpr const char* kMoments[] = {"timestamp(0)", "timestamp(\"2026-01-02T03:04:05Z\")", "timestamp(\"2026-01-02T03:04:05.678Z\")",
                                    "timestamp(\"0001-01-01T00:00:00Z\")", "timestamp(\"9999-12-31T23:59:59.999999999Z\")"};
constexpr const char* kDurations[] = {"duration(\"0\")", "duration(\"1ns\")", "duration(\"-90s\")", "duration(\"1h30m\")", "duration(\"200000h\")",
                                      "duration(\"-2562047h\")"};
constexpr const char* kIps[] = {"ip(\"10.0.0.1\")", "ip(\"10.0.1.1\")", "ip(\"::1\")", "ip(\"2001:db8::1\")", "ip(\"::ffff:a00:1\")"};
constexpr const char* kCidrs[] = {"cidr(\"10.0.0.0/8\")", "cidr(\"10.0.0.1/24\")", "cidr(\"::/0\")", "cidr(\"2001:db8::/32\")", "cidr(\"0.0.0.0/0\")"};
constexpr const char* kParts[] = {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes",
                                  "getSeconds", "getMilliseconds"};
constexpr const char* kZones[] = {"", "\"+01:30\"", "\"-09:30\"", "\"UTC\"", "s"};
constexpr const char* kPatterns[] = {"\"a+b\"", "\"^[a-z]*$\"", "\"(?i)AB\"", "\"%[0-9a-f]{2}\"", "\"\\\\d\"", "\"b$\""};
constexpr const char* kRelations[] = {"==", "!=", "<", "<=", ">", ">="};
constexpr const char* kArithmetic[] = {"+", "-", "*", "/", "%"};

}  // namespace

const PolicyWriter::Variable* PolicyWriter::PickVariable(Kind kind) {
  std::vector<const Variable*> fitting;
  for (const Variable& v : variables_)
    if (v.kind == kind) fitting.push_back(&v);
  return fitting.empty() ? nullptr : fitting[static_cast<size_t>(Below(static_cast<int>(fitting.size())))];
}

std::string PolicyWriter::Literal(Kind kind) {
  switch (kind) {
    case Kind::kBool: return Chance(50) ? "true" : "false";
    case Kind::kInt: return Chance(10) ? "LIMIT" : kInts[Below(std::size(kInts))];
    case Kind::kDouble: return kDoubles[Below(std::size(kDoubles))];
    case Kind::kString: return Chance(10) ? "WORD" : kStrings[Below(std::size(kStrings))];
    case Kind::kEnum: return kColors[Below(std::size(kColors))];
    case Kind::kStrings: return std::string("[") + Literal(Kind::kString) + ", " + Literal(Kind::kString) + "]";
    case Kind::kInts: return std::string("[") + Literal(Kind::kInt) + ", " + Literal(Kind::kInt) + ", 5]";
    case Kind::kBytes: return kBytes[Below(std::size(kBytes))];
    case Kind::kTimestamp: return kMoments[Below(std::size(kMoments))];
    case Kind::kDuration: return kDurations[Below(std::size(kDurations))];
    case Kind::kIp: return kIps[Below(std::size(kIps))];
    case Kind::kCidr: return kCidrs[Below(std::size(kCidrs))];
  }
  return "";
}

std::string PolicyWriter::Leaf(Kind kind) {
  if (Chance(40))
    if (const Variable* v = PickVariable(kind)) return v->name;
  if (Chance(30)) return Literal(kind);
  switch (kind) {
    case Kind::kBool: return std::array{"f", "u.ok", "(of ?? true)", "has(u.nick)", "has(oi)", "has(m[\"k1\"])"}[Below(6)];
    case Kind::kInt: return std::array{"a", "b", "u.id", "(oi ?? 3)", "size(s)", "size(l)", "size(m)", "n[0]", "u.tags.size()"}[Below(9)];
    case Kind::kDouble: return std::array{"x", "u.score"}[Below(2)];
    case Kind::kString:
      return std::array{"s", "t", "u.name", "(os ?? \"none\")", "(u.nick ?? t)", "m[\"k1\"]", "(m[\"k2\"] ?? s)", "l[0]", "u.tags[1]"}[Below(9)];
    case Kind::kEnum: return "c";
    case Kind::kStrings: return std::array{"l", "u.tags"}[Below(2)];
    case Kind::kInts: return "n";
    case Kind::kBytes: return std::array{"key", "bytes(s)"}[Below(2)];
    case Kind::kTimestamp: return std::array{"at", "(oat ?? at)", "shifted(at, ttl)"}[Below(3)];
    case Kind::kDuration: return "ttl";
    case Kind::kIp: return std::array{"ip", "ips[0]", "net.ip()"}[Below(3)];
    case Kind::kCidr: return std::array{"net", "net.masked()", "block_of(ip, key)"}[Below(3)];
  }
  return "";
}

std::string PolicyWriter::Expression(Kind kind, int depth) {
  if (depth <= 0) return Leaf(kind);
  if (Chance(10)) return Conditional(kind, depth);
  if (Chance(12)) {
    for (const Function& f : functions_) {
      if (f.result != kind || Chance(50)) continue;
      std::string call = f.name + "(";
      for (size_t i = 0; i < f.parameters.size(); ++i) call += (i ? ", " : "") + Expression(f.parameters[i], depth - 2);
      return call + ")";
    }
  }
  switch (kind) {
    case Kind::kBool: return Bool(depth);
    case Kind::kInt: return Int(depth);
    case Kind::kDouble: return Double(depth);
    case Kind::kString: return String(depth);
    case Kind::kStrings: return Strings(depth);
    case Kind::kTimestamp:
    case Kind::kDuration: return Time(kind, depth);
    case Kind::kBytes:
      if (Chance(50)) return "(" + Expression(kind, depth - 1) + " + " + Expression(kind, depth - 1) + ")";
      return Leaf(kind);
    case Kind::kEnum:
    case Kind::kInts:
    case Kind::kIp:
    case Kind::kCidr: return Leaf(kind);
  }
  return "";
}

std::string PolicyWriter::Conditional(Kind kind, int depth) {
  return "(" + Expression(Kind::kBool, depth - 1) + " ? " + Expression(kind, depth - 1) + " : " + Expression(kind, depth - 1) + ")";
}

std::string PolicyWriter::Time(Kind kind, int depth) {
  const std::string sign = Chance(50) ? " + " : " - ";
  if (kind == Kind::kTimestamp) {
    if (Chance(20)) return "(" + Expression(Kind::kDuration, depth - 1) + " + " + Expression(kind, depth - 1) + ")";
    return "(" + Expression(kind, depth - 1) + sign + Expression(Kind::kDuration, depth - 1) + ")";
  }
  if (Chance(50)) return "(" + Expression(Kind::kTimestamp, depth - 1) + " - " + Expression(Kind::kTimestamp, depth - 1) + ")";
  return "(" + Expression(kind, depth - 1) + sign + Expression(kind, depth - 1) + ")";
}

std::string PolicyWriter::ScalarTest(int depth) {
  const std::string relation = kRelations[Below(std::size(kRelations))];
  const std::string equality = Chance(50) ? " == " : " != ";
  const auto of = [&](Kind kind) { return Expression(kind, depth - 1); };
  switch (Below(11)) {
    case 9: return "(" + of(Kind::kIp) + " in " + (Chance(70) ? "nets)" : "{" + Literal(Kind::kCidr) + ", " + Literal(Kind::kCidr) + "})");
    case 10: return "(" + of(Kind::kCidr) + " in " + (Chance(50) ? "nets)" : "[net, " + Literal(Kind::kCidr) + "])");
    case 0: return "(" + of(Kind::kBytes) + " " + relation + " " + of(Kind::kBytes) + ")";
    case 1: return "(" + of(Kind::kTimestamp) + " " + relation + " " + of(Kind::kTimestamp) + ")";
    case 2: return "(" + of(Kind::kDuration) + " " + relation + " " + of(Kind::kDuration) + ")";
    case 3: return "(" + of(Kind::kIp) + equality + of(Kind::kIp) + ")";
    case 4: return "(" + of(Kind::kCidr) + equality + of(Kind::kCidr) + ")";
    case 5: return of(Kind::kCidr) + (Chance(60) ? ".containsIP(" + of(Kind::kIp) : ".containsCIDR(" + of(Kind::kCidr)) + ")";
    case 6: return "(" + of(Kind::kIp) + " in " + (Chance(50) ? "ips)" : "[ip(\"10.0.0.1\"), ip(\"::1\")])");
    case 7: return of(Kind::kIp) + (Chance(50) ? ".isLoopback()" : ".isGlobalUnicast()");
    default: return "isIP(" + of(Kind::kString) + ")";
  }
}

std::string PolicyWriter::Bool(int depth) {
  switch (Below(11)) {
    case 9:
    case 10: return ScalarTest(depth);
    case 0:
    case 1: return "(" + Expression(Kind::kBool, depth - 1) + " && " + Expression(Kind::kBool, depth - 1) + ")";
    case 2:
    case 3: return "(" + Expression(Kind::kBool, depth - 1) + " || " + Expression(Kind::kBool, depth - 1) + ")";
    case 4: return "!" + Expression(Kind::kBool, depth - 1);
    case 5: return Quantifier(depth);
    case 6: return Membership(depth);
    case 7: return TextTest(depth);
    default: return Chance(25) ? Narrowed(depth) : Comparison(depth);
  }
}

std::string PolicyWriter::Comparison(int depth) {
  std::string relation = kRelations[Below(std::size(kRelations))];
  switch (Below(6)) {
    case 0: return "(" + Expression(Kind::kString, depth - 1) + " " + relation + " " + Expression(Kind::kString, depth - 1) + ")";
    case 1: return "(" + Expression(Kind::kDouble, depth - 1) + " " + relation + " " + Expression(Kind::kDouble, depth - 1) + ")";
    case 2: return "(" + Expression(Kind::kInt, depth - 1) + " " + relation + " " + Expression(Kind::kDouble, depth - 1) + ")";
    case 3: return "(" + Expression(Kind::kEnum, depth - 1) + (Chance(50) ? " == " : " != ") + Leaf(Kind::kEnum) + ")";
    case 4: return "(" + Expression(Kind::kBool, depth - 1) + (Chance(50) ? " == " : " != ") + Expression(Kind::kBool, depth - 1) + ")";
    default: return "(" + Expression(Kind::kInt, depth - 1) + " " + relation + " " + Expression(Kind::kInt, depth - 1) + ")";
  }
}

std::string PolicyWriter::TextTest(int depth) {
  std::string text = Expression(Kind::kString, depth - 1);
  if (Chance(20)) return text + ".matches(" + kPatterns[Below(std::size(kPatterns))] + ")";
  const char* method = std::array{"startsWith", "endsWith", "contains"}[Below(3)];
  return text + "." + method + "(" + Expression(Kind::kString, Chance(70) ? 0 : depth - 1) + ")";
}

std::string PolicyWriter::Membership(int depth) {
  std::string item = "(" + Expression(Kind::kString, depth - 1) + " in ";
  switch (Below(10)) {
    case 6: return item + (Chance(50) ? "prices)" : "colors)");
    case 7: return "(" + Expression(Kind::kInt, depth - 1) + " in marks)";
    case 8: return "(prices[" + Expression(Kind::kString, depth - 1) + "] > " + Expression(Kind::kInt, 0) + ")";
    case 9: return "((colors[" + Expression(Kind::kString, depth - 1) + "] ?? Color.red) == " + Leaf(Kind::kEnum) + ")";
    case 0: return item + "words)";
    case 1: return item + "m)";
    case 2: return item + "{\"a\", \"ab\", \"none\"})";
    case 3: return "(" + Expression(Kind::kInt, depth - 1) + " in " + Expression(Kind::kInts, 0) + ")";
    case 4: return "flagged(" + Expression(Kind::kString, depth - 1) + ")";
    default: return item + Expression(Kind::kStrings, depth - 1) + ")";
  }
}

std::string PolicyWriter::Quantifier(int depth) {
  bool ints = Chance(30);
  std::string range = Chance(15) && !ints ? "m" : Expression(ints ? Kind::kInts : Kind::kStrings, depth - 1);
  std::string name = "e" + std::to_string(names_++);
  variables_.push_back({name, ints ? Kind::kInt : Kind::kString});
  std::string body = Expression(Kind::kBool, depth - 1);
  variables_.pop_back();
  return range + (Chance(50) ? ".exists(" : ".all(") + name + ", " + body + ")";
}

// Presence shown to the checker in each of its forms.
std::string PolicyWriter::Narrowed(int depth) {
  std::string rest = Expression(Kind::kBool, depth - 1);
  switch (Below(5)) {
    case 0: return "(has(os) && (os == " + Expression(Kind::kString, depth - 1) + " || " + rest + "))";
    case 1: return "(!has(oi) || oi < " + Expression(Kind::kInt, depth - 1) + ")";
    case 2: return "(has(of) ? of : " + rest + ")";
    case 3: return "(has(u.nick) && u.nick.contains(" + Leaf(Kind::kString) + ") && " + rest + ")";
    default: return "(" + rest + " && has(oi) && has(os) && (oi + 1 > size(os)))";
  }
}

std::string PolicyWriter::Int(int depth) {
  switch (Below(7)) {
    case 0: return "size(" + Expression(Chance(70) ? Kind::kString : Kind::kStrings, depth - 1) + ")";
    case 1: return Expression(Kind::kString, depth - 1) + ".indexOf(" + Expression(Kind::kString, depth - 2) + ")";
    case 2: return "lookup(" + Expression(Kind::kString, depth - 1) + ", " + Expression(Kind::kInt, depth - 1) + ")";
    case 3: return "(-" + Expression(Kind::kInt, depth - 1) + ")";
    case 4: {
      const std::string zone = kZones[Below(std::size(kZones))];
      return Expression(Kind::kTimestamp, depth - 1) + "." + kParts[Below(std::size(kParts))] + "(" + zone + ")";
    }
    default:
      return "(" + Expression(Kind::kInt, depth - 1) + " " + kArithmetic[Below(std::size(kArithmetic))] + " " +
             Expression(Kind::kInt, depth - 1) + ")";
  }
}

std::string PolicyWriter::Double(int depth) {
  if (Chance(15)) return "(-" + Expression(Kind::kDouble, depth - 1) + ")";
  return "(" + Expression(Kind::kDouble, depth - 1) + " " + kArithmetic[Below(4)] + " " + Expression(Kind::kDouble, depth - 1) + ")";
}

std::string PolicyWriter::String(int depth) {
  std::string text = Expression(Kind::kString, depth - 1);
  switch (Below(8)) {
    case 0: return text + ".lowerAscii()";
    case 1: return text + ".urlDecode()";
    case 2: return text + ".htmlDecode()";
    case 3: return text + ".substring(" + Expression(Kind::kInt, depth - 2) + ")";
    case 4: return text + ".substring(" + Literal(Kind::kInt) + ", " + Expression(Kind::kInt, depth - 1) + ")";
    case 5: return Expression(Kind::kStrings, depth - 1) + "[" + Expression(Kind::kInt, depth - 2) + "]";
    case 6: return "(m[" + text + "] ?? " + Leaf(Kind::kString) + ")";
    default: return "(" + text + " + " + Expression(Kind::kString, depth - 1) + ")";
  }
}

std::string PolicyWriter::Strings(int depth) {
  if (Chance(50)) return Expression(Kind::kString, depth - 1) + ".split(" + (Chance(80) ? Literal(Kind::kString) : Leaf(Kind::kString)) + ")";
  if (Chance(30)) return "[" + Expression(Kind::kString, depth - 1) + ", " + Leaf(Kind::kString) + "]";
  return Leaf(Kind::kStrings);
}

std::string PolicyWriter::Reason() {
  switch (Below(5)) {
    case 0: return "\"plain reason\"";
    case 1: return "\"a is {a}, s is {s}, {{braces}}\"";
    case 2: return "\"{oi} {os} {n[1]} {x}\"";
    case 3: return "\"{at} {ttl} {ip} {net} {key} {oat}\"";
    default: return "\"{c} {f} {u.name}\"";
  }
}

std::string PolicyWriter::Declarations() {
  std::string text;
  for (int i = 0, n = Below(3); i < n; ++i) {
    Kind kinds[] = {Kind::kBool, Kind::kInt, Kind::kString, Kind::kDouble};
    Kind a = kinds[Below(3)], b = kinds[Below(3)], result = kinds[Below(4)];
    auto type = [](Kind k) {
      return k == Kind::kBool ? "bool" : k == Kind::kInt ? "int" : k == Kind::kString ? "string" : "double";
    };
    std::string name = "fun" + std::to_string(i);
    variables_ = {{"p", a}, {"q", b}};
    text += "fn " + name + "(p: " + type(a) + ", q: " + type(b) + ") -> " + type(result) + " = " + Expression(result, 3) + "\n";
    variables_.clear();
    functions_.push_back({name, {a, b}, result});
  }
  std::vector<Variable> lets;
  for (int i = 0, n = Below(4); i < n; ++i) {
    Kind kinds[] = {Kind::kBool,  Kind::kInt,       Kind::kString,   Kind::kStrings, Kind::kDouble, Kind::kEnum,
                    Kind::kBytes, Kind::kTimestamp, Kind::kDuration, Kind::kIp,      Kind::kCidr};
    Kind kind = kinds[Below(std::size(kinds))];
    std::string name = "v" + std::to_string(i);
    variables_ = lets;
    text += "let " + name + " = " + Expression(kind, 4) + "\n";
    lets.push_back({name, kind});
  }
  variables_ = lets;
  return text;
}

struct PolicyWriter::Mode {
  const char* decide;
  std::vector<const char*> verdicts;  // that a rule gives; none: it gives a score
};
const PolicyWriter::Mode PolicyWriter::kModes[] = {
    {"score {>= 80: block, >= 30: review} default allow", {}},
    {"severest [allow < review < block] default allow", {"allow", "review", "block"}},
    {"severest [allow < review < block] default review", {"allow", "review", "block"}},
    {"first_match [allow, review, block] default allow", {"allow", "review", "block"}},
    {"forbid_overrides default forbid", {"permit", "forbid"}},
    {"forbid_overrides default permit", {"permit", "forbid"}},
};

std::string PolicyWriter::Rule(int number, const Mode& mode) {
  std::string text = "rule r" + std::to_string(number) + (Chance(15) ? " mode shadow" : "");
  if (Chance(30)) text += Chance(50) ? " on_error fire" : " on_error skip";
  text += " {\n  when " + Expression(Kind::kBool, 5) + "\n";
  if (Chance(25)) text += "  unless " + Expression(Kind::kBool, 3) + "\n";
  if (mode.verdicts.empty()) {
    text += "  then score " + std::string(Chance(70) ? "+" : "-") + std::to_string(1 + Below(60));
    if (Chance(50)) text += ", tag \"t" + std::to_string(Below(3)) + "\"";
  } else {
    text += "  then " + std::string(mode.verdicts[static_cast<size_t>(Below(static_cast<int>(mode.verdicts.size())))]);
    if (Chance(60)) text += " " + Reason();
  }
  if (Chance(30)) text += ", emit note(" + Expression(Kind::kString, 2) + ", " + Expression(Kind::kInt, 2) + ")";
  if (Chance(20)) text += ", emit mark(" + Expression(Kind::kBool, 1) + ", " + Expression(Kind::kDouble, 2) + ", c)";
  return text + "\n}\n";
}

std::string PolicyWriter::Write() {
  functions_.clear();
  variables_.clear();
  const Mode& mode = kModes[Below(std::size(kModes))];
  std::string text = kPrelude;
  text += std::string("decide ") + mode.decide + "\n";
  text += Declarations();
  for (int i = 0, n = 1 + Below(12); i < n; ++i) text += Rule(i, mode);
  return text;
}

}  // namespace moult::testing
