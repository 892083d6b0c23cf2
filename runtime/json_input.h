// JSON input: one JSON text read by a policy's schema into the native layout, strictly.
//
//   {"user": {"id": 7}, "links": ["a"]}   ->   record, spans and views in the request's arena
//
// Strict means: the whole text is checked, the parts that no field asks for included. A member that the schema does not
// name is ignored; one that it names stands once, is of its type, and is there unless the type is optional.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "lang/arena.h"
#include "lang/types.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::runtime {

// What the text is read by. Borrowed; `layout` is lang::NativeLayout(types, input).
struct JsonSchema {
  const lang::TypeTable* types = nullptr;
  lang::TypeId input;
  const Layout* layout = nullptr;
};

// Keeps its parser and its padded copy of the text, so that a warm reader allocates nothing from malloc.
// Thread-safety: none; one thread at a time.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();

  // Reads `json` into `arena` and sets `*record`. What it points to lives in the arena and in this reader, until the
  // arena is reset or the next Read. Errors: E-input, with a message that begins with the path of the offending value
  // ("user.links[3]: expected string, got number"), or names the place in a text that is not JSON (json_diagnose.h).
  // Total on any bytes. Cost: linear in the text.
  Status Read(std::string_view json, const JsonSchema& schema, lang::Arena& arena, const void** record);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace moult::runtime
