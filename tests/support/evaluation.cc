#include "tests/support/evaluation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>

#include "lang/list_maker.h"
#include "lang/scalar_text.h"

namespace moult::lang::test {
namespace {

std::string ToText(const Scalar& scalar) {
  switch (scalar.kind) {
    case TypeKind::kString:
      return fmt::format("string {}", scalar.text);
    case TypeKind::kDouble:
      return fmt::format("double {:x}", std::bit_cast<uint64_t>(scalar.real));
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr:
      return LiteralText(scalar.kind, {.integer = scalar.integer, .low = scalar.low, .text = scalar.text});
    case TypeKind::kBool:
      return fmt::format("bool {}", scalar.integer);
    case TypeKind::kEnum:
      return fmt::format("enum {}", scalar.integer);
    default:
      return fmt::format("int {}", scalar.integer);
  }
}

std::string Joined(const std::vector<uint32_t>& rules) {
  return rules.empty() ? "-" : fmt::format("{}", fmt::join(rules, " "));
}

}  // namespace

bool FakeSources::Call(SourceId source, std::span<const Scalar> arguments, Scalar* result) noexcept {
  std::vector<std::string> texts;
  for (const Scalar& argument : arguments) texts.push_back(ToText(argument));
  const std::string call = fmt::format("source {}({})", source, fmt::join(texts, ", "));
  auto [entry, is_new] = answers_.try_emplace(call);
  Remembered& remembered = entry->second;
  if (is_new) {
    calls_.push_back(call);
    remembered.ok = answer_(source, arguments, &remembered.result);
    remembered.text = remembered.result.text;
    remembered.result.text = remembered.text;
  }
  *result = remembered.result;
  return remembered.ok;
}

std::unique_ptr<const DataList> MakeList(const TypeTable& types, TypeId type, const std::vector<EntryText>& entries) {
  size_t bytes = 0;
  for (const EntryText& entry : entries) bytes += entry.item.size() + entry.value.size();
  ListMaker maker(ShapeOfList(types, type), entries.size(), bytes);
  for (const EntryText& entry : entries) {
    const auto refusal = maker.Add(entry.item, entry.value, 0);
    EXPECT_TRUE(!refusal || refusal->what == ListMaker::Refusal::What::kDuplicate) << refusal->message;
  }
  std::unique_ptr<const DataList> list = maker.Take();
  list->Items();
  return list;
}

Evaluation::Evaluation(const Program& program, ListTexts lists) {
  lists.resize(program.lists.size());
  for (const std::string& pattern : program.regexes) {
    std::string error;
    regexes_.push_back(Regex::Create(pattern, &error));
    resources_.push_back(regexes_.back().get());
  }
  for (size_t k = 0; k < lists.size(); ++k) {
    lists_.push_back(MakeList(program.types, program.lists[k].type, lists[k]));
    resources_.push_back(lists_.back().get());
  }
}

EvalInput Evaluation::Input(const Layout& layout, const void* record, SourceHost* sources, uint64_t fuel) {
  arena_.Reset();
  return {.record = record,
          .layout = &layout,
          .resources = resources_.data(),
          .sources = sources,
          .arena = &arena_,
          .fuel = fuel};
}

std::string ToText(const Outcome& outcome) {
  std::vector<std::string> errors;
  for (const RuleError& e : outcome.errors) {
    errors.push_back(fmt::format("{}:{}@{}", e.rule, ErrorText(e.error.kind), e.error.site));
  }
  return fmt::format("verdict {} score {} fired {} shadow {} errors {}", outcome.verdict, outcome.score,
                     Joined(outcome.fired), Joined(outcome.shadow_fired),
                     errors.empty() ? "-" : fmt::format("{}", fmt::join(errors, ", ")));
}

std::string ToText(const Result<Scalar, EvalError>& argument) {
  if (argument) return ToText(*argument);
  return fmt::format("{}@{}", ErrorText(argument.error().kind), argument.error().site);
}

}  // namespace moult::lang::test
