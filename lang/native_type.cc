#include "lang/native_type.h"

#include <cstring>
#include <utility>
#include <vector>

namespace moult::lang {
namespace {

constexpr uint32_t kHeaderWords = 5;

void AppendWord(std::string& out, uint32_t word) {
  out.append(reinterpret_cast<const char*>(&word), sizeof word);
}

struct Part {
  uint32_t offset;
  TypeId type;
  const Layout* layout;
};

// The parts of a composite: fields, key and value, element, payload.
std::vector<Part> PartsOf(const TypeTable& types, TypeId id, const Layout& layout) {
  const Type& type = types[id];
  std::vector<Part> parts;
  switch (type.kind) {
    case TypeKind::kRecord:
      for (size_t k = 0; k < layout.fields.size(); ++k) {
        const FieldLayout& field = layout.fields[k];
        parts.push_back({field.offset, types.record(id).fields[k].type, field.layout.get()});
      }
      break;
    case TypeKind::kMap: {
      const std::vector<FieldLayout>& entry = layout.element->fields;
      parts.push_back({entry[0].offset, type.key, entry[0].layout.get()});
      parts.push_back({entry[1].offset, type.element, entry[1].layout.get()});
      break;
    }
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kOptional:
      parts.push_back({0, type.element, layout.element.get()});
      break;
    default:
      break;
  }
  return parts;
}

}  // namespace

uint32_t NativeType::word(uint32_t k) const {
  uint32_t value;
  std::memcpy(&value, words_ + k * sizeof value, sizeof value);
  return value;
}

std::pair<uint32_t, NativeType> NativeType::child(uint32_t k) const {
  uint32_t at = kHeaderWords;
  for (; k > 0; --k) at += 1 + NativeType(words_ + (at + 1) * sizeof(uint32_t)).word(2);
  return {word(at), NativeType(words_ + (at + 1) * sizeof(uint32_t))};
}

// Recurses as deep as types are nested.
std::string DescribeNative(const TypeTable& types, TypeId type, const Layout& layout) {
  const std::vector<Part> parts = PartsOf(types, type, layout);
  std::string children;
  for (const Part& part : parts) {
    AppendWord(children, part.offset);
    children += DescribeNative(types, part.type, *part.layout);
  }
  const TypeKind kind = types.kind(type);
  std::string out;
  AppendWord(out, static_cast<uint32_t>(kind));
  AppendWord(out, layout.size);
  AppendWord(out, static_cast<uint32_t>(kHeaderWords + children.size() / sizeof(uint32_t)));
  AppendWord(out, static_cast<uint32_t>(parts.size()));
  AppendWord(out, kind == TypeKind::kOptional ? layout.flag_offset : kind == TypeKind::kMap ? layout.element->size : 0);
  return out + children;
}

}  // namespace moult::lang
