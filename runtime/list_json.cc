#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lang/list_maker.h"
#include "runtime/json_diagnose.h"
#include "runtime/list_reader.h"

namespace moult::runtime {
namespace {

namespace sj = simdjson::ondemand;

constexpr int kMaxDepth = 64;  // of what a fault is looked for in: entries are scalars

enum class Form : uint8_t { kBool, kNumber, kString };
Form FormOf(lang::TypeKind kind) {
  if (kind == lang::TypeKind::kBool) return Form::kBool;
  return kind == lang::TypeKind::kInt || kind == lang::TypeKind::kDouble ? Form::kNumber : Form::kString;
}

const char* FormText(Form form) {
  return form == Form::kBool ? "`true` or `false`" : form == Form::kNumber ? "a number" : "a string";
}

std::string_view WithoutBlanks(std::string_view token) {
  return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

class JsonListReader {
 public:
  JsonListReader(const ListFile& file, const lang::ListShape& shape, lang::Reporter& reporter)
      : file_(file), shape_(shape), reporter_(reporter), text_(file.text) {
    // Each entry but the last is followed by a comma.
    const size_t entries = static_cast<size_t>(std::ranges::count(file.text, ',')) + 1;
    maker_.emplace(shape, std::min(entries, file.limits.entries + 1), file.text.size());
  }

  std::unique_ptr<const lang::DataList> Run() {
    const simdjson::error_code error = Read();
    if (error != simdjson::SUCCESS) ReportMalformed(error);
    return reporter_.has_errors() ? nullptr : maker_->Take();
  }

 private:
  simdjson::error_code Read() {
    if (const auto error = parser_.iterate(text_).get(document_)) return error;
    sj::json_type type;
    if (const auto error = document_.type().get(type)) return error;
    const bool is_map = shape_.value.has_value();
    if (type != (is_map ? sj::json_type::object : sj::json_type::array)) {
      reporter_.Report(lang::Code::kBadJson, {0, 1},
                       is_map ? "the file of a map holds one JSON object" : "the file of a set holds one JSON array");
      return simdjson::SUCCESS;
    }
    const simdjson::error_code error = is_map ? ReadObject() : ReadArray();
    if (error != simdjson::SUCCESS || stopped_) return error;
    return document_.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS
                                                                           : simdjson::TRAILING_CONTENT;
  }

  simdjson::error_code ReadArray() {
    sj::array array;
    if (const auto error = document_.get_array().get(array)) return error;
    for (auto element : array) {
      sj::value value;
      if (const auto error = element.get(value)) return error;
      std::string_view item;
      lang::TextSpan span;
      bool fits = false;
      if (const auto error = ReadScalar(value, shape_.item, &item, &span, &fits)) return error;
      if (fits && !Add({.item = item, .value = {}, .item_span = span, .value_span = span})) break;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code ReadObject() {
    sj::object object;
    if (const auto error = document_.get_object().get(object)) return error;
    for (auto field : object) {
      sj::raw_json_string raw;
      if (const auto error = field.key().get(raw)) return error;
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      const lang::TextSpan key_span = SpanOf({raw.raw() - 1, key.size() + 2});
      sj::value value;
      if (const auto error = field.value().get(value)) return error;
      std::string_view mapped;
      lang::TextSpan span;
      bool fits = false;
      if (const auto error = ReadScalar(value, *shape_.value, &mapped, &span, &fits)) return error;
      if (fits && !Add({.item = key, .value = mapped, .item_span = key_span, .value_span = span})) break;
    }
    return simdjson::SUCCESS;
  }

  // The text of a scalar; `*fits` stays false when the value is of another form, which is reported.
  simdjson::error_code ReadScalar(sj::value value, const lang::ScalarType& type, std::string_view* text,
                                  lang::TextSpan* span, bool* fits) {
    sj::json_type found;
    if (const auto error = value.type().get(found)) return error;
    const Form form = FormOf(type.kind);
    const std::string_view token = WithoutBlanks(value.raw_json_token());
    *span = SpanOf(token);
    const sj::json_type wanted = form == Form::kBool     ? sj::json_type::boolean
                                 : form == Form::kNumber ? sj::json_type::number
                                                         : sj::json_type::string;
    if (found != wanted) {
      reporter_.Report(lang::Code::kBadJson, *span, fmt::format("{} is expected here", FormText(form)));
      return simdjson::SUCCESS;
    }
    *fits = true;
    *text = token;
    if (form == Form::kString) return value.get_string().get(*text);
    if (form == Form::kNumber) return IsJsonNumber(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    return token == "true" || token == "false" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
  }

  bool Add(const lang::ListEntry& entry) {
    stopped_ = !lang::AddEntry(*maker_, entry, file_.text, file_.limits, file_.list, reporter_);
    return !stopped_;
  }

  lang::TextSpan SpanOf(std::string_view token) const {
    const auto begin = std::min(static_cast<size_t>(token.data() - text_.data()), file_.text.size());
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::min(begin + token.size(), file_.text.size()))};
  }

  void ReportMalformed(simdjson::error_code error) {
    const std::optional<JsonFault> fault = FindJsonFault(file_.text, JsonRoot::kCollection, kMaxDepth);
    if (!fault)
      return reporter_.ReportFile(lang::Code::kBadJson,
                                  fmt::format("malformed JSON: {}", simdjson::error_message(error)));
    const auto at = static_cast<uint32_t>(fault->offset);
    reporter_.Report(lang::Code::kBadJson, {at, at + 1}, "malformed JSON: " + fault->cause);
  }

  const ListFile& file_;
  const lang::ListShape& shape_;
  lang::Reporter& reporter_;
  simdjson::padded_string text_;
  sj::parser parser_;
  sj::document document_;
  std::optional<lang::ListMaker> maker_;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<const lang::DataList> ReadJsonList(const ListFile& file, const lang::ListShape& shape,
                                                   lang::Reporter& reporter) {
  return JsonListReader(file, shape, reporter).Run();
}

}  // namespace moult::runtime
