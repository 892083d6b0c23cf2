#include "lang/data_list.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <type_traits>

#include "lang/list_keys.h"
#include "lang/memory.h"
#include "lang/range_index.h"

namespace moult::lang {
namespace {

bool IsText(TypeKind kind) { return kind == TypeKind::kString || kind == TypeKind::kBytes; }

// The bytes and the alignment of a scalar as Moult lays it out (lang/native_layout.cc).
struct Extent {
  size_t size;
  size_t align;
};
Extent ExtentOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBool:
      return {1, 1};
    case TypeKind::kInt:
    case TypeKind::kDouble:
    case TypeKind::kDuration:
    case TypeKind::kEnum:
      return {8, 8};
    case TypeKind::kCidr:
      return {24, 8};
    default:
      return {16, 8};
  }
}

// A string is a std::string_view, bytes are a NativeSpan.
void StoreText(TypeKind kind, std::string_view text, std::byte* at) {
  if (kind == TypeKind::kString) return StoreAs(at, text);
  StoreAs(at, NativeSpan{text.data(), text.size()});
}

template <class T>
void StoreItem(TypeKind /*kind*/, const T& item, std::byte* at) {
  StoreAs(at, item);
}
void StoreItem(TypeKind kind, std::string_view item, std::byte* at) { StoreText(kind, item, at); }

// What a map's keys are mapped to, by number.
class Values {
 public:
  Values(std::optional<TypeKind> kind, size_t count, size_t bytes)
      : kind_(kind), extent_(ExtentOf(kind.value_or(TypeKind::kBool))) {
    if (!kind_) return;
    values_.reserve(count * extent_.size);
    if (IsText(*kind_)) text_.reserve(bytes);
  }

  const Extent& extent() const { return extent_; }
  const std::byte* At(size_t number) const { return values_.data() + number * extent_.size; }

  void Add(const Words& words) {
    if (!kind_) return;
    values_.resize(values_.size() + extent_.size);
    std::byte* at = values_.data() + values_.size() - extent_.size;
    if (IsText(*kind_)) {
      const auto text = TextKeys::FromWords(words);
      StoreText(*kind_, {text_.data() + text_.size(), text.size()}, at);  // moves with text_: see Shrink
      text_ += text;
    } else if (*kind_ == TypeKind::kCidr) {
      std::memcpy(at, reinterpret_cast<const void*>(words.a), extent_.size);
    } else {
      std::memcpy(at, &words, extent_.size);
    }
  }
  // Texts stand where they will stay from here on.
  void Shrink() {
    values_.shrink_to_fit();
    if (!kind_ || !IsText(*kind_)) return;
    const char* before = text_.data();
    text_.shrink_to_fit();
    for (size_t at = 0; at < values_.size(); at += extent_.size) {
      const std::string_view text = Text(values_.data() + at);
      StoreText(*kind_, {text_.data() + (text.data() - before), text.size()}, values_.data() + at);
    }
  }
  size_t MemoryBytes() const { return values_.capacity() + text_.capacity(); }

 private:
  std::string_view Text(const std::byte* at) const {
    if (*kind_ == TypeKind::kString) return LoadAs<std::string_view>(at);
    const auto span = LoadAs<NativeSpan>(at);
    return {static_cast<const char*>(span.data), static_cast<size_t>(span.count)};
  }

  std::optional<TypeKind> kind_;
  Extent extent_;
  std::vector<std::byte> values_;
  std::string text_;
};

template <class Keys>
class ListOf final : public UnfinishedList {
 public:
  ListOf(const ListShape& shape, size_t entries, size_t bytes)
      : item_(shape.item.kind),
        is_map_(shape.value.has_value()),
        keys_(entries, bytes, is_map_),
        values_(shape.value ? std::optional(shape.value->kind) : std::nullopt, entries, bytes) {}

