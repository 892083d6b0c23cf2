#include "lang/foreign_names.h"

namespace moult::lang {
namespace {

struct Pair {
  std::string_view foreign, native;
};

constexpr Pair kPairs[] = {
    {"abs", "math.abs"},           {"any", "exists"},          {"ceil", "math.ceil"},
    {"count", "size"},             {"every", "all"},           {"find", "indexOf"},
    {"floor", "math.floor"},       {"forall", "all"},          {"hasPrefix", "startsWith"},
    {"hasSuffix", "endsWith"},     {"includes", "contains"},   {"index", "indexOf"},
    {"len", "size"},               {"length", "size"},         {"lower", "lowerAscii"},
    {"match", "matches"},          {"max", "math.greatest"},   {"min", "math.least"},
    {"round", "math.round"},       {"some", "exists"},         {"strip", "trim"},
    {"substr", "substring"},       {"test", "matches"},        {"toLower", "lowerAscii"},
    {"toLowerCase", "lowerAscii"}, {"toUpper", "upperAscii"},  {"toUpperCase", "upperAscii"},
    {"tolower", "lowerAscii"},     {"toupper", "upperAscii"},  {"upper", "upperAscii"},
};

constexpr Pair kTypes[] = {
    {"array", "list"},     {"boolean", "bool"},  {"datetime", "timestamp"}, {"dict", "map"},       {"float", "double"},
    {"instant", "timestamp"}, {"integer", "int"}, {"number", "int"},        {"real", "double"},    {"str", "string"},
    {"text", "string"},    {"time", "timestamp"},
};

template <size_t n>
std::string_view NativeIn(const Pair (&pairs)[n], std::string_view foreign) {
  for (const Pair& pair : pairs) {
    if (pair.foreign == foreign) return pair.native;
  }
  return {};
}

}  // namespace

std::string_view NativeName(std::string_view foreign) { return NativeIn(kPairs, foreign); }

std::string_view NativeType(std::string_view foreign) { return NativeIn(kTypes, foreign); }

}  // namespace moult::lang
