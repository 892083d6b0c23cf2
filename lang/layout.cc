// The layouts of C++ types, for LayoutOf<T>() of moult/binding.h.
#include <array>
#include <cstring>

#include "moult/binding.h"

namespace moult::internal {
namespace {

std::shared_ptr<Layout> NewLayout(Layout::Kind kind, size_t size, size_t align) {
  auto layout = std::make_shared<Layout>();
  layout->kind = kind;
  layout->size = static_cast<uint32_t>(size);
  layout->align = static_cast<uint32_t>(align);
  return layout;
}

std::string NameOf(Layout::Kind kind, size_t width, bool is_signed) {
  if (kind == Layout::Kind::kBool) return "bool";
  if (kind == Layout::Kind::kDouble) return width == 4 ? "float" : "double";
  return (is_signed ? "int" : "uint") + std::to_string(width * 8) + "_t";
}

}  // namespace

LayoutRef ScalarLayout(Layout::Kind kind, size_t width, bool is_signed) {
  std::shared_ptr<Layout> layout = NewLayout(kind, width, width);
  layout->width = static_cast<uint8_t>(width);
  layout->is_signed = is_signed;
  layout->host_type = NameOf(kind, width, is_signed);
  return layout;
}

LayoutRef StringLayout(Layout::Form form) {
  const bool owned = form == Layout::Form::kOwned;
  std::shared_ptr<Layout> layout =
      NewLayout(Layout::Kind::kString, owned ? sizeof(std::string) : sizeof(std::string_view), alignof(std::string));
  layout->form = form;
  layout->host_type = owned ? "std::string" : "std::string_view";
  return layout;
}

LayoutRef BytesLayout(Layout::Form form) {
  const bool owned = form == Layout::Form::kOwned;
  std::shared_ptr<Layout> layout =
      NewLayout(Layout::Kind::kBytes, owned ? sizeof(std::vector<std::byte>) : sizeof(NativeSpan), alignof(void*));
  layout->form = form;
  layout->host_type = owned ? "std::vector<std::byte>" : "std::span<const std::byte>";
  return layout;
}

LayoutRef TimeLayout(Layout::Kind kind, uint32_t ticks_per_second) {
  std::shared_ptr<Layout> layout = NewLayout(kind, sizeof(int64_t), alignof(int64_t));
  layout->form = Layout::Form::kOwned;
  layout->ticks_per_second = ticks_per_second;
  const char* unit = ticks_per_second == 1           ? "seconds"
                     : ticks_per_second == 1'000     ? "milliseconds"
                     : ticks_per_second == 1'000'000 ? "microseconds"
                                                     : "nanoseconds";
  layout->host_type = std::string(kind == Layout::Kind::kTimestamp ? "std::chrono::sys_time<std::chrono::" : "std::chrono::") +
                      unit + (kind == Layout::Kind::kTimestamp ? ">" : "");
  return layout;
}

LayoutRef IpLayout() {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kIp, sizeof(Ip), alignof(Ip));
  layout->host_type = "moult::Ip";
  return layout;
}

LayoutRef CidrLayout() {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kCidr, sizeof(Cidr), alignof(Cidr));
  layout->host_type = "moult::Cidr";
  return layout;
}

LayoutRef SequenceLayout(Layout::Form form, LayoutRef element, size_t size) {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kSequence, size, alignof(void*));
  layout->form = form;
  layout->host_type = (form == Layout::Form::kOwned ? "std::vector<" : "std::span<") + element->host_type + ">";
  layout->element = std::move(element);
  return layout;
}

LayoutRef OptionalLayout(LayoutRef payload, size_t flag_offset, size_t size, size_t align) {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kOptional, size, align);
  layout->flag_offset = static_cast<uint32_t>(flag_offset);
  layout->host_type = "std::optional<" + payload->host_type + ">";
  layout->element = std::move(payload);
  return layout;
}