  bool Contains(const Words& item) const noexcept override {
    return keys_.Find(Keys::FromWords(item)) != PositionTable::kNone;
  }
  const void* Find(const Words& key) const noexcept override {
    if (!is_map_) return nullptr;
    const uint32_t number = keys_.Find(Keys::FromWords(key));
    return number == PositionTable::kNone ? nullptr : values_.At(number);
  }
  bool Covers(const Ip& ip) const noexcept override { return ranges_ && ranges_->Contains(ip); }
  NativeSpan Items() const override {
    if constexpr (!std::is_same_v<Keys, TextKeys>) {
      if (!is_map_) return {keys_.items().data(), size_};
    }
    std::call_once(laid_out_, [this] { LayOut(); });
    return {items_.data(), size_};
  }
  size_t MemoryBytes() const override {
    return sizeof *this + keys_.MemoryBytes() + values_.MemoryBytes() + (ranges_ ? ranges_->MemoryBytes() : 0);
  }

  std::pair<uint32_t, bool> Add(const Words& item) override {
    const typename Keys::Item key = Keys::FromWords(item);
    const uint32_t known = keys_.Find(key);
    if (known != PositionTable::kNone) return {known, true};
    keys_.Add(key);
    return {static_cast<uint32_t>(size_++), false};
  }
  void AddValue(const Words& value) override { values_.Add(value); }
  void Finish() override {
    keys_.Shrink();
    values_.Shrink();
    if constexpr (std::is_same_v<Keys, FixedKeys<Cidr>>) {
      if (!is_map_) ranges_.emplace(keys_.items());
    }
  }

 private:
  void LayOut() const {
    const Extent key = ExtentOf(item_);
    const Extent value = is_map_ ? values_.extent() : Extent{0, 1};
    const size_t offset = (key.size + value.align - 1) / value.align * value.align;
    const size_t align = std::max(key.align, value.align);
    const size_t stride = (offset + value.size + align - 1) / align * align;
    std::vector<std::byte> items(size_ * stride);
    size_t number = 0;
    keys_.ForEach([&](const auto& item) {
      std::byte* at = items.data() + number * stride;
      StoreItem(item_, item, at);
      if (is_map_) std::memcpy(at + offset, values_.At(number), value.size);
      ++number;
    });
    items_ = std::move(items);
  }

  TypeKind item_;
  bool is_map_;
  Keys keys_;
  Values values_;
  std::optional<RangeIndex> ranges_;
  mutable std::once_flag laid_out_;
  mutable std::vector<std::byte> items_;
};

ScalarType ScalarTypeOf(const TypeTable& types, TypeId id) {
  ScalarType type{.kind = types.kind(id), .name = {}, .enumerators = {}};
  if (type.kind != TypeKind::kEnum) return type;
  type.name = types.enum_type(id).name;
  type.enumerators = types.enum_type(id).enumerators;
  return type;
}

}  // namespace

bool CanBeItem(TypeKind kind) { return IsScalar(kind) && kind != TypeKind::kBool && kind != TypeKind::kDouble; }

bool CanBeList(const TypeTable& types, TypeId type) {
  const Type& list = types[type];
  const bool is_map = list.kind == TypeKind::kMap;
  if (!is_map && list.kind != TypeKind::kSet) return false;
  return CanBeItem(types.kind(ItemType(types, type))) && IsScalar(types.kind(list.element));
}

ListShape ShapeOfList(const TypeTable& types, TypeId type) {
  const Type& list = types[type];
  if (list.kind != TypeKind::kMap) return {ScalarTypeOf(types, list.element), std::nullopt};
  return {ScalarTypeOf(types, list.key), ScalarTypeOf(types, list.element)};
}

std::unique_ptr<UnfinishedList> NewList(const ListShape& shape, size_t entries, size_t bytes) {
  switch (shape.item.kind) {
    case TypeKind::kString:
    case TypeKind::kBytes:
      return std::make_unique<ListOf<TextKeys>>(shape, entries, bytes);
    case TypeKind::kTimestamp:
      return std::make_unique<ListOf<FixedKeys<Timestamp>>>(shape, entries, bytes);
    case TypeKind::kIp:
      return std::make_unique<ListOf<FixedKeys<Ip>>>(shape, entries, bytes);
    case TypeKind::kCidr:
      return std::make_unique<ListOf<FixedKeys<Cidr>>>(shape, entries, bytes);
    default:
      return std::make_unique<ListOf<FixedKeys<int64_t>>>(shape, entries, bytes);
  }
}

}  // namespace moult::lang
