#include "runtime/json_input.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "lang/scalar_text.h"
#include "lang/report.h"
#include "lang/text.h"
#include "runtime/json_diagnose.h"
#include "runtime/json_path.h"
#include "runtime/json_scalar.h"
#include "runtime/maxima.h"

namespace moult::runtime {
namespace {

namespace sj = simdjson::ondemand;
using lang::TypeId;
using lang::TypeKind;

constexpr int kMaxDepth = 200;
constexpr uint64_t kFirstCapacity = 4;

std::string_view TrimEnd(std::string_view token) {
  const size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

const char* TypeText(sj::json_type type) {
  switch (type) {
    case sj::json_type::array:
      return "array";
    case sj::json_type::object:
      return "object";
    case sj::json_type::number:
      return "number";
    case sj::json_type::string:
      return "string";
    case sj::json_type::boolean:
      return "bool";
    case sj::json_type::null:
      return "null";
  }
  return "nothing";
}

// An array in the arena that grows by doubling; what it leaves behind goes with the arena.
class Elements {
 public:
  Elements(lang::Arena& arena, size_t stride) : arena_(arena), stride_(stride) {}
  // Zeroed room for one more, or null when the arena is full.
  std::byte* Add() {
    if (count_ == capacity_ && !Grow()) return nullptr;
    std::byte* element = data_ + count_++ * stride_;
    std::memset(element, 0, stride_);
    return element;
  }
  std::byte* at(uint64_t i) const { return data_ + i * stride_; }
  uint64_t count() const { return count_; }
  void Keep(uint64_t count) { count_ = count; }
  size_t stride() const { return stride_; }
  NativeSpan span() const { return {data_, count_}; }

 private:
  bool Grow() {
    const uint64_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
    auto* data = static_cast<std::byte*>(arena_.Allocate(capacity * stride_));
    if (data == nullptr) return false;
    if (count_ > 0) std::memcpy(data, data_, count_ * stride_);
    data_ = data;
    capacity_ = capacity;
    return true;
  }
  lang::Arena& arena_;
  size_t stride_;
  std::byte* data_ = nullptr;
  uint64_t count_ = 0;
  uint64_t capacity_ = 0;
};

// Reads one document. Every function returns false after it has recorded the first error.
class Reading {
 public:
  Reading(const lang::TypeTable& types, lang::Arena& arena, std::vector<uint32_t>& order)
      : types_(types), arena_(arena), order_(order) {}

  bool ReadRecord(sj::object object, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path);
  std::string TakeError() { return std::move(error_); }
  // An error of JSON itself: DiagnoseJson knows its place, and mostly its cause better.
  bool malformed() const { return malformed_; }

 private:
  bool Fail(const JsonPath& path, std::string message) {
    const std::string where = path.Text();
    error_ = where.empty() ? std::move(message) : where + ": " + message;
    return false;
  }
  bool Malformed(simdjson::error_code code) {
    malformed_ = true;
    error_ = simdjson::error_message(code);
    return false;
  }
  bool TooDeep(const JsonPath& path) {
    malformed_ = true;
    return Fail(path, NestedTooDeep(kMaxDepth));
  }
  bool ArenaFull(const JsonPath& path) {
    return Fail(path, fmt::format("the input takes more than the {} bytes of evaluation memory", arena_.limit()));
  }
  bool Expected(const JsonPath& path, TypeId type, std::string_view got) {
    return Fail(path, fmt::format("expected {}, got {}", types_.Name(type), got));
  }

  bool ReadValue(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path);
  bool ReadPresent(sj::value value, sj::json_type got, TypeId type, const Layout& layout, std::byte* out,
                   const JsonPath& path);
  bool ReadInt(sj::value value, TypeId type, std::byte* out, const JsonPath& path);
  bool ReadDouble(sj::value value, TypeId type, std::byte* out, const JsonPath& path);
  bool ReadEnum(std::string_view name, TypeId type, std::byte* out, const JsonPath& path);
  bool ReadScalarText(std::string_view text, TypeId type, std::byte* out, const JsonPath& path);
  bool ReadSequence(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path);
  bool ReadMap(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path);
  bool ReadMapKey(std::string_view text, TypeId type, std::byte* out, const JsonPath& path);
  bool ReadString(sj::value value, std::string_view* text);
  bool ReadKey(sj::field& field, std::string_view* key);
  bool CheckSize(const lang::RecordField& field, const Layout& layout, const std::byte* value, const JsonPath& path);
  bool RequireFields(TypeId type, const bool* seen, const JsonPath& path);
  bool Skip(sj::value value, const JsonPath& path);
  void SortByKey(const Layout& key, const Elements& elements);

  const lang::TypeTable& types_;
  lang::Arena& arena_;
  std::vector<uint32_t>& order_;
  int depth_ = 0;
  bool malformed_ = false;
  std::string error_;
};

// A view into the text itself when nothing is escaped, which is the common case; else the parser's unescaped copy.
bool Reading::ReadString(sj::value value, std::string_view* text) {
  const std::string_view token = TrimEnd(value.raw_json_token());
  if (token.size() < 2 || std::memchr(token.data(), '\\', token.size()) != nullptr) {
    const simdjson::error_code error = value.get_string().get(*text);
    return error == simdjson::SUCCESS || Malformed(error);
  }
  *text = token.substr(1, token.size() - 2);
  // Taken, and not only looked at: simdjson passes over a string that nobody took together with a `:` behind it.
  sj::raw_json_string taken;
  const simdjson::error_code error = value.get_raw_json_string().get(taken);
  return error == simdjson::SUCCESS || Malformed(error);
}

bool Reading::ReadKey(sj::field& field, std::string_view* key) {
  const char* begin = field.key().raw();
  const char* end = begin;
  while (*end != '"' && *end != '\\') ++end;  // simdjson has found the closing quote
  if (*end == '"') {
    *key = {begin, static_cast<size_t>(end - begin)};
    return true;
  }
  const simdjson::error_code error = field.unescaped_key().get(*key);
  return error == simdjson::SUCCESS || Malformed(error);
}

bool Reading::ReadRecord(sj::object object, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path) {
  const std::vector<lang::RecordField>& fields = types_.record(type).fields;
  auto* seen = static_cast<bool*>(arena_.Allocate(std::max<size_t>(fields.size(), 1)));
  if (seen == nullptr) return ArenaFull(path);
  std::fill_n(seen, fields.size(), false);
  size_t next = 0;  // members mostly come in the order of the schema
  for (auto result : object) {
    sj::field member;
    if (const auto error = std::move(result).get(member)) return Malformed(error);
    std::string_view key;
    if (!ReadKey(member, &key)) return false;
    size_t k = next;
    size_t tried = 0;
    for (; tried < fields.size() && fields[k].name != key; ++tried) k = k + 1 == fields.size() ? 0 : k + 1;
    if (tried == fields.size()) {
      const JsonPath step{&path, {}, key};
      if (!Skip(member.value(), step)) return false;
      continue;
    }
    const JsonPath step{&path, fields[k].name};
    if (seen[k]) return Fail(step, "duplicate key");
    seen[k] = true;
    next = k + 1 == fields.size() ? 0 : k + 1;
    const FieldLayout& slot = layout.fields[k];
    if (!ReadValue(member.value(), fields[k].type, *slot.layout, out + slot.offset, step)) return false;
    if (fields[k].max_size > 0 && !CheckSize(fields[k], *slot.layout, out + slot.offset, step)) return false;
  }
  return RequireFields(type, seen, path);
}

bool Reading::RequireFields(TypeId type, const bool* seen, const JsonPath& path) {
  const std::vector<lang::RecordField>& fields = types_.record(type).fields;
  for (size_t k = 0; k < fields.size(); ++k) {
    if (seen[k] || types_.IsOptional(fields[k].type)) continue;
    const JsonPath step{&path, fields[k].name};
    return Fail(step, fmt::format("missing, expected {}", types_.Name(fields[k].type)));
  }
  return true;
}

bool Reading::CheckSize(const lang::RecordField& field, const Layout& layout, const std::byte* value,
                        const JsonPath& path) {
  if (layout.kind == Layout::Kind::kOptional) {
    return value[layout.flag_offset] == std::byte{0} || CheckSize(field, *layout.element, value, path);
  }
  uint64_t size = 0;
  if (layout.kind == Layout::Kind::kString) {
    size = static_cast<uint64_t>(lang::CodePoints(*reinterpret_cast<const std::string_view*>(value)));
  } else if (layout.kind == Layout::Kind::kSequence || layout.kind == Layout::Kind::kBytes) {
    size = reinterpret_cast<const NativeSpan*>(value)->count;
  }
  return size <= field.max_size || Fail(path, TooLarge(layout, size, field.max_size));
}

bool Reading::ReadValue(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path) {
  sj::json_type got;
  if (const auto error = value.type().get(got)) return Malformed(error);
  if (got == sj::json_type::null) {
    bool is_null = false;
    if (const auto error = value.is_null().get(is_null)) return Malformed(error);
    if (!is_null) return Malformed(simdjson::N_ATOM_ERROR);
    return types_.IsOptional(type) || Expected(path, type, "null");
  }
  if (!types_.IsOptional(type)) return ReadPresent(value, got, type, layout, out, path);
  out[layout.flag_offset] = std::byte{1};
  return ReadPresent(value, got, types_[type].element, *layout.element, out, path);
}

bool Reading::ReadPresent(sj::value value, sj::json_type got, TypeId type, const Layout& layout, std::byte* out,
                          const JsonPath& path) {
  static constexpr auto kWanted = [](TypeKind kind) {
    switch (kind) {
      case TypeKind::kBool:
        return sj::json_type::boolean;
      case TypeKind::kInt:
      case TypeKind::kDouble:
        return sj::json_type::number;
      case TypeKind::kString:
      case TypeKind::kBytes:
      case TypeKind::kTimestamp:
      case TypeKind::kDuration:
      case TypeKind::kIp:
      case TypeKind::kCidr:
      case TypeKind::kEnum:
        return sj::json_type::string;
      case TypeKind::kList:
      case TypeKind::kSet:
        return sj::json_type::array;
      case TypeKind::kRecord:
      case TypeKind::kMap:
        return sj::json_type::object;
      case TypeKind::kOptional:
        break;  // the checker has no optional of an optional
    }
    return sj::json_type::null;
  };
  if (got != kWanted(types_.kind(type))) return Expected(path, type, TypeText(got));
  if (depth_ >= kMaxDepth) return TooDeep(path);
  ++depth_;
  bool ok = false;
  switch (types_.kind(type)) {
    case TypeKind::kBool: {
      bool v = false;
      const auto error = value.get_bool().get(v);
      ok = error == simdjson::SUCCESS || Malformed(error == simdjson::INCORRECT_TYPE ? simdjson::T_ATOM_ERROR : error);
      *out = std::byte{v};
      break;
    }
    case TypeKind::kInt:
      ok = ReadInt(value, type, out, path);
      break;
    case TypeKind::kDouble:
      ok = ReadDouble(value, type, out, path);
      break;
    case TypeKind::kString:
      ok = ReadString(value, new (out) std::string_view);
      break;
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr: {
      std::string_view text;
      ok = ReadString(value, &text) && ReadScalarText(text, type, out, path);
      break;
    }
    case TypeKind::kEnum: {
      std::string_view name;
      ok = ReadString(value, &name) && ReadEnum(name, type, out, path);
      break;
    }
    case TypeKind::kRecord: {
      sj::object object;
      const auto error = value.get_object().get(object);
      ok = error == simdjson::SUCCESS ? ReadRecord(object, type, layout, out, path) : Malformed(error);
      break;
    }
    case TypeKind::kList:
    case TypeKind::kSet:
      ok = ReadSequence(value, type, layout, out, path);
      break;
    case TypeKind::kMap:
      ok = ReadMap(value, type, layout, out, path);
      break;
    case TypeKind::kOptional:
      ok = Fail(path, "nested optional");
      break;
  }
  --depth_;
  return ok;
}

bool Reading::ReadInt(sj::value value, TypeId type, std::byte* out, const JsonPath& path) {
  if (value.get_int64().get(*new (out) int64_t) == simdjson::SUCCESS) return true;
  const std::string_view token = TrimEnd(value.raw_json_token());
  if (!IsJsonNumber(token)) return Malformed(simdjson::NUMBER_ERROR);
  if (token.find_first_of(".eE") != std::string_view::npos) return Expected(path, type, lang::Quoted(token));
  return Fail(path, lang::Quoted(token) + " is outside the range of int");
}

bool Reading::ReadDouble(sj::value value, TypeId, std::byte* out, const JsonPath& path) {
  if (value.get_double().get(*new (out) double) == simdjson::SUCCESS) return true;
  const std::string_view token = TrimEnd(value.raw_json_token());
  if (!IsJsonNumber(token)) return Malformed(simdjson::NUMBER_ERROR);
  return Fail(path, lang::Quoted(token) + " is outside the range of double");
}

bool Reading::ReadEnum(std::string_view name, TypeId type, std::byte* out, const JsonPath& path) {
  const lang::EnumType& wanted = types_.enum_type(type);
  const auto found = std::find(wanted.enumerators.begin(), wanted.enumerators.end(), name);
  if (found == wanted.enumerators.end())
    return Fail(path, fmt::format("{} is no value of {}", lang::Quoted(name), wanted.name));
  new (out) int64_t(found - wanted.enumerators.begin());
  return true;
}

// A value that JSON writes as a string.
bool Reading::ReadScalarText(std::string_view text, TypeId type, std::byte* out, const JsonPath& path) {
  switch (lang::StoreScalarText(types_.kind(type), text, arena_, out)) {
    case lang::TextStatus::kStored:
      return true;
    case lang::TextStatus::kArenaFull:
      return ArenaFull(path);
    case lang::TextStatus::kRefused:
      break;
  }
  return Fail(path, fmt::format("{} is no {}", lang::Quoted(text), lang::ScalarTextForm(types_.kind(type))));
}

// Fills order_ with 0 .. count-1, sorted by key and then by position.
void Reading::SortByKey(const Layout& key, const Elements& elements) {
  order_.resize(elements.count());
  for (uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const int c = CompareScalars(key, elements.at(a), elements.at(b));
    return c != 0 ? c < 0 : a < b;
  });
}

bool Reading::ReadSequence(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path) {
  sj::array array;
  if (const auto error = value.get_array().get(array)) return Malformed(error);
  Elements elements(arena_, layout.element->size);
  JsonPath step{&path, {}, {}, 0};
  for (auto result : array) {
    sj::value item;
    if (const auto error = std::move(result).get(item)) return Malformed(error);
    std::byte* element = elements.Add();
    if (element == nullptr) return ArenaFull(path);
    if (!ReadValue(item, types_[type].element, *layout.element, element, step)) return false;
    ++step.index;
  }
  if (types_.kind(type) == TypeKind::kSet && elements.count() > 1 && IsScalarLayout(*layout.element)) {
    // An array that repeats itself is a set all the same: the first of each stays, in order.
    SortByKey(*layout.element, elements);
    std::vector<uint32_t>& order = order_;
    const auto last = std::unique(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return CompareScalars(*layout.element, elements.at(a), elements.at(b)) == 0;
    });
    order.erase(last, order.end());
    std::sort(order.begin(), order.end());
    for (uint32_t i = 0; i < order.size(); ++i) std::memmove(elements.at(i), elements.at(order[i]), elements.stride());
    elements.Keep(order.size());
  }
  new (out) NativeSpan(elements.span());
  return true;
}

bool Reading::ReadMap(sj::value value, TypeId type, const Layout& layout, std::byte* out, const JsonPath& path) {
  sj::object object;
  if (const auto error = value.get_object().get(object)) return Malformed(error);
  const Layout& entry = *layout.element;
  Elements elements(arena_, entry.size);
  for (auto result : object) {
    sj::field member;
    if (const auto error = std::move(result).get(member)) return Malformed(error);
    std::string_view key;
    if (!ReadKey(member, &key)) return false;
    const JsonPath step{&path, {}, key};
    std::byte* element = elements.Add();
    if (element == nullptr) return ArenaFull(path);
    if (!ReadMapKey(key, types_[type].key, element + entry.fields[0].offset, step)) return false;
    std::byte* mapped = element + entry.fields[1].offset;
    if (!ReadValue(member.value(), types_[type].element, *entry.fields[1].layout, mapped, step)) return false;
  }
  SortByKey(*entry.fields[0].layout, elements);  // the key is an entry's first field, at offset 0
  const auto twice = std::adjacent_find(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    return CompareScalars(*entry.fields[0].layout, elements.at(a), elements.at(b)) == 0;
  });
  if (twice != order_.end()) {
    const std::byte* key = elements.at(*twice);
    const bool is_string = entry.fields[0].layout->kind == Layout::Kind::kString;
    const JsonPath step{&path, {}, is_string ? *reinterpret_cast<const std::string_view*>(key) : std::string_view{}};
    return Fail(is_string ? step : path, "duplicate key");
  }
  new (out) NativeSpan(elements.span());
  return true;
}

