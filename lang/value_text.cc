#include "lang/value_text.h"

#include <cmath>

#include "lang/quote.h"
#include "lang/scalar_text.h"
#include "lang/utf8.h"

namespace moult::lang {
namespace {

// A quoted string of which at most `max_bytes` are shown.
std::string ClippedText(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return QuoteText(text);
  size_t end = 0;
  while (end < max_bytes) end += DecodeUtf8(text, end).length;
  return QuoteText(text.substr(0, end)) + "...";
}

// As policies are written.
class TextWriter {
 public:
  TextWriter(const TypeTable& types, size_t max_bytes) : types_(types), max_bytes_(max_bytes) {}

  void Put(TypeId type, const Value& value) {
    if (!value.present) {
      out_ += "<missing>";
      return;
    }
    switch (types_.kind(type)) {
      case TypeKind::kBool:
        out_ += value.integer != 0 ? "true" : "false";
        return;
      case TypeKind::kInt:
        out_ += std::to_string(value.integer);
        return;
      case TypeKind::kDouble:
        out_ += RealText(value.real);
        return;
      case TypeKind::kString:
        out_ += ClippedText(value.text, max_bytes_);
        return;
      case TypeKind::kBytes:
      case TypeKind::kTimestamp:
      case TypeKind::kDuration:
      case TypeKind::kIp:
      case TypeKind::kCidr:
        out_ += LiteralText(types_.kind(type), value, max_bytes_);
        return;
      case TypeKind::kEnum: {
        const EnumType& names = types_.enum_type(type);
        out_ += names.name + "." + names.enumerators[static_cast<size_t>(value.integer)];
        return;
      }
      case TypeKind::kOptional:
        return Put(types_[type].element, value);
      case TypeKind::kRecord:
        return PutRecord(type, value);
      case TypeKind::kList:
        return PutItems(types_[type].element, value, '[', ']');
      case TypeKind::kSet:
        return PutItems(types_[type].element, value, '{', '}');
      case TypeKind::kMap:
        return PutMap(type, value);
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  // Between two elements. False when enough has been written.
  bool Next(bool first) {
    if (!first) out_ += ", ";
    if (out_.size() <= max_bytes_) return true;
    out_ += "...";
    return false;
  }

  void PutRead(TypeId type, const ReadResult& read) {
    if (read) return Put(type, *read);
    out_ += "<error>";
  }

  // Fields that are missing, or that the host does not supply because the policy does not read them, are left out.
  void PutRecord(TypeId type, const Value& value) {
    out_ += '{';
    bool first = true;
    const std::vector<RecordField>& fields = types_.record(type).fields;
    for (size_t k = 0; k < fields.size(); ++k) {
      if (value.layout->fields[k].layout == nullptr) continue;
      const ReadResult field = ReadField(value, k);
      if (field && !field->present) continue;
      if (!Next(first)) break;
      out_ += fields[k].name + ": ";
      PutRead(fields[k].type, field);
      first = false;
    }
    out_ += '}';
  }

  void PutItems(TypeId element, const Value& value, char open, char close) {
    out_ += open;
    for (size_t i = 0, size = CollectionSize(value); i < size && Next(i == 0); ++i) PutRead(element, ReadElement(value, i));
    out_ += close;
  }

  void PutMap(TypeId type, const Value& value) {
    out_ += '{';
    for (size_t i = 0, size = CollectionSize(value); i < size && Next(i == 0); ++i) {
      PutRead(types_[type].key, ReadKey(value, i));
      out_ += ": ";
      PutRead(types_[type].element, ReadMapped(value, i));
    }
    out_ += '}';
  }

  const TypeTable& types_;
  const size_t max_bytes_;
  std::string out_;
};

// As input is read. Every function returns false when a part has no JSON form.
class JsonWriter {
 public:
  explicit JsonWriter(const TypeTable& types) : types_(types) {}

  bool Put(TypeId type, const Value& value) {
    if (!value.present) {
      out_ += "null";
      return true;
    }
    switch (types_.kind(type)) {
      case TypeKind::kBool:
        out_ += value.integer != 0 ? "true" : "false";
        return true;
      case TypeKind::kInt:
        out_ += std::to_string(value.integer);
        return true;
      case TypeKind::kDouble:
        out_ += RealText(value.real);
        return std::isfinite(value.real);
      case TypeKind::kString:
        AppendJsonString(out_, value.text);
        return true;
      case TypeKind::kBytes:
      case TypeKind::kTimestamp:
      case TypeKind::kDuration:
      case TypeKind::kIp:
      case TypeKind::kCidr:
        AppendJsonString(out_, PlainText(types_.kind(type), value));
        return true;
      case TypeKind::kEnum:
        AppendJsonString(out_, types_.enum_type(type).enumerators[static_cast<size_t>(value.integer)]);
        return true;
      case TypeKind::kOptional:
        return Put(types_[type].element, value);
      case TypeKind::kRecord:
        return PutRecord(type, value);
      case TypeKind::kList:
      case TypeKind::kSet:
        return PutItems(types_[type].element, value);
      case TypeKind::kMap:
        return PutMap(type, value);
    }
    return false;
  }

  std::string Take() { return std::move(out_); }

 private:
  bool PutRead(TypeId type, const ReadResult& read) { return read && Put(type, *read); }

  bool PutRecord(TypeId type, const Value& value) {
    out_ += '{';
    bool first = true;
    const std::vector<RecordField>& fields = types_.record(type).fields;
    for (size_t k = 0; k < fields.size(); ++k) {
      if (value.layout->fields[k].layout == nullptr) return false;
      const ReadResult field = ReadField(value, k);
      if (field && !field->present) continue;
      PutKey(fields[k].name, first);
      if (!PutRead(fields[k].type, field)) return false;
      first = false;
    }
    out_ += '}';
    return true;
  }

  bool PutItems(TypeId element, const Value& value) {
    out_ += '[';
    for (size_t i = 0, size = CollectionSize(value); i < size; ++i) {
      if (i > 0) out_ += ',';
      if (!PutRead(element, ReadElement(value, i))) return false;
    }
    out_ += ']';
    return true;
  }

  bool PutMap(TypeId type, const Value& value) {
    out_ += '{';
    for (size_t i = 0, size = CollectionSize(value); i < size; ++i) {
      const ReadResult key = ReadKey(value, i);
      if (!key) return false;
      PutKey(types_.kind(types_[type].key) == TypeKind::kString ? std::string(key->text) : KeyText(types_[type].key, *key),
             i == 0);
      if (!PutRead(types_[type].element, ReadMapped(value, i))) return false;
    }
    out_ += '}';
    return true;
  }

  // A key that is no string: its JSON form is the key's text.
  std::string KeyText(TypeId type, const Value& key) {
    JsonWriter writer(types_);
    writer.Put(type, key);
    std::string text = writer.Take();
    const bool quoted = text.size() >= 2 && text.front() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
  }

  void PutKey(std::string_view key, bool first) {
    if (!first) out_ += ',';
    AppendJsonString(out_, key);
    out_ += ':';
  }

  const TypeTable& types_;
  std::string out_;
};

}  // namespace

std::string ValueText(const TypeTable& types, TypeId type, const Value& value, size_t max_bytes) {
  TextWriter writer(types, max_bytes);
  writer.Put(type, value);
  return writer.Take();
}

std::optional<std::string> ValueJson(const TypeTable& types, TypeId type, const Value& value) {
  JsonWriter writer(types);
  if (!writer.Put(type, value)) return std::nullopt;
  return writer.Take();
}

}  // namespace moult::lang
