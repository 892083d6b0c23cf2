#include "moult/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lang/utf8.h"

namespace moult {
namespace {

struct Range {
  char32_t first, last;
};
// The ranges that matter in practice of Unicode's East Asian Width (W, F) and of its combining marks.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
                           {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
                           {0x20000, 0x3FFFD}};
constexpr Range kZeroWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F},
                                {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200C, 0x200D}, {0x20D0, 0x20FF},
                                {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

template <size_t N>
bool Within(char32_t c, const Range (&ranges)[N]) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](Range r) { return c >= r.first && c <= r.last; });
}

constexpr int kTabWidth = 4;

// How one code point is shown, and how many terminal columns that takes.
struct Cell {
  std::string text;
  int width = 1;
};

Cell Show(std::string_view text, size_t offset, lang::CodePoint c) {
  if (c.valid && c.value == '\t') return {std::string(kTabWidth, ' '), kTabWidth};
  if (!c.valid) return {"\uFFFD", 1};
  if (lang::IsUnprintable(c.value)) {
    Cell cell{{}, 1};
    lang::AppendUtf8(c.value < 0x20 ? 0x2400 + c.value : c.value == 0x7F ? 0x2421 : 0xFFFD, cell.text);  // as ␛
    return cell;
  }
  return {std::string(text.substr(offset, c.length)), Within(c.value, kWide) ? 2 : Within(c.value, kZeroWidth) ? 0 : 1};
}

std::string Printable(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const lang::CodePoint c = lang::DecodeUtf8(text, i);
    out += Show(text, i, c).text;
    i += c.length;
  }
  return out;
}

struct Palette {
  const char *bold, *error, *warning, *dim, *caret, *reset;
};
constexpr Palette kPlain{"", "", "", "", "", ""};
constexpr Palette kColored{"\x1b[1m", "\x1b[1;31m", "\x1b[1;35m", "\x1b[2m", "\x1b[1;32m", "\x1b[0m"};

void RenderSource(const Diagnostic& d, const Palette& p, std::string& out) {
  std::string shown = d.source_column > 1 ? "..." : "";
  int before = static_cast<int>(shown.size());
  int under = 0;
  uint32_t column = d.source_column;
  for (size_t i = 0; i < d.source_line.size(); ++column) {
    const lang::CodePoint c = lang::DecodeUtf8(d.source_line, i);
    const Cell cell = Show(d.source_line, i, c);
    shown += cell.text;
    if (column < d.column) {
      before += cell.width;
    } else if (column - d.column < d.length) {
      under += cell.width;
    }
    i += c.length;
  }
  const std::string number = std::to_string(d.line);
  out += fmt::format("{} {} | {}{}\n", p.dim, number, p.reset, shown);
  out += fmt::format("{} {:{}} | {}{:{}}{}{}{}\n", p.dim, "", number.size(), p.reset, "", before, p.caret,
                     std::string(static_cast<size_t>(std::max(under, 1)), '^'), p.reset);
}

}  // namespace

std::string Render(const Diagnostic& d, bool color) {
  const Palette& p = color ? kColored : kPlain;
  std::string place = Printable(d.file);
  if (d.line > 0) place += fmt::format("{}{}:{}", place.empty() ? "" : ":", d.line, d.column);
  if (!place.empty()) place += ": ";
  const bool error = d.severity == Severity::kError;
  std::string out = fmt::format("{}{}{}{}{}: {}{}{}{}", p.bold, place, p.reset, error ? p.error : p.warning,
                                error ? "error" : "warning", p.reset, p.bold, Printable(d.message), p.reset);
  out += d.code.empty() ? "\n" : fmt::format(" [{}]\n", d.code);
  if (d.line > 0) RenderSource(d, p, out);
  if (!d.hint.empty()) out += fmt::format("   hint: {}\n", Printable(d.hint));
  for (const DiagnosticNote& note : d.notes) {
    out += fmt::format("   note: {}:{}:{}: {}\n", Printable(note.file), note.line, note.column, Printable(note.message));
  }
  return out;
}

std::string Render(const Diagnostics& diagnostics, bool color) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += Render(d, color);
  return out;
}

}  // namespace moult