bool Reading::ReadMapKey(std::string_view text, TypeId type, std::byte* out, const JsonPath& path) {
  switch (types_.kind(type)) {
    case TypeKind::kString:
      new (out) std::string_view(text);
      return true;
    case TypeKind::kEnum:
      return ReadEnum(text, type, out, path);
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr:
      return ReadScalarText(text, type, out, path);
    case TypeKind::kBool:
      if (text != "true" && text != "false") return Expected(path, type, "key " + lang::Quoted(text));
      *out = std::byte{text == "true"};
      return true;
    case TypeKind::kInt: {
      auto* v = new (out) int64_t(0);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *v);
      return (error == std::errc() && end == text.data() + text.size()) ||
             Expected(path, type, "key " + lang::Quoted(text));
    }
    default:
      return Fail(path, fmt::format("a JSON object cannot have keys of type {}", types_.Name(type)));
  }
}

// Reads what nothing asks for, to be sure that it is JSON.
bool Reading::Skip(sj::value value, const JsonPath& path) {
  sj::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  if (depth_ >= kMaxDepth) return TooDeep(path);
  ++depth_;
  bool ok = true;
  switch (type) {
    case sj::json_type::array: {
      sj::array array;
      if (const auto error = value.get_array().get(array)) return Malformed(error);
      for (auto result : array) {
        sj::value item;
        if (const auto error = std::move(result).get(item)) return Malformed(error);
        if (!Skip(item, path)) return false;
      }
      break;
    }
    case sj::json_type::object: {
      sj::object object;
      if (const auto error = value.get_object().get(object)) return Malformed(error);
      for (auto result : object) {
        sj::field member;
        if (const auto error = std::move(result).get(member)) return Malformed(error);
        std::string_view key;
        if (!ReadKey(member, &key) || !Skip(member.value(), path)) return false;
      }
      break;
    }
    case sj::json_type::string: {
      std::string_view text;
      ok = ReadString(value, &text);
      break;
    }
    case sj::json_type::number:
      ok = IsJsonNumber(TrimEnd(value.raw_json_token())) || Malformed(simdjson::NUMBER_ERROR);
      break;
    case sj::json_type::boolean: {
      bool v;
      ok = value.get_bool().get(v) == simdjson::SUCCESS || Malformed(simdjson::T_ATOM_ERROR);
      break;
    }
    case sj::json_type::null: {
      bool v = false;
      ok = (value.is_null().get(v) == simdjson::SUCCESS && v) || Malformed(simdjson::N_ATOM_ERROR);
      break;
    }
  }
  --depth_;
  return ok;
}

}  // namespace

