// Character references, after "Named character reference state" and its neighbours in the HTML standard's tokenizer.
#include <algorithm>
#include <array>
#include <cstring>

#include "lang/text.h"

namespace moult::lang {
namespace {

struct Entity {
  std::string_view name;
  std::string_view text;
  bool legacy;
};

constexpr Entity kEntities[] = {
#define MOULT_ENTITY(name, text, legacy) {name, text, legacy != 0},
#include "lang/html_entities.def"
#undef MOULT_ENTITY
};
static_assert(std::ranges::is_sorted(kEntities, {}, &Entity::name));

constexpr size_t kLongestName =
    std::ranges::max(kEntities, {}, [](const Entity& e) { return e.name.size(); }).name.size();

// A bound of the result: no reference is more than a fifth longer than it was written ("&nGt;", five bytes, stands for
// six).
constexpr size_t DecodedBound(size_t written) { return written + written / 5; }
static_assert(std::ranges::all_of(kEntities, [](const Entity& e) {
  return e.text.size() <= DecodedBound(e.name.size() + 2) && (!e.legacy || e.text.size() <= e.name.size() + 1);
}));

// What the numbers 0x80 .. 0x9F mean in the wild: windows-1252. 0: as they are.
constexpr std::array<uint16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr uint32_t kReplacement = 0xFFFD;
constexpr uint32_t kTooLarge = 0x110000;

// A reference that was read: how many bytes of the text it took and what it stands for.
struct Reference {
  size_t consumed = 0;  // 0: no reference
  char text[8];
  size_t size = 0;
};

void AppendUtf8(uint32_t c, Reference* reference) {
  char* out = reference->text;
  if (c < 0x80) {
    *out++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *out++ = static_cast<char>(0xC0 | c >> 6);
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out++ = static_cast<char>(0xE0 | c >> 12);
    *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | c >> 18);
    *out++ = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  reference->size = static_cast<size_t>(out - reference->text);
}

int DigitValue(char c, uint32_t base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (base == 16 && c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (base == 16 && c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint32_t CharacterOf(uint32_t number) {
  if (number == 0 || number >= kTooLarge || (number >= 0xD800 && number < 0xE000)) return kReplacement;
  if (number >= 0x80 && number < 0xA0 && kWindows1252[number - 0x80] != 0) return kWindows1252[number - 0x80];
  return number;
}

// `text` begins with "&#".
Reference ReadNumeric(std::string_view text) {
  size_t i = 2;
  const bool hex = i < text.size() && (text[i] == 'x' || text[i] == 'X');
  const uint32_t base = hex ? 16 : 10;
  if (hex) ++i;
  const size_t digits = i;
  uint32_t number = 0;
  for (; i < text.size() && DigitValue(text[i], base) >= 0; ++i) {
    number = std::min(number * base + static_cast<uint32_t>(DigitValue(text[i], base)),
                      kTooLarge);  // sticks there: no overflow
  }
  if (i == digits) return {};
  if (i < text.size() && text[i] == ';') ++i;
  Reference reference;
  reference.consumed = i;
  AppendUtf8(CharacterOf(number), &reference);
  return reference;
}

const Entity* FindEntity(std::string_view name) {
  const Entity* found = std::ranges::lower_bound(kEntities, name, {}, &Entity::name);
  return found != std::end(kEntities) && found->name == name ? found : nullptr;
}

bool IsNameCharacter(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Reference NamedReference(const Entity& entity, size_t consumed) {
  Reference reference;
  reference.consumed = consumed;
  reference.size = entity.text.size();
  std::memcpy(reference.text, entity.text.data(), entity.text.size());
  return reference;
}
static_assert(std::ranges::all_of(kEntities, [](const Entity& e) { return e.text.size() <= sizeof(Reference::text); }));

// `text` begins with "&". With a semicolon the whole name counts; otherwise the longest legacy name that it begins
// with.
Reference ReadNamed(std::string_view text) {
  std::string_view name = text.substr(1, kLongestName + 1);
  name = name.substr(0, static_cast<size_t>(std::ranges::find_if_not(name, IsNameCharacter) - name.begin()));
  if (name.size() + 1 < text.size() && text[name.size() + 1] == ';') {
    if (const Entity* entity = FindEntity(name)) return NamedReference(*entity, name.size() + 2);
  }
  for (; !name.empty(); name.remove_suffix(1)) {
    const Entity* entity = FindEntity(name);
    if (entity != nullptr && entity->legacy) return NamedReference(*entity, name.size() + 1);
  }
  return {};
}

Reference ReadReference(std::string_view text) {
  return text.size() > 1 && text[1] == '#' ? ReadNumeric(text) : ReadNamed(text);
}

}  // namespace

std::optional<std::string_view> HtmlDecode(std::string_view text, Arena& arena) noexcept {
  if (text.find('&') == std::string_view::npos) return text;
  char* memory = static_cast<char*>(arena.Allocate(DecodedBound(text.size())));
  if (memory == nullptr) return std::nullopt;
  size_t size = 0;
  while (!text.empty()) {
    const size_t plain = std::min(text.find('&'), text.size());
    std::memcpy(memory + size, text.data(), plain);
    size += plain;
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Reference reference = ReadReference(text);
    if (reference.consumed == 0) {
      memory[size++] = '&';
      text.remove_prefix(1);
    } else {
      std::memcpy(memory + size, reference.text, reference.size);
      size += reference.size;
      text.remove_prefix(reference.consumed);
    }
  }
  return std::string_view(memory, size);
}

}  // namespace moult::lang
