#include "runtime/json_path.h"

#include <fmt/format.h>

#include "lang/report.h"

namespace moult::runtime {

std::string JsonPath::Text() const {
  if (up == nullptr) return {};
  std::string text = up->Text();
  if (index >= 0) return text + fmt::format("[{}]", index);
  if (!member.empty()) return text.empty() ? std::string(member) : text + "." + std::string(member);
  return text + "[" + lang::Quoted(key) + "]";
}

}  // namespace moult::runtime