struct JsonReader::Impl {
  sj::parser parser;
  std::unique_ptr<char[]> text;
  size_t capacity = 0;
  std::vector<uint32_t> order;

  // A copy with the padding that simdjson reads beyond the end. False when there is no memory for it.
  bool Pad(std::string_view json) {
    const size_t needed = json.size() + simdjson::SIMDJSON_PADDING;
    if (needed > capacity) {
      capacity = 0;
      text.reset(new (std::nothrow) char[needed * 2]);
      if (text == nullptr) return false;
      capacity = needed * 2;
    }
    std::memcpy(text.get(), json.data(), json.size());
    std::memset(text.get() + json.size(), 0, simdjson::SIMDJSON_PADDING);
    return true;
  }
};

JsonReader::JsonReader() : impl_(std::make_unique<Impl>()) {}
JsonReader::~JsonReader() = default;

Status JsonReader::Read(std::string_view json, const JsonSchema& schema, lang::Arena& arena, const void** record) {
  auto input_error = [](std::string message) { return Status(Error{"E-input", std::move(message)}); };
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return input_error("empty input, expected an object");
  if (json.size() > arena.limit()) {
    return input_error(fmt::format("{} bytes of JSON, at most {} are read", json.size(), arena.limit()));
  }
  if (!impl_->Pad(json)) return input_error("no memory for the text");
  const char* text = impl_->text.get();
  auto malformed = [&](std::string_view message) {
    std::optional<std::string> fault = DiagnoseJson(json, kMaxDepth);
    return input_error(fault ? std::move(*fault) : fmt::format("malformed JSON: {}", message));
  };
  sj::document document;
  const auto started = impl_->parser.iterate(text, json.size(), impl_->capacity).get(document);
  if (started != simdjson::SUCCESS) return malformed(simdjson::error_message(started));
  sj::json_type type;
  if (const auto error = document.type().get(type)) return malformed(simdjson::error_message(error));
  if (type != sj::json_type::object) return input_error(fmt::format("expected an object, got {}", TypeText(type)));
  sj::object object;
  if (const auto error = document.get_object().get(object)) return malformed(simdjson::error_message(error));

  auto* out = static_cast<std::byte*>(arena.Allocate(std::max<size_t>(schema.layout->size, 1)));
  if (out == nullptr) return input_error("the input takes more than the evaluation memory");
  std::memset(out, 0, schema.layout->size);
  Reading reading(*schema.types, arena, impl_->order);
  if (!reading.ReadRecord(object, schema.input, *schema.layout, out, JsonPath{})) {
    return reading.malformed() ? malformed(reading.TakeError()) : input_error(reading.TakeError());
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return malformed("text after the object");
  *record = out;
  return {};
}

}  // namespace moult::runtime
