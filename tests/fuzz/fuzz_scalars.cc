// Bytes as the text of a scalar, and as the argument of functions of text.
#include <string>
#include <vector>

#include "lang/arena.h"
#include "lang/base64.h"
#include "lang/literal.h"
#include "lang/list_lines.h"
#include "lang/parse.h"
#include "lang/quote.h"
#include "lang/regex.h"
#include "lang/text.h"
#include "lang/time.h"
#include "lang/time_zone.h"
#include "moult/net.h"
#include "runtime/json_diagnose.h"
#include "tests/fuzz/target.h"

namespace moult::fuzz {
namespace {

// What is written of a value that was read stands for the same value.
void CheckScalars(std::string_view text) {
  if (const auto moment = lang::ParseTimestamp(text)) {
    Require(lang::InRange(*moment), "a timestamp out of range", text);
    Require(lang::ParseTimestamp(lang::FormatTimestamp(*moment)) == moment, "another timestamp once written", text);
    const lang::CivilTime civil = lang::ToCivil(*moment);
    Require(civil.month >= 1 && civil.month <= 12 && civil.day_of_year >= 0 && civil.day_of_year <= 365, "no day of a year", text);
  }
  if (const auto duration = lang::ParseDuration(text)) {
    Require(lang::ParseDuration(lang::FormatDuration(*duration)) == duration, "another duration once written", text);
  }
  if (const auto ip = Ip::Parse(text)) Require(Ip::Parse(ip->ToString()) == ip, "another address once written", text);
  if (const auto cidr = Cidr::Parse(text)) {
    Require(Cidr::Parse(cidr->ToString()) == cidr, "another range once written", text);
    Require(cidr->Contains(cidr->ip()) && cidr->Contains(cidr->Masked()), "a range that does not contain itself", text);
  }
}

void CheckBase64(std::string_view text) {
  std::string encoded(lang::Base64Size(text.size()), '\0'), decoded(lang::MaxDecodedSize(encoded.size()), '\0');
  lang::EncodeBase64(text, encoded.data());
  const std::optional<size_t> size = lang::DecodeBase64(encoded, decoded.data());
  Require(size && std::string_view(decoded).substr(0, *size) == text, "other bytes from base64", text);
  std::string any(lang::MaxDecodedSize(text.size()), '\0');
  lang::DecodeBase64(text, any.data());
}

// Positions count the same everywhere.
void CheckPositions(std::string_view text, std::string_view part) {
  lang::Arena arena;
  const int64_t size = lang::CodePoints(text);
  const auto parts = lang::Split(text, "", arena);
  Require(parts && static_cast<int64_t>(parts->count) == size, "split into other than its code points", text);
  Require(lang::Substring(text, 0, size) == text, "not the whole of a text", text);
  const auto at = lang::IndexOf(text, part);
  if (!at || *at < 0) return;
  const auto rest = lang::Substring(text, *at);
  Require(rest && rest->starts_with(part), "found where it is not", text);
}

void CheckDecoders(std::string_view text) {
  lang::Arena arena;
  for (const auto decode : {lang::UrlDecode, lang::HtmlDecode, lang::LowerAscii}) Require(decode(text, arena).has_value(), "no room", text);
  std::string json;
  lang::AppendJsonString(json, text);
  Require(!runtime::DiagnoseJson("{\"a\":" + json + "}", 1), "no JSON string", text);
  const std::string policy = "policy p const C = " + lang::QuoteText(text);
  lang::Reporter reporter("fuzz.moult", policy, 20);
  lang::Parse(policy, {}, reporter);
  Require(!reporter.has_errors(), "a quoted text is no literal", policy);
}

// The bytes as the file of a list: it is one or says why not, and has what it was made of.
void CheckData(std::string_view text) {
  lang::TypeTable types;
  const lang::TypeId lists[] = {types.SetOf(lang::kStringType), types.SetOf(lang::kIntType), types.SetOf(lang::kBytesType),
                                types.SetOf(lang::kTimestampType), types.SetOf(lang::kCidrType),
                                types.MapOf(lang::kStringType, lang::kIntType), types.MapOf(lang::kIntType, lang::kCidrType)};
  for (const lang::TypeId type : lists) {
    lang::Reporter reporter("list", text, 5);
    const auto list = lang::ReadListLines(text, lang::ShapeOfList(types, type), {}, "list", reporter);
    Require((list != nullptr) != reporter.has_errors(), "a list and errors, or neither", text);
    if (list == nullptr) continue;
    const NativeSpan items = list->Items();
    Require(items.count == list->size(), "items of another number than the list has", text);
    if (type != lists[0]) continue;
    const auto* strings = static_cast<const std::string_view*>(items.data);
    for (uint64_t k = 0; k < items.count; ++k) {
      const lang::Words item{reinterpret_cast<uint64_t>(strings[k].data()), strings[k].size()};
      Require(list->Contains(item), "an item that its set does not contain", text);
    }
  }
}

}  // namespace

int FuzzScalars(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  CheckScalars(text);
  CheckBase64(text);
  CheckPositions(text, text.substr(size / 2, 1 + size / 8));
  CheckDecoders(text);
  CheckData(text);
  std::string error;
  if (const auto regex = lang::Regex::Create(std::string(text.substr(0, size / 2)), &error)) regex->Matches(text.substr(size / 2));
  return 0;
}

}  // namespace moult::fuzz
