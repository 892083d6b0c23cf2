// Bytes as a JSON input: the reader, and the diagnosis of what is no JSON.
#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>

#include "lang/bind.h"
#include "lang/compile.h"
#include "lang/value_text.h"
#include "runtime/json_diagnose.h"
#include "runtime/json_input.h"
#include "tests/fuzz/target.h"

namespace moult::fuzz {
namespace {

constexpr int kMaxDepth = 200;  // of the reader

// Fields of every type, and names that are short to write.
constexpr const char* kSchema = R"(policy fuzz.input
input {
  b: bool?
  i: int?
  d: double?
  s: string? max 9
  y: bytes?
  t: timestamp?
  u: duration?
  a: ip?
  c: cidr?
  e: Action?
  r: Record?
  l: list<int>
  m: map<string, list<double>>?
  n: map<int, bool>?
  o: map<Action, string>?
  k: set<string>?
  w: set<ip>?
  x: list<Record>? max 3
}
record Record { id: int, name: string?, next: Inner?, tags: set<duration>? }
record Inner { v: list<list<string>>, m: map<bool, cidr>? }
enum Action { login, signup }
decide severest [allow < block] default allow
rule never { when size(l) == 7 then block }
)";

struct Schema {
  Schema() : program(std::move(lang::Compile({"schema.moult", kSchema})).value().program) {
    layout = lang::NativeLayout(program.types, program.input);
  }
  lang::Program program;
  LayoutRef layout;
};

// The input that a text stands for, as JSON of our own; the reader's words if it is refused.
struct Reading {
  bool ok = false;
  std::string text;
};

Reading Read(std::string_view json) {
  static const Schema schema;
  lang::Arena arena;
  runtime::JsonReader reader;
  const void* record = nullptr;
  const Status status = reader.Read(json, {&schema.program.types, schema.program.input, schema.layout.get()}, arena, &record);
  if (!status.ok()) {
    Require(status.error().code == "E-input" && !status.error().message.empty(), "a refusal that is no E-input", json);
    return {false, status.error().message};
  }
  const lang::Value value{.address = record, .layout = schema.layout.get()};
  const std::optional<std::string> text = lang::ValueJson(schema.program.types, schema.program.input, value);
  Require(text.has_value(), "an input that was read from JSON has no JSON form", json);
  return {true, *text};
}

// By simdjson's document parser, which shares nothing with the diagnosis. Nothing for what it says of numbers alone: it does not tell
// those that are none from those that are too large.
std::optional<bool> IsJsonObject(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const simdjson::error_code error = parser.parse(text.data(), text.size()).get(document);
  if (error == simdjson::NUMBER_ERROR) return std::nullopt;
  return error == simdjson::SUCCESS && document.is_object();
}

}  // namespace

// What is read, written and read again is the same; what is no JSON object is refused.
int FuzzJsonInput(const uint8_t* data, size_t size) {
  const std::string_view json = AsText(data, size);
  const Reading reading = Read(json);
  const std::optional<std::string> fault = runtime::DiagnoseJson(json, kMaxDepth);
  if (!reading.ok) {
    const bool blamed = reading.text.starts_with("malformed JSON");
    Require(!blamed || fault.has_value(), "JSON that the reader calls malformed: " + reading.text, json);
    return 0;
  }
  Require(!fault.has_value(), "the reader takes what is no JSON: " + fault.value_or(""), json);
  const Reading again = Read(reading.text);
  Require(again.ok, "the reader refuses what it has read: " + again.text, reading.text);
  Require(again.text == reading.text, "read again it is " + again.text, reading.text);
  return 0;
}

// The diagnosis finds a fault just where simdjson finds one.
int FuzzJsonDiagnose(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  const std::optional<std::string> fault = runtime::DiagnoseJson(text, kMaxDepth);
  Require(!fault || !fault->empty(), "a fault without words", text);
  const bool deep = fault && fault->find("nested more than") != std::string::npos;
  const std::optional<bool> is_object = IsJsonObject(text);
  if (!deep && is_object) Require(*is_object != fault.has_value(), "simdjson has another opinion than: " + fault.value_or("no fault"), text);
  return 0;
}

}  // namespace moult::fuzz
