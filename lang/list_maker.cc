#include "lang/list_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "lang/literal.h"
#include "lang/memory.h"
#include "lang/report.h"
#include "lang/scalar_text.h"

namespace moult::lang {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<int64_t> IntOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::optional<uint64_t> magnitude = IsDigits(text) ? ParseMagnitude(text) : std::nullopt;
  if (!magnitude || (!negative && *magnitude > std::numeric_limits<int64_t>::max())) return std::nullopt;
  return static_cast<int64_t>(negative ? 0 - *magnitude : *magnitude);
}

// Digits, a fraction, an exponent, as JSON has them; nothing else that std::from_chars would take.
std::optional<double> DoubleOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view rest = text.substr(whole);
  bool fits = whole > 0;
  if (rest.starts_with('.')) {
    const size_t digits = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    fits = fits && digits > 1;
    rest.remove_prefix(digits);
  }
  if (rest.starts_with('e') || rest.starts_with('E')) {
    rest.remove_prefix(1);
    if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
    fits = fits && IsDigits(rest);
    rest = {};
  }
  const std::optional<double> magnitude = fits && rest.empty() ? ParseDouble(text) : std::nullopt;
  if (!magnitude) return std::nullopt;
  return negative ? -*magnitude : *magnitude;
}

std::string_view TypeText(const ScalarType& type) {
  if (HasText(type.kind)) return ScalarTextForm(type.kind);
  if (type.kind == TypeKind::kEnum) return type.name;
  return type.kind == TypeKind::kBool ? "bool" : type.kind == TypeKind::kInt ? "int" : "double";
}

std::string HintFor(const ScalarType& type, std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return "leave out the quotes";
  if (text.ends_with(',')) return "leave out the comma: each entry stands on a line of its own";
  if (text.find(" #") != std::string_view::npos) return "write the comment on a line of its own";
  if (type.kind == TypeKind::kBool) return "write `true` or `false`";
  if (type.kind == TypeKind::kInt && DoubleOf(text)) return "an int has no fraction, no exponent and at most 63 bits";
  if (type.kind != TypeKind::kEnum) return "";
  const std::string_view near = Nearest(text, {type.enumerators.begin(), type.enumerators.end()});
  return near.empty() ? std::string() : fmt::format("did you mean `{}`?", near);
}

// What StoreScalarText has left at `at`, as words.
Words WordsAt(TypeKind kind, const std::byte* at) {
  if (kind == TypeKind::kCidr) return {.a = reinterpret_cast<uint64_t>(at)};
  if (kind == TypeKind::kDuration) return {.a = LoadAs<uint64_t>(at)};
  return LoadAs<Words>(at);
}

}  // namespace

ListMaker::ListMaker(ListShape shape, size_t entries, size_t bytes)
    : shape_(std::move(shape)), scratch_(Arena::kLargestLimit), list_(NewList(shape_, entries, bytes)) {
  if (shape_.value) places_.reserve(entries);
}
ListMaker::~ListMaker() = default;

std::optional<ListMaker::Refusal> ListMaker::Parse(const ScalarType& type, std::string_view text, Words* words) {
  bool known = true;
  switch (type.kind) {
    case TypeKind::kString:
      *words = {reinterpret_cast<uint64_t>(text.data()), text.size()};
      break;
    case TypeKind::kBool:
      known = text == "true" || text == "false";
      words->a = text == "true";
      break;
    case TypeKind::kInt: {
      const std::optional<int64_t> value = IntOf(text);
      known = value.has_value();
      words->a = static_cast<uint64_t>(value.value_or(0));
      break;
    }
    case TypeKind::kDouble: {
      const std::optional<double> value = DoubleOf(text);
      known = value.has_value();
      words->a = std::bit_cast<uint64_t>(value.value_or(0));
      break;
    }
    case TypeKind::kEnum: {
      const auto found = std::find(type.enumerators.begin(), type.enumerators.end(), text);
      known = found != type.enumerators.end();
      words->a = static_cast<uint64_t>(found - type.enumerators.begin());
      break;
    }
    default: {
      auto* at = static_cast<std::byte*>(scratch_.Allocate(sizeof(Cidr)));
      // An address alone is the range of that address.
      const bool alone = type.kind == TypeKind::kCidr && text.find('/') == std::string_view::npos;
      const std::optional<Ip> ip = alone ? Ip::Parse(text) : std::nullopt;
      if (at != nullptr && ip) {
        StoreAs(at, *Cidr::Create(*ip, ip->is_v4() ? 32 : 128));
      } else {
        known = at != nullptr && StoreScalarText(type.kind, text, scratch_, at) == TextStatus::kStored;
      }
      if (known) *words = WordsAt(type.kind, at);
    }
  }
  if (known) return std::nullopt;
  return Refusal{.what = Refusal::What::kItem,
                 .message = fmt::format("{} is no {}", Quoted(text), TypeText(type)),
                 .hint = HintFor(type, text)};
}

std::optional<ListMaker::Refusal> ListMaker::Add(std::string_view item, std::string_view value, uint32_t place) {
  scratch_.Reset();
  Words key;
  Words mapped;
  if (std::optional<Refusal> refusal = Parse(shape_.item, item, &key)) return refusal;
  if (shape_.value) {
    if (std::optional<Refusal> refusal = Parse(*shape_.value, value, &mapped)) {
      refusal->what = Refusal::What::kValue;
      return refusal;
    }
  }
  const auto [number, known] = list_->Add(key);
  if (!shape_.value) return std::nullopt;
  if (known) return Refusal{.what = Refusal::What::kDuplicate, .first = places_[number], .message = {}, .hint = {}};
  places_.push_back(place);
  list_->AddValue(mapped);
  return std::nullopt;
}

size_t ListMaker::size() const { return list_->size(); }

std::unique_ptr<const DataList> ListMaker::Take() {
  list_->Finish();
  return std::move(list_);
}

}  // namespace moult::lang
