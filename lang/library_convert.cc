// Conversions between types; what they do is defined in lang/convert.h.
#include "lang/convert.h"
#include "lang/function.h"
#include "lang/text.h"

namespace moult::lang::library {

ErrorKind BoolOfBool(Call& call) noexcept { return call.GiveBool(call.Bool(0)); }
ErrorKind BoolOfString(Call& call) noexcept {
  const std::optional<bool> value = lang::BoolOfText(call.Text(0));
  return value ? call.GiveBool(*value) : ErrorKind::kBadConversion;
}

ErrorKind DoubleOfDouble(Call& call) noexcept { return call.GiveDouble(call.Double(0)); }
ErrorKind DoubleOfInt(Call& call) noexcept { return call.GiveDouble(static_cast<double>(call.Int(0))); }
ErrorKind DoubleOfString(Call& call) noexcept {
  const std::optional<double> value = lang::DoubleOfText(call.Text(0));
  return value ? call.GiveDouble(*value) : ErrorKind::kBadConversion;
}

ErrorKind IntOfInt(Call& call) noexcept { return call.GiveInt(call.Int(0)); }
ErrorKind IntOfDouble(Call& call) noexcept {
  const std::optional<int64_t> value = lang::IntOfDouble(call.Double(0));
  return value ? call.GiveInt(*value) : ErrorKind::kOverflow;
}
ErrorKind IntOfString(Call& call) noexcept {
  const std::optional<int64_t> value = lang::IntOfText(call.Text(0));
  return value ? call.GiveInt(*value) : ErrorKind::kBadConversion;
}

ErrorKind StringOfBool(Call& call) noexcept { return call.GiveText(call.Bool(0) ? "true" : "false"); }
ErrorKind StringOfDouble(Call& call) noexcept { return call.GiveText(lang::TextOfDouble(call.Double(0), call.arena())); }
ErrorKind StringOfInt(Call& call) noexcept { return call.GiveText(RenderInt(call.Int(0), call.arena())); }
ErrorKind StringOfString(Call& call) noexcept { return call.GiveText(call.Text(0)); }

}  // namespace moult::lang::library
