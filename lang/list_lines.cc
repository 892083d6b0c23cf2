#include "lang/list_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lang/compile.h"
#include "lang/list_maker.h"
#include "lang/value_text.h"

namespace moult::lang {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The part of `text` at begin .. end without the blanks around it.
TextSpan Trimmed(std::string_view text, size_t begin, size_t end) {
  while (begin < end && kBlanks.find(text[begin]) != std::string_view::npos) ++begin;
  while (begin < end && kBlanks.find(text[end - 1]) != std::string_view::npos) --end;
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

std::string_view Part(std::string_view text, TextSpan span) { return text.substr(span.begin, span.end - span.begin); }

// The entry on the line at `line`; nothing if it is none, which has been reported.
std::optional<ListEntry> EntryOn(std::string_view text, TextSpan line, bool is_map, Reporter& reporter) {
  if (!is_map) return ListEntry{.item = Part(text, line), .value = {}, .item_span = line, .value_span = line};
  const size_t sign = text.substr(0, line.end).find('=', line.begin);
  if (sign == std::string_view::npos) {
    reporter.Report(Code::kBadEntry, line, "an entry of a map has a key and a value", "write `key = value`");
    return std::nullopt;
  }
  const TextSpan key = Trimmed(text, line.begin, sign);
  const TextSpan value = Trimmed(text, sign + 1, line.end);
  if (key.begin == key.end) {
    reporter.Report(Code::kBadEntry, line, "an entry without a key", "write `key = value`");
    return std::nullopt;
  }
  return ListEntry{.item = Part(text, key), .value = Part(text, value), .item_span = key, .value_span = value};
}

// Whether `text` comes back when it stands in a line by itself.
bool IsKept(std::string_view text) {
  return text.find('\n') == std::string_view::npos &&
         Trimmed(text, 0, text.size()).end - Trimmed(text, 0, text.size()).begin == text.size();
}
bool IsKeptAsItem(std::string_view text) {
  return !text.empty() && text.front() != '#' && !text.starts_with(kByteOrderMark) && IsKept(text);
}

// A scalar as a line has it: as JSON does, without quotes or escapes.
std::optional<std::string> PlainOf(const TypeTable& types, TypeId type, const ReadResult& value) {
  if (!value) return std::nullopt;
  if (types.kind(type) == TypeKind::kString) return std::string(value->text);
  std::optional<std::string> json = ValueJson(types, type, *value);
  if (json && json->starts_with('"')) return json->substr(1, json->size() - 2);
  return json;
}

}  // namespace

bool AddEntry(ListMaker& maker, const ListEntry& entry, std::string_view text, const ListLimits& limits,
              std::string_view name, Reporter& reporter) {
  using What = ListMaker::Refusal::What;
  const std::optional<ListMaker::Refusal> refusal = maker.Add(entry.item, entry.value, entry.item_span.begin);
  if (!refusal && maker.size() > limits.entries) {
    reporter.Report(Code::kListTooLarge, entry.item_span,
                    fmt::format("the list `{}` has over {} entries", name, limits.entries),
                    "raise EngineOptions::list_entries");
    return false;
  }
  if (!refusal) return true;
  if (refusal->what == What::kDuplicate && !reporter.full()) {
    reporter.Report(
        Code::kDuplicateKey, entry.item_span,
        fmt::format("the key {} stands on line {} already", Quoted(entry.item), PositionOf(text, refusal->first).line));
  } else {
    reporter.Report(refusal->what == What::kDuplicate ? Code::kDuplicateKey : Code::kBadEntry,
                    refusal->what == What::kValue ? entry.value_span : entry.item_span, refusal->message,
                    refusal->hint);
  }
  return true;
}

std::unique_ptr<const DataList> ReadListLines(std::string_view text, const ListShape& shape, const ListLimits& limits,
                                              std::string_view name, Reporter& reporter) {
  const size_t lines = static_cast<size_t>(std::ranges::count(text, '\n')) + 1;
  ListMaker maker(shape, std::min(lines, limits.entries + 1), text.size());
  for (size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0, end = 0; begin < text.size();
       begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    const TextSpan line = Trimmed(text, begin, end);
    if (line.begin == line.end || text[line.begin] == '#') continue;
    const std::optional<ListEntry> entry = EntryOn(text, line, shape.value.has_value(), reporter);
    if (entry && !AddEntry(maker, *entry, text, limits, name, reporter)) break;
  }
  return reporter.has_errors() ? nullptr : maker.Take();
}

std::optional<std::string> ListLines(const TypeTable& types, TypeId type, const Value& value) {
  const Type& list = types[type];
  const bool is_map = list.kind == TypeKind::kMap;
  std::string lines;
  for (size_t i = 0, size = CollectionSize(value); i < size; ++i) {
    const std::optional<std::string> item =
        is_map ? PlainOf(types, list.key, ReadKey(value, i)) : PlainOf(types, list.element, ReadElement(value, i));
    if (!item || !IsKeptAsItem(*item) || (is_map && item->find('=') != std::string::npos)) return std::nullopt;
    lines += *item;
    if (is_map) {
      const std::optional<std::string> mapped = PlainOf(types, list.element, ReadMapped(value, i));
      if (!mapped || !IsKept(*mapped)) return std::nullopt;
      lines.append(" = ").append(*mapped);
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace moult::lang
