#include "tests/support/random_input.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <string>

namespace moult::lang::test {
namespace {

constexpr std::byte kGarbage{0xCD};

// A moult::Cidr as it lies in memory.
struct RawCidr {
  Ip ip;
  uint64_t bits;
};

template <class T>
void Store(std::byte* address, T value) {
  std::memcpy(address, &value, sizeof value);
}

uint32_t RoundUp(uint32_t size, uint32_t align) { return (size + align - 1) / align * align; }

class HostLayouts {
 public:
  HostLayouts(Random& random, const Program& program) : random_(random), types_(program.types) {}

  LayoutRef Of(TypeId type) {
    switch (types_.kind(type)) {
      case TypeKind::kBool:
        return Scalar(Layout::Kind::kBool, 1, false);
      case TypeKind::kInt:
        return Scalar(Layout::Kind::kInt, Width(), Chance(random_, 50));
      case TypeKind::kDouble:
        return Scalar(Layout::Kind::kDouble, Chance(random_, 70) ? 8 : 4, true);
      case TypeKind::kString:
        return Text();
      case TypeKind::kBytes:
        return Bytes();
      case TypeKind::kTimestamp:
        return Time(Layout::Kind::kTimestamp);
      case TypeKind::kDuration:
        return Time(Layout::Kind::kDuration);
      case TypeKind::kIp:
        return Plain(Layout::Kind::kIp, sizeof(Ip));
      case TypeKind::kCidr:
        return Plain(Layout::Kind::kCidr, sizeof(Cidr));
      case TypeKind::kEnum:
        return Enum(types_.enum_type(type));
      case TypeKind::kRecord:
        return Record(type, [](uint32_t) { return true; });
      case TypeKind::kList:
      case TypeKind::kSet:
        return Sequence(Of(types_[type].element));
      case TypeKind::kMap:
        return Sequence(Pair(Of(types_[type].key), Of(types_[type].element)));
      case TypeKind::kOptional:
        return Chance(random_, 80) ? Optional(Of(types_[type].element)) : Of(types_[type].element);
    }
    return nullptr;
  }

  // `wanted` tells the fields that the host must have; it has some of the others.
  template <class Wanted>
  LayoutRef Record(TypeId type, Wanted wanted) {
    const std::vector<RecordField>& fields = types_.record(type).fields;
    std::vector<FieldLayout> shuffled;
    for (uint32_t k = 0; k < fields.size(); ++k) {
      if (wanted(k) || Chance(random_, 50)) shuffled.push_back({fields[k].name, 0, Of(fields[k].type)});
    }
    if (Chance(random_, 30)) shuffled.push_back({"not_of_the_policy", 0, Text()});
    std::shuffle(shuffled.begin(), shuffled.end(), random_);
    Layout record = New(Layout::Kind::kRecord, 0, 1, "Host");
    for (FieldLayout& field : shuffled) Append(std::move(field), &record);
    record.size = RoundUp(std::max(record.size, 1u), record.align);
    return std::make_shared<const Layout>(std::move(record));
  }

 private:
  static Layout New(Layout::Kind kind, uint32_t size, uint32_t align, const char* host_type) {
    Layout layout;
    layout.kind = kind;
    layout.size = size;
    layout.align = align;
    layout.host_type = host_type;
    return layout;
  }
  uint8_t Width() { return static_cast<uint8_t>(1u << Below(random_, 4)); }

