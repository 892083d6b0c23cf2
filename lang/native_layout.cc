#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "lang/bind.h"

namespace moult::lang {
namespace {

constexpr uint32_t kWord = 8;

uint32_t RoundUp(uint32_t size, uint32_t align) { return (size + align - 1) / align * align; }

// Makes each type's layout once, since records may hold the same type many times.
class NativeLayouts {
 public:
  explicit NativeLayouts(const TypeTable& types) : types_(types), made_(types.size()), heights_(types.size()) {}

  LayoutRef Of(TypeId type) {
    uint32_t& height = heights_[type.index];
    if (height == 0 && depth_ < kMaxDepth) {
      ++depth_;
      const uint32_t outer = std::exchange(below_, 0);
      LayoutRef made = Make(type);
      height = below_ + 1;
      if (height <= kMaxDepth) made_[type.index] = std::move(made);
      below_ = outer;
      --depth_;
    }
    below_ = std::max(below_, height);
    return made_[type.index];
  }

 private:
  LayoutRef Make(TypeId id) {
    const Type& type = types_[id];
    switch (type.kind) {
      case TypeKind::kBool:
        return Scalar(Layout::Kind::kBool, 1);
      case TypeKind::kInt:
        return Scalar(Layout::Kind::kInt, kWord);
      case TypeKind::kDouble:
        return Scalar(Layout::Kind::kDouble, kWord);
      case TypeKind::kString:
        return Plain(Layout::Kind::kString, 2);
      case TypeKind::kBytes:
        return Plain(Layout::Kind::kBytes, 2);
      case TypeKind::kTimestamp:
        return Plain(Layout::Kind::kTimestamp, 2);
      case TypeKind::kDuration:
        return Plain(Layout::Kind::kDuration, 1);
      case TypeKind::kIp:
        return Plain(Layout::Kind::kIp, 2);
      case TypeKind::kCidr:
        return Plain(Layout::Kind::kCidr, 3);
      case TypeKind::kEnum:
        return Enum(types_.enum_type(id));
      case TypeKind::kRecord:
        return Record(id);
      case TypeKind::kList:
      case TypeKind::kSet:
        return Sequence(Of(type.element));
      case TypeKind::kMap:
        return Sequence(Entry(Of(type.key), Of(type.element)));
      case TypeKind::kOptional:
        return Optional(Of(type.element));
    }
    return nullptr;
  }

  static Layout New(Layout::Kind kind, uint32_t size, uint32_t align) {
    Layout layout;
    layout.kind = kind;
    layout.size = size;
    layout.align = align;
    layout.host_type = "JSON";
    return layout;
  }

  static LayoutRef Plain(Layout::Kind kind, uint32_t words) {
    return std::make_shared<const Layout>(New(kind, words * kWord, kWord));
  }

  static LayoutRef Scalar(Layout::Kind kind, uint8_t width) {
    Layout layout = New(kind, width, width);
    layout.width = width;
    layout.is_signed = kind != Layout::Kind::kBool;
    return std::make_shared<const Layout>(std::move(layout));
  }

  static LayoutRef Enum(const EnumType& type) {
    Layout layout = New(Layout::Kind::kEnum, kWord, kWord);
    for (const std::string& name : type.enumerators) {
      layout.enumerators.emplace_back(name, static_cast<int64_t>(layout.enumerators.size()));
    }
    return std::make_shared<const Layout>(std::move(layout));
  }

  static LayoutRef Sequence(LayoutRef element) {
    if (element == nullptr) return nullptr;
    Layout layout = New(Layout::Kind::kSequence, sizeof(NativeSpan), kWord);
    layout.element = std::move(element);
    return std::make_shared<const Layout>(std::move(layout));
  }

  static LayoutRef Optional(LayoutRef payload) {
    if (payload == nullptr || payload->size >= kMaxValueBytes) return nullptr;
    Layout layout = New(Layout::Kind::kOptional, RoundUp(payload->size + 1, payload->align), payload->align);
    layout.flag_offset = payload->size;
    layout.element = std::move(payload);
    return std::make_shared<const Layout>(std::move(layout));
  }

  static LayoutRef Entry(LayoutRef key, LayoutRef value) {
    Layout entry = New(Layout::Kind::kRecord, 0, 1);
    if (!Append("key", std::move(key), &entry) || !Append("value", std::move(value), &entry)) return nullptr;
    return Finish(std::move(entry));
  }

  LayoutRef Record(TypeId id) {
    Layout layout = New(Layout::Kind::kRecord, 0, 1);
    for (const RecordField& field : types_.record(id).fields) {
      if (!Append(field.name, Of(field.type), &layout)) return nullptr;
    }
    return Finish(std::move(layout));
  }

  static bool Append(const std::string& name, LayoutRef field, Layout* record) {
    if (field == nullptr) return false;
    const uint32_t offset = RoundUp(record->size, field->align);
    record->size = offset + field->size;  // both at most kMaxValueBytes: no overflow
    record->align = std::max(record->align, field->align);
    record->fields.push_back({name, offset, std::move(field)});
    return record->size <= kMaxValueBytes;
  }

  // A record without fields takes a byte, so that a sequence of them has a stride.
  static LayoutRef Finish(Layout record) {
    record.size = RoundUp(std::max(record.size, 1u), record.align);
    return std::make_shared<const Layout>(std::move(record));
  }

  const TypeTable& types_;
  std::vector<LayoutRef> made_;  // by TypeId
  std::vector<uint32_t> heights_;  // by TypeId: of types within types; 0 for one that has not been made
  uint32_t below_ = 0;             // the greatest height asked for by the type being made
  uint32_t depth_ = 0;
};

}  // namespace

LayoutRef NativeLayout(const TypeTable& types, TypeId type) { return NativeLayouts(types).Of(type); }

std::optional<TypeId> TypeWithoutNativeLayout(const TypeTable& types) {
  NativeLayouts layouts(types);
  for (uint32_t k = 0; k < types.size(); ++k) {
    if (layouts.Of({k}) == nullptr) return TypeId{k};
  }
  return std::nullopt;
}

}  // namespace moult::lang
