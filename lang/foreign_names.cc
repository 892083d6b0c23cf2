#include "lang/foreign_names.h"

namespace moult::lang {
namespace {

struct Pair {
  std::string_view foreign, native;
};

constexpr Pair kPairs[] = {
    {"any", "exists"},         {"count", "size"},         {"every", "all"},
    {"find", "indexOf"},       {"forall", "all"},         {"includes", "contains"},
    {"len", "size"},           {"length", "size"},        {"lower", "lowerAscii"},
    {"match", "matches"},      {"some", "exists"},        {"substr", "substring"},
    {"test", "matches"},       {"toLower", "lowerAscii"}, {"toLowerCase", "lowerAscii"},
    {"tolower", "lowerAscii"},
};

}  // namespace

std::string_view NativeName(std::string_view foreign) {
  for (const Pair& pair : kPairs) {
    if (pair.foreign == foreign) return pair.native;
  }
  return {};
}

}  // namespace moult::lang