  LayoutRef Scalar(Layout::Kind kind, uint8_t width, bool is_signed) {
    Layout layout = New(kind, width, width, "scalar");
    layout.width = width;
    layout.is_signed = is_signed;
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Text() {
    const bool owned = Chance(random_, 50);
    Layout layout = New(Layout::Kind::kString, owned ? sizeof(std::string) : 16, 8, "text");
    layout.form = owned ? Layout::Form::kOwned : Layout::Form::kView;
    return std::make_shared<const Layout>(std::move(layout));
  }

  static LayoutRef Plain(Layout::Kind kind, uint32_t size) {
    return std::make_shared<const Layout>(New(kind, size, 8, "plain"));
  }

  LayoutRef Bytes() {
    if (Chance(random_, 30)) return Text();
    if (Chance(random_, 20)) return Sequence(Scalar(Layout::Kind::kInt, 1, false));
    const bool owned = Chance(random_, 50);
    Layout layout = New(Layout::Kind::kBytes, owned ? 24 : 16, 8, "bytes");
    layout.form = owned ? Layout::Form::kOwned : Layout::Form::kView;
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Time(Layout::Kind kind) {
    constexpr uint32_t kTicks[] = {1, 1'000, 1'000'000, 1'000'000'000};
    Layout layout = New(kind, 8, 8, "time");
    layout.form = Layout::Form::kOwned;
    layout.ticks_per_second = kTicks[Below(random_, 4)];
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Enum(const EnumType& type) {
    const uint8_t width = Width();
    Layout layout = New(Layout::Kind::kEnum, width, width, "enum");
    layout.width = width;
    layout.is_signed = Chance(random_, 50);
    std::set<int64_t> used;
    const auto add = [&](const std::string& name) {
      int64_t value = 0;
      do {
        value = layout.is_signed ? static_cast<int64_t>(Below(random_, 256)) - 128
                                 : static_cast<int64_t>(Below(random_, 256));
        if (width == 8 && Chance(random_, 50)) value = static_cast<int64_t>(random_());
      } while (!used.insert(value).second);
      layout.enumerators.emplace_back(name, value);
    };
    for (const std::string& name : type.enumerators) add(name);
    if (Chance(random_, 50)) add("not_of_the_policy");
    std::shuffle(layout.enumerators.begin(), layout.enumerators.end(), random_);
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Sequence(LayoutRef element) {
    const bool owned = Chance(random_, 50);
    Layout layout = New(Layout::Kind::kSequence, owned ? 24 : 16, 8, "sequence");
    layout.form = owned ? Layout::Form::kOwned : Layout::Form::kView;
    layout.element = std::move(element);
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Optional(LayoutRef payload) {
    Layout layout =
        New(Layout::Kind::kOptional, RoundUp(payload->size + 1, payload->align), payload->align, "optional");
    layout.flag_offset = payload->size;
    layout.element = std::move(payload);
    return std::make_shared<const Layout>(std::move(layout));
  }

  LayoutRef Pair(LayoutRef key, LayoutRef value) {
    Layout pair = New(Layout::Kind::kRecord, 0, 1, "pair");
    Append({"key", 0, std::move(key)}, &pair);
    Append({"value", 0, std::move(value)}, &pair);
    pair.size = RoundUp(pair.size, pair.align);
    return std::make_shared<const Layout>(std::move(pair));
  }

  static void Append(FieldLayout field, Layout* record) {
    field.offset = RoundUp(record->size, field.layout->align);
    record->size = field.offset + field.layout->size;
    record->align = std::max(record->align, field.layout->align);
    record->fields.push_back(std::move(field));
  }

  Random& random_;
  const TypeTable& types_;
};

}  // namespace

LayoutRef RandomHostLayout(Random& random, const Program& program) {
  std::set<uint32_t> read;
  for (const InputUse& use : InputUses(program)) read.insert(use.path[0]);
  return HostLayouts(random, program).Record(program.input, [&](uint32_t field) { return read.contains(field); });
}

RandomInput::RandomInput(Random& random, const Layout& layout, bool hostile) : random_(random), hostile_(hostile) {
  std::byte* record = Allocate(layout.size);
  Fill(layout, record);
  record_ = record;
}

std::byte* RandomInput::Allocate(size_t size) {
  memory_.push_back(std::make_unique<std::byte[]>(size));
  std::fill_n(memory_.back().get(), size, kGarbage);
  return memory_.back().get();
}

void RandomInput::Fill(const Layout& layout, std::byte* address) {
  switch (layout.kind) {
    case Layout::Kind::kBool:
      return Store(address,
                   static_cast<uint8_t>(hostile_ && Chance(random_, 20) ? Below(random_, 256) : Below(random_, 2)));
    case Layout::Kind::kInt:
      return FillInteger(layout, address);
    case Layout::Kind::kDouble:
      if (layout.width == 4) return Store(address, static_cast<float>(RandomDouble(random_)));
      return Store(address, RandomDouble(random_));
    case Layout::Kind::kString:
    case Layout::Kind::kBytes:
      return FillText(layout, address);
    case Layout::Kind::kTimestamp:
    case Layout::Kind::kDuration:
      return FillTime(layout, address);
    case Layout::Kind::kIp:
      return Store(address, RandomIp(random_));
    case Layout::Kind::kCidr:
      return FillCidr(address);
    case Layout::Kind::kEnum:
      return FillEnum(layout, address);
    case Layout::Kind::kRecord:
      for (const FieldLayout& field : layout.fields) {
        if (field.layout != nullptr) Fill(*field.layout, address + field.offset);
      }
      return;
    case Layout::Kind::kSequence:
      return FillSequence(layout, address);
    case Layout::Kind::kOptional:
      return FillOptional(layout, address);
  }
}

void RandomInput::FillInteger(const Layout& layout, std::byte* address) {
  int64_t value = RandomInt(random_);
  const bool may_be_above = layout.width == 8 && !layout.is_signed;
  if (may_be_above && value < 0 && !hostile_) value = -(value + 1);
  std::memcpy(address, &value, layout.width);  // little-endian: the low bytes
}

void RandomInput::FillEnum(const Layout& layout, std::byte* address) {
  int64_t value = layout.enumerators[Below(random_, layout.enumerators.size())].second;
  if (hostile_ && Chance(random_, 20))
    value = static_cast<int64_t>(Chance(random_, 50) ? random_() : Below(random_, 8));
  std::memcpy(address, &value, layout.width);
}

void RandomInput::FillText(const Layout& layout, std::byte* address) {
  const std::string text = RandomText(random_, hostile_);
  const char* data = nullptr;  // as that of an empty string_view
  const bool bytes = layout.kind == Layout::Kind::kBytes;
  const bool vector = bytes && layout.form == Layout::Form::kOwned;
  const bool data_first = layout.form == Layout::Form::kOwned || layout.form == Layout::Form::kOwnedText ||
                          (bytes && layout.form == Layout::Form::kView);
  const bool owned = layout.form == Layout::Form::kOwned || layout.form == Layout::Form::kOwnedText;
  if (owned || !text.empty() || Chance(random_, 50)) {
    std::byte* copy = Allocate(text.size());
    std::memcpy(copy, text.data(), text.size());
    data = reinterpret_cast<const char*>(copy);
  }
  Store(address + (data_first ? 0 : 8), data);
  if (vector) return Store(address + 8, data + text.size());
  Store(address + (data_first ? 8 : 0), text.size());
}

void RandomInput::FillTime(const Layout& layout, std::byte* address) {
  if (layout.form == Layout::Form::kView && layout.kind == Layout::Kind::kTimestamp) {
    return Store(address, RandomTimestamp(random_));
  }
  if (hostile_ && Chance(random_, 20)) return Store(address, RandomInt(random_));
  const int64_t unit = kNanosPerSecond / layout.ticks_per_second;
  if (layout.kind == Layout::Kind::kDuration) return Store(address, RandomDuration(random_) / unit);
  const Timestamp moment = RandomTimestamp(random_);
  int64_t ticks = 0;  // a moment that no count of nanoseconds reaches becomes the epoch
  if (__builtin_mul_overflow(moment.seconds, int64_t{layout.ticks_per_second}, &ticks)) return Store(address, int64_t{0});
  Store(address, ticks + moment.nanos / unit);
}

void RandomInput::FillCidr(std::byte* address) {
  Store(address, RandomCidr(random_));
  if (hostile_ && Chance(random_, 20)) Store(address + offsetof(RawCidr, bits), random_());
}

void RandomInput::FillSequence(const Layout& layout, std::byte* address) {
  ++depth_;
  size_t count = Chance(random_, 90) ? Below(random_, 5) : Below(random_, 20);
  if (depth_ > 2) count = std::min<size_t>(count, 2);
  std::byte* data = nullptr;
  if (count > 0 || Chance(random_, 50)) data = Allocate(count * layout.element->size);
  for (size_t i = 0; i < count; ++i) Fill(*layout.element, data + i * layout.element->size);
  Store(address, data);
  if (layout.form == Layout::Form::kView) {
    Store(address + 8, count);
  } else {
    std::byte* end = data == nullptr ? nullptr : data + count * layout.element->size;
    Store(address + 8, end);
    Store(address + 16, end);
  }
  --depth_;
}

void RandomInput::FillOptional(const Layout& layout, std::byte* address) {
  const bool present = Chance(random_, 70);
  if (present) Fill(*layout.element, address);
  uint8_t flag = present ? 1 : 0;
  if (present && hostile_ && Chance(random_, 20)) flag = static_cast<uint8_t>(1 + Below(random_, 255));
  Store(address + layout.flag_offset, flag);
}

}  // namespace moult::lang::test
