#include "lang/tagged_json.h"

#include <fmt/format.h>

#include <cmath>

#include "lang/hex.h"
#include "lang/quote.h"
#include "lang/scalar_text.h"

namespace moult::lang {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::string Tagged(std::string_view tag, std::string_view json) { return fmt::format("{{\"{}\": {}}}", tag, json); }

std::string DoubleText(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

std::string FromRead(const TypeTable& types, TypeId type, const ReadResult& read) {
  return read ? TaggedJson(types, type, *read) : Tagged("error", Quoted(ErrorText(read.error())));
}

std::string Hex(std::string_view bytes) {
  std::string text(bytes.size() * 2, '\0');
  EncodeHex(bytes, text.data());
  return text;
}

std::string SecondsJson(int64_t seconds, int64_t nanos) { return fmt::format("[\"{}\", \"{}\"]", seconds, nanos); }

// `item` gives the JSON of element i.
template <class Item>
std::string Array(size_t count, Item item) {
  std::string out = "[";
  for (size_t i = 0; i < count; ++i) out += (i > 0 ? ", " : "") + item(i);
  return out + "]";
}

std::string ItemsJson(const TypeTable& types, TypeId type, const Value& value) {
  const TypeId element = types[type].element;
  return Array(CollectionSize(value), [&](size_t i) { return FromRead(types, element, ReadElement(value, i)); });
}

std::string EntriesJson(const TypeTable& types, TypeId type, const Value& value) {
  return Array(CollectionSize(value), [&](size_t i) {
    return fmt::format("[{}, {}]", FromRead(types, types[type].key, ReadKey(value, i)),
                       FromRead(types, types[type].element, ReadMapped(value, i)));
  });
}

std::string FieldsJson(const TypeTable& types, TypeId type, const Value& value) {
  const std::vector<RecordField>& fields = types.record(type).fields;
  return Array(fields.size(), [&](size_t i) {
    return fmt::format("[{}, {}]", Quoted(fields[i].name), FromRead(types, fields[i].type, ReadField(value, i)));
  });
}

}  // namespace

std::string TaggedJson(const TypeTable& types, TypeId type, const Value& value) {
  if (!value.present) return "null";
  switch (types.kind(type)) {
    case TypeKind::kBool:
      return Tagged("bool", value.integer != 0 ? "true" : "false");
    case TypeKind::kInt:
      return Tagged("int", fmt::format("\"{}\"", value.integer));
    case TypeKind::kDouble:
      return Tagged("double", Quoted(DoubleText(value.real)));
    case TypeKind::kString:
      return Tagged("string", Quoted(value.text));
    case TypeKind::kBytes:
      return Tagged("bytes", Quoted(Hex(value.text)));
    case TypeKind::kTimestamp:
      return Tagged("timestamp", SecondsJson(value.integer, value.low));
    case TypeKind::kDuration:
      return Tagged("duration", SecondsJson(value.integer / kNanosPerSecond, value.integer % kNanosPerSecond));
    case TypeKind::kIp:
      return Tagged("ip", Quoted(PlainText(TypeKind::kIp, value)));
    case TypeKind::kCidr:
      return Tagged("cidr", Quoted(PlainText(TypeKind::kCidr, value)));
    case TypeKind::kEnum:
      return Tagged("enum", Quoted(types.enum_type(type).enumerators[static_cast<size_t>(value.integer)]));
    case TypeKind::kOptional:
      return TaggedJson(types, types[type].element, value);
    case TypeKind::kRecord:
      return Tagged("record", FieldsJson(types, type, value));
    case TypeKind::kList:
      return Tagged("list", ItemsJson(types, type, value));
    case TypeKind::kSet:
      return Tagged("set", ItemsJson(types, type, value));
    case TypeKind::kMap:
      return Tagged("map", EntriesJson(types, type, value));
  }
  return "null";
}

}  // namespace moult::lang
