// Replacing a file's contents as one step.
#pragma once

#include <string>
#include <string_view>

#include "moult/result.h"

namespace moult::tools {

// Whoever opens the file at `path` finds its old contents or `text`, never a part: `text` is written to a file beside it, which is then
// renamed over it. The mode stays, the owner too where that is allowed. Of a symbolic link the file that it points to is replaced.
// Other hard links keep the old contents. Fails, and leaves the file alone, if it is not regular or may not be written.
Status ReplaceFile(const std::string& path, std::string_view text);

}  // namespace moult::tools