LayoutRef PairLayout(LayoutRef key, LayoutRef value, size_t value_offset, size_t size, size_t align) {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kRecord, size, align);
  layout->host_type = "std::pair<" + key->host_type + ", " + value->host_type + ">";
  layout->fields.push_back({"key", 0, std::move(key)});
  layout->fields.push_back({"value", static_cast<uint32_t>(value_offset), std::move(value)});
  return layout;
}

LayoutRef EnumLayout(size_t width, bool is_signed, std::vector<std::pair<std::string, int64_t>> enumerators) {
  std::shared_ptr<Layout> layout = NewLayout(Layout::Kind::kEnum, width, width);
  layout->width = static_cast<uint8_t>(width);
  layout->is_signed = is_signed;
  layout->enumerators = std::move(enumerators);
  layout->host_type = "enum";
  return layout;
}

namespace {

// The word at `offset` of the representation of `object`.
template <class Word, class T>
Word WordAt(const T& object, size_t offset) {
  Word word;
  std::memcpy(&word, reinterpret_cast<const std::byte*>(&object) + offset, sizeof word);
  return word;
}

template <class T>
bool OptionalAsExpected(T value) {
  std::optional<T> optional(value);
  const LayoutRef layout = LayoutOf<std::optional<T>>();
  const bool payload_first = static_cast<const void*>(&*optional) == static_cast<const void*>(&optional);
  const bool flag_set = WordAt<uint8_t>(optional, layout->flag_offset) == 1;
  optional.reset();
  return payload_first && flag_set && WordAt<uint8_t>(optional, layout->flag_offset) == 0;
}

template <class K, class V>
bool PairAsExpected(const std::pair<K, V>& pair) {
  const LayoutRef layout = LayoutOf<std::pair<K, V>>();
  const auto* base = reinterpret_cast<const std::byte*>(&pair);
  return reinterpret_cast<const std::byte*>(&pair.first) == base &&
         reinterpret_cast<const std::byte*>(&pair.second) == base + layout->fields[1].offset;
}

bool TimesAsExpected() {
  const std::chrono::sys_time<std::chrono::nanoseconds> moment{std::chrono::nanoseconds(7)};
  const std::chrono::nanoseconds duration(9);
  return WordAt<int64_t>(moment, 0) == 7 && WordAt<int64_t>(duration, 0) == 9;
}

bool AddressesAsExpected() {
  const Ip ip(1, 2);
  const Cidr cidr = *Cidr::Create(ip, 3);
  return WordAt<uint64_t>(ip, 0) == 1 && WordAt<uint64_t>(ip, 8) == 2 && WordAt<uint64_t>(cidr, 0) == 1 &&
         WordAt<uint64_t>(cidr, 8) == 2 && WordAt<uint64_t>(cidr, 16) == 3;
}

// A short string lies inside its object, a long one apart: both must be found through the same words.
bool StringAsExpected(const std::string& text) {
  return WordAt<const char*>(text, 0) == text.data() && WordAt<size_t>(text, 8) == text.size();
}

}  // namespace

bool HostLayoutsAsExpected() {
  const std::string_view view = "view";
  const std::array<int32_t, 3> numbers = {1, 2, 3};
  const std::vector<int32_t> vector(numbers.begin(), numbers.end());
  const std::span<const int32_t> span(numbers);
  const bool views = WordAt<size_t>(view, 0) == view.size() && WordAt<const char*>(view, 8) == view.data() &&
                     WordAt<const int32_t*>(span, 0) == span.data() && WordAt<size_t>(span, 8) == span.size();
  const bool owned = StringAsExpected("short") && StringAsExpected(std::string(100, 'x')) &&
                     WordAt<const int32_t*>(vector, 0) == vector.data() &&
                     WordAt<const int32_t*>(vector, 8) == vector.data() + vector.size();
  return views && owned && TimesAsExpected() && AddressesAsExpected() && OptionalAsExpected<uint8_t>(7) && OptionalAsExpected<double>(1.5) &&
         OptionalAsExpected<std::string>("text") && PairAsExpected(std::pair<uint8_t, std::string>(1, "text")) &&
         PairAsExpected(std::pair<std::string, uint8_t>("text", 1));
}

}  // namespace moult::internal
