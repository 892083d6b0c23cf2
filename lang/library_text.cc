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

ErrorKind StringSplit(Call& call) noexcept { return call.GiveItems(Split(call.Text(0), call.Text(1), call.arena())); }

ErrorKind StringSubstring(Call& call) noexcept { return GivePart(call, Substring(call.Text(0), call.Int(1))); }
ErrorKind StringSubstringTo(Call& call) noexcept {
  return GivePart(call, Substring(call.Text(0), call.Int(1), call.Int(2)));
}

}  // namespace moult::lang::library
