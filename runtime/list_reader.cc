#include "runtime/list_reader.h"

#include <fmt/format.h>

#include <utility>

#include "lang/utf8.h"

namespace moult::runtime {
namespace {

constexpr uint32_t kShownErrors = 10;  // of one file

}  // namespace

bool IsJsonList(std::string_view file) { return file.ends_with(".json"); }

Result<std::unique_ptr<const lang::DataList>> ReadList(const ListFile& file, const lang::ListShape& shape) {
  lang::Reporter reporter(file.name, file.text, kShownErrors);
  std::unique_ptr<const lang::DataList> list;
  if (file.text.size() > file.limits.bytes) {
    reporter.ReportFile(lang::Code::kListTooLarge,
                        fmt::format("the file of the list `{}` has {} bytes, at most {} are read", file.list,
                                    file.text.size(), file.limits.bytes),
                        "raise EngineOptions::list_bytes");
  } else if (const size_t offset = lang::FirstInvalidUtf8(file.text); offset != std::string::npos) {
    const lang::TextSpan span{static_cast<uint32_t>(offset), static_cast<uint32_t>(offset) + 1};
    reporter.Report(lang::Code::kNotUtf8, span, fmt::format("the data file of list `{}` is not UTF-8", file.list));
  } else if (IsJsonList(file.name)) {
    list = ReadJsonList(file, shape, reporter);
  } else {
    list = lang::ReadListLines(file.text, shape, file.limits, file.list, reporter);
  }
  if (list == nullptr) return Failure(reporter.Take());
  return list;
}

}  // namespace moult::runtime
