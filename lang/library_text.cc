// Library functions of strings; what they do is defined in lang/text.h.
#include "lang/function.h"
#include "lang/text.h"

namespace moult::lang::library {
namespace {

// A part of an argument, or that the position was outside of it.
ErrorKind GivePart(Call& call, std::optional<std::string_view> part) {
  return part ? call.GiveText(part) : ErrorKind::kIndexOutOfRange;
}

ErrorKind GivePosition(Call& call, std::optional<int64_t> position) {
  return position ? call.GiveInt(*position) : ErrorKind::kIndexOutOfRange;
}

}  // namespace

ErrorKind HtmlDecode(Call& call) noexcept { return call.GiveText(lang::HtmlDecode(call.Text(0), call.arena())); }
ErrorKind UrlDecode(Call& call) noexcept { return call.GiveText(lang::UrlDecode(call.Text(0), call.arena())); }
ErrorKind StringLowerAscii(Call& call) noexcept { return call.GiveText(LowerAscii(call.Text(0), call.arena())); }

ErrorKind StringIndexOf(Call& call) noexcept { return GivePosition(call, IndexOf(call.Text(0), call.Text(1))); }
ErrorKind StringIndexOfFrom(Call& call) noexcept {
  return GivePosition(call, IndexOf(call.Text(0), call.Text(1), call.Int(2)));
}

ErrorKind StringLastIndexOf(Call& call) noexcept {
  const std::optional<int64_t> found = LastIndexOf(call.Text(0), call.Text(1), CodePoints(call.Text(0)), call.arena());
  return found ? call.GiveInt(*found) : ErrorKind::kArenaExhausted;
}
ErrorKind StringLastIndexOfFrom(Call& call) noexcept {
  if (!Substring(call.Text(0), call.Int(2))) return ErrorKind::kIndexOutOfRange;
  const std::optional<int64_t> found = LastIndexOf(call.Text(0), call.Text(1), call.Int(2), call.arena());
  return found ? call.GiveInt(*found) : ErrorKind::kArenaExhausted;
}

ErrorKind StringCharAt(Call& call) noexcept { return GivePart(call, CharAt(call.Text(0), call.Int(1))); }
ErrorKind StringReverse(Call& call) noexcept { return call.GiveText(Reverse(call.Text(0), call.arena())); }
ErrorKind StringTrim(Call& call) noexcept { return call.GiveText(Trim(call.Text(0))); }
ErrorKind StringUpperAscii(Call& call) noexcept { return call.GiveText(UpperAscii(call.Text(0), call.arena())); }
ErrorKind StringsQuote(Call& call) noexcept { return call.GiveText(QuoteCel(call.Text(0), call.arena())); }

ErrorKind StringReplace(Call& call) noexcept {
  return call.GiveText(Replace(call.Text(0), call.Text(1), call.Text(2), -1, call.arena()));
}
ErrorKind StringReplaceSome(Call& call) noexcept {
  return call.GiveText(Replace(call.Text(0), call.Text(1), call.Text(2), call.Int(3), call.arena()));
}

ErrorKind ListJoin(Call& call) noexcept {
  const auto parts = call.List<std::string_view>(0);
  return call.GiveText(Join(parts.data(), parts.size(), "", call.arena()));
}
ErrorKind ListJoinWith(Call& call) noexcept {
  const auto parts = call.List<std::string_view>(0);
  return call.GiveText(Join(parts.data(), parts.size(), call.Text(1), call.arena()));
}

ErrorKind StringSplitSome(Call& call) noexcept {
  return call.GiveItems(Split(call.Text(0), call.Text(1), call.Int(2), call.arena()));
}
ErrorKind StringSplit(Call& call) noexcept { return call.GiveItems(Split(call.Text(0), call.Text(1), call.arena())); }

ErrorKind StringSubstring(Call& call) noexcept { return GivePart(call, Substring(call.Text(0), call.Int(1))); }
ErrorKind StringSubstringTo(Call& call) noexcept {
  return GivePart(call, Substring(call.Text(0), call.Int(1), call.Int(2)));
}

}  // namespace moult::lang::library
