// The files of lists: which form they are in, what they may be at most, and what is wrong with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lang/data_list.h"
#include "lang/list_lines.h"
#include "lang/report.h"
#include "moult/result.h"

namespace moult::runtime {

// What a `list` declaration names. Everything is borrowed.
struct ListFile {
  std::string_view list;    // the name in the policy
  const std::string& name;  // of the file, as it shall be shown
  const std::string& text;
  lang::ListLimits limits;
};

// Whether a file of this name holds JSON: it ends in `.json`. Any other has one entry a line (lang/list_lines.h).
bool IsJsonList(std::string_view file);

// The list in the file, or what is wrong with it: some diagnostics with their lines, not all of many. Cost: linear;
// while it works it takes a copy of a JSON text.
Result<std::unique_ptr<const lang::DataList>> ReadList(const ListFile& file, const lang::ListShape& shape);

// Of the JSON form: an array of items, or an object of a map's keys and values. Numbers and bools stand as such, all
// others as strings, and so does every key. Null after errors, which have been reported. REQUIRES: the text is UTF-8
// and within the limits.
std::unique_ptr<const lang::DataList> ReadJsonList(const ListFile& file, const lang::ListShape& shape,
                                                   lang::Reporter& reporter);

}  // namespace moult::runtime
