#include "lang/layout_image.h"

#include "lang/memory.h"

namespace moult::lang {
namespace {

static_assert(sizeof(ImageHead) == 24 && sizeof(ImageField) == 8);

constexpr uint32_t kNoImage = UINT32_MAX;

template <class T>
void Append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

uint8_t Thousands(uint32_t ticks_per_second) {
  uint8_t power = 0;
  for (; ticks_per_second > 1; ticks_per_second /= 1000) ++power;
  return power;
}

}  // namespace

LayoutImage::LayoutImage(const void* address)
    : address_(static_cast<const std::byte*>(address)), head_(LoadAs<ImageHead>(address)) {}

ImageField LayoutImage::field(size_t k) const {
  return LoadAs<ImageField>(address_ + sizeof(ImageHead) + k * sizeof(ImageField));
}

int64_t LayoutImage::enumerator(size_t ordinal) const {
  return LoadAs<int64_t>(address_ + sizeof(ImageHead) + ordinal * sizeof(int64_t));
}

uint32_t LayoutPool::Add(TypeId type, const Layout& layout) {
  const auto known = made_.find({type.index, &layout});
  if (known != made_.end()) return known->second;
  const uint32_t made = Make(type, layout);
  made_.emplace(std::pair(type.index, &layout), made);
  return made;
}

uint32_t LayoutPool::AddSpan(TypeId type, const Layout& element) {
  const auto known = spans_.find({type.index, &element});
  if (known != spans_.end()) return known->second;
  const uint32_t made = MakeSequence(type, Layout::Form::kView, sizeof(NativeSpan), element);
  spans_.emplace(std::pair(type.index, &element), made);
  return made;
}

uint32_t LayoutPool::AddWord(TypeId scalar) {
  ImageHead head;
  switch (types_.kind(scalar)) {
    case TypeKind::kBool:
      head.kind = Layout::Kind::kBool;
      break;
    case TypeKind::kDouble:
      head.kind = Layout::Kind::kDouble;
      break;
    case TypeKind::kString:
      head.kind = Layout::Kind::kString;
      head.form = Layout::Form::kOwned;
      head.size = 16;
      break;
    case TypeKind::kBytes:
      head.kind = Layout::Kind::kBytes;
      head.size = 16;
      break;
    case TypeKind::kTimestamp:
      head.kind = Layout::Kind::kTimestamp;
      head.size = 16;
      break;
    case TypeKind::kDuration:
      head.kind = Layout::Kind::kDuration;
      break;
    case TypeKind::kIp:
      head.kind = Layout::Kind::kIp;
      head.size = 16;
      break;
    case TypeKind::kCidr:
      head.kind = Layout::Kind::kCidr;
      head.size = 24;
      break;
    default:  // an enum's ordinal as well
      head.kind = Layout::Kind::kInt;
      break;
  }
  return Intern(head, kNoImage, {}, {});
}

uint32_t LayoutPool::AddWords(TypeId type, const Layout& native) {
  if (types_.kind(type) == TypeKind::kRecord) return Add(type, native);
  return types_.IsComposite(type) ? AddSpan(type, *native.element) : AddWord(type);
}

uint32_t LayoutPool::AddTuple(std::span<const uint32_t> images) {
  std::vector<Part> parts;
  for (const uint32_t image : images) parts.push_back({0, image});
  return Intern({.kind = Layout::Kind::kRecord, .size = 0}, kNoImage, parts, {});
}

uint32_t LayoutPool::Make(TypeId type, const Layout& layout) {
  // The policy may have T? where the host always has a T.
  if (types_.IsOptional(type) && layout.kind != Layout::Kind::kOptional) return Add(types_[type].element, layout);
  ImageHead head;
  head.kind = layout.kind;
  head.form = layout.form;
  head.width = layout.width;
  head.is_signed = layout.is_signed;
  head.size = layout.size;
  switch (layout.kind) {
    case Layout::Kind::kEnum:
      return MakeEnum(layout);
    case Layout::Kind::kRecord:
      return MakeRecord(type, layout);
    case Layout::Kind::kSequence:
      return MakeSequence(type, layout.form, layout.size, *layout.element);
    case Layout::Kind::kOptional: {
      const uint32_t payload = Add(types_[type].element, *layout.element);
      head.flag_offset = layout.flag_offset;
      head.may_be_bad = image(payload).may_be_bad();
      return Intern(head, payload, {}, {});
    }
    case Layout::Kind::kTimestamp:
    case Layout::Kind::kDuration:
      head.thousands = Thousands(layout.ticks_per_second);
      head.may_be_bad = layout.ticks_per_second != kNanosPerSecond;
      return Intern(head, kNoImage, {}, {});
    default:
      head.may_be_bad = layout.kind == Layout::Kind::kInt && !layout.is_signed && layout.width == 8;
      return Intern(head, kNoImage, {}, {});
  }
}

uint32_t LayoutPool::MakeEnum(const Layout& layout) {
  ImageHead head{.kind = Layout::Kind::kEnum, .width = layout.width, .is_signed = layout.is_signed, .may_be_bad = true,
                 .size = layout.size};
  std::vector<int64_t> enumerators;
  for (const auto& [name, value] : layout.enumerators) enumerators.push_back(value);
  return Intern(head, kNoImage, {}, enumerators);
}

uint32_t LayoutPool::MakeRecord(TypeId type, const Layout& layout) {
  ImageHead head{.kind = Layout::Kind::kRecord, .size = layout.size};
  std::vector<Part> parts;
  const Type& described = types_[type];
  for (size_t k = 0; k < layout.fields.size(); ++k) {
    const FieldLayout& field = layout.fields[k];
    parts.push_back({field.offset, kNoImage});
    if (field.layout == nullptr) continue;
    const TypeId field_type = described.kind == TypeKind::kRecord ? types_.record(type).fields[k].type
                              : k == 0                            ? described.key
                                                                  : described.element;  // an entry of a map
    parts.back().image = Add(field_type, *field.layout);
    head.may_be_bad = head.may_be_bad || image(parts.back().image).may_be_bad();
  }
  return Intern(head, kNoImage, parts, {});
}

uint32_t LayoutPool::MakeSequence(TypeId type, Layout::Form form, uint32_t size, const Layout& element) {
  const Type described = types_[type];
  ImageHead head{.kind = Layout::Kind::kSequence, .form = form, .size = size};
  if (described.kind == TypeKind::kSet) head.collection = ImageHead::Collection::kSet;
  if (described.kind == TypeKind::kMap) head.collection = ImageHead::Collection::kMap;
  // The entry of a map is a record that has no type of its own: that of the map stands for it.
  const uint32_t inner = Add(described.kind == TypeKind::kMap ? type : described.element, element);
  head.may_be_bad = image(inner).may_be_bad();
  return Intern(head, inner, {}, {});
}

uint32_t LayoutPool::Intern(ImageHead head, uint32_t element, const std::vector<Part>& parts,
                            const std::vector<int64_t>& enumerators) {
  head.count = static_cast<uint32_t>(parts.size() + enumerators.size());
  std::string key;
  Append(key, head);
  Append(key, element);
  for (const Part& part : parts) Append(key, part);
  for (const int64_t value : enumerators) Append(key, value);
  const auto offset = static_cast<uint32_t>(words_.size() * sizeof(uint64_t));
  const auto [entry, is_new] = by_content_.try_emplace(key, offset);
  if (!is_new) return entry->second;

  const auto distance = [&](uint32_t image) {
    return image == kNoImage ? 0 : static_cast<int32_t>(image) - static_cast<int32_t>(offset);
  };
  head.element = distance(element);
  std::string bytes;
  Append(bytes, head);
  for (const Part& part : parts) Append(bytes, ImageField{part.offset, distance(part.image)});
  for (const int64_t value : enumerators) Append(bytes, value);
  words_.resize(words_.size() + bytes.size() / sizeof(uint64_t));
  std::memcpy(words_.data() + offset / sizeof(uint64_t), bytes.data(), bytes.size());
  return offset;
}

}  // namespace moult::lang
