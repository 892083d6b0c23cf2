#include "runtime/maxima.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "lang/text.h"
#include "lang/value.h"

namespace moult::runtime {
namespace {

bool HasSize(const Layout& layout) {
  return layout.kind == Layout::Kind::kString || layout.kind == Layout::Kind::kBytes || layout.kind == Layout::Kind::kSequence;
}

class Finder {
 public:
  Finder(const lang::TypeTable& types, std::vector<Maximum>& out) : types_(types), out_(out) {}

  void Record(lang::TypeId type, const Layout& layout, Maximum at) {
    const std::vector<lang::RecordField>& fields = types_.record(type).fields;
    for (size_t k = 0; k < fields.size(); ++k) {
      if (layout.fields[k].layout == nullptr) continue;  // the host lacks it and nothing reads it
      Maximum field = at;
      field.offset += layout.fields[k].offset;
      field.path += (at.path.empty() ? "" : ".") + fields[k].name;
      field.max = fields[k].max_size;
      Value(fields[k].type, *layout.fields[k].layout, std::move(field));
    }
  }

 private:
  void Value(lang::TypeId type, const Layout& layout, Maximum at) {
    // The policy may have T? where the host always has a T.
    const lang::TypeId present = types_.IsOptional(type) ? types_[type].element : type;
    if (layout.kind == Layout::Kind::kOptional) {
      at.flags.push_back(at.offset + layout.flag_offset);
      Value(present, *layout.element, std::move(at));
    } else if (layout.kind == Layout::Kind::kRecord) {
      Record(present, layout, std::move(at));
    } else if (at.max > 0 && HasSize(layout)) {
      at.layout = &layout;
      out_.push_back(std::move(at));
    }
  }

  const lang::TypeTable& types_;
  std::vector<Maximum>& out_;
};

uint64_t BytesAt(const Layout& layout, const std::byte* at) {
  const Result<lang::Value, lang::ErrorKind> bytes = lang::ReadValue(layout, at);  // cannot fail
  return bytes->text.size();
}

std::string_view StringAt(const Layout& layout, const std::byte* at) {
  if (layout.form == Layout::Form::kView) return *reinterpret_cast<const std::string_view*>(at);
  return *reinterpret_cast<const std::string*>(at);
}

uint64_t CountAt(const Layout& layout, const std::byte* at) {
  if (layout.form == Layout::Form::kView) return reinterpret_cast<const NativeSpan*>(at)->count;
  const auto* vector = reinterpret_cast<const std::byte* const*>(at);  // begin, end
  return static_cast<uint64_t>(vector[1] - vector[0]) / layout.element->size;
}

bool Exceeds(const Maximum& m, const std::byte* record, uint64_t* size) {
  for (const uint32_t flag : m.flags) {
    if (record[flag] == std::byte{0}) return false;
  }
  if (m.layout->kind == Layout::Kind::kSequence) {
    *size = CountAt(*m.layout, record + m.offset);
    return *size > m.max;
  }
  if (m.layout->kind == Layout::Kind::kBytes) {
    *size = BytesAt(*m.layout, record + m.offset);
    return *size > m.max;
  }
  const std::string_view text = StringAt(*m.layout, record + m.offset);
  if (text.size() <= m.max) return false;
  *size = static_cast<uint64_t>(lang::CodePoints(text));
  return *size > m.max;
}

}  // namespace

std::vector<Maximum> FindMaxima(const lang::TypeTable& types, lang::TypeId input, const Layout& bound) {
  std::vector<Maximum> maxima;
  Finder(types, maxima).Record(input, bound, {});
  return maxima;
}

std::string TooLarge(const Layout& layout, uint64_t size, uint64_t max) {
  const char* unit = layout.kind == Layout::Kind::kString ? "code points"
                     : layout.kind == Layout::Kind::kBytes ? "bytes"
                                                           : "elements";
  return fmt::format("{} {}, at most {} are declared", size, unit, max);
}

Status CheckMaxima(const std::vector<Maximum>& maxima, const void* record) {
  for (const Maximum& m : maxima) {
    uint64_t size = 0;
    if (Exceeds(m, static_cast<const std::byte*>(record), &size)) {
      return Error{"E-input", m.path + ": " + TooLarge(*m.layout, size, m.max)};
    }
  }
  return {};
}

}  // namespace moult::runtime
