// JsonPath: where in an input a value stands, written only when an error needs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace moult::runtime {

// One step of the way from the root, linked through the reader's stack frames: costs nothing until Text() is asked for.
struct JsonPath {
  const JsonPath* up = nullptr;
  std::string_view member = {};  // a record's field
  std::string_view key = {};     // a map's key
  int64_t index = -1;            // an element; -1 when this step is a member or a key

  // "user.links[3]", "headers[`host`]"; empty at the root.
  std::string Text() const;
};

}  // namespace moult::runtime
