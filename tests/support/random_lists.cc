// Contents of random lists, as their files would have them.
#include "lang/quote.h"
#include "lang/scalar_text.h"
#include "tests/support/random_program.h"

namespace moult::lang::test {
namespace {

std::string RandomScalarText(Random& random, const TypeTable& types, TypeId type) {
  switch (types.kind(type)) {
    case TypeKind::kBool:
      return Chance(random, 50) ? "true" : "false";
    case TypeKind::kInt:
      return std::to_string(RandomInt(random));
    case TypeKind::kDouble:
      return RealText(static_cast<double>(RandomInt(random)) / 4);
    case TypeKind::kString:
      return RandomText(random, true);
    case TypeKind::kBytes:
      return PlainText(TypeKind::kBytes, Value::Text(RandomText(random, true)));
    case TypeKind::kTimestamp:
      return FormatTimestamp(RandomTimestamp(random));
    case TypeKind::kDuration:
      return FormatDuration(RandomDuration(random));
    case TypeKind::kIp:
      return RandomIp(random).ToString();
    case TypeKind::kCidr:
      return Chance(random, 20) ? RandomIp(random).ToString() : RandomCidr(random).ToString();
    default: {
      const std::vector<std::string>& names = types.enum_type(type).enumerators;
      return names[Below(random, names.size())];
    }
  }
}

}  // namespace

std::vector<EntryText> RandomEntries(Random& random, const TypeTable& types, TypeId type) {
  std::vector<EntryText> entries;
  for (size_t k = Below(random, 12); k > 0; --k) {
    entries.emplace_back(RandomScalarText(random, types, ItemType(types, type)));
    if (types.kind(type) == TypeKind::kMap) entries.back().value = RandomScalarText(random, types, types[type].element);
  }
  return entries;
}

ListTexts RandomLists(Random& random, const Program& program) {
  ListTexts lists;
  for (const ListDecl& list : program.lists) lists.push_back(RandomEntries(random, program.types, list.type));
  return lists;
}

}  // namespace moult::lang::test
