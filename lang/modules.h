// Modules: the modules of a policy set, by name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"

namespace moult::lang {

// How a file begins. What is neither a policy nor a module is told by the parser.
struct FileHeader {
  bool is_module = false;
  Name name;  // of the policy or module; empty text when it cannot be read
};
// Reads no further than the header. Any bytes.
FileHeader ReadHeader(std::string_view text);

// Thread-safety: none while modules are added.
class Modules {
 public:
  struct File {
    std::string_view name;
    std::string_view text;
  };

  // `file` is borrowed. Null, or the file that has a module of that name already, which stays.
  const File* Add(const std::string& module, File file);
  // Null if there is none.
  const File* Find(const std::string& module) const;
  std::vector<std::string_view> Names() const;

 private:
  std::map<std::string, File> files_;
};

}  // namespace moult::lang
