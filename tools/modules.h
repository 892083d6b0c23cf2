// The modules of a bundle, for what looks at policies through lang/.
#pragma once

#include "lang/modules.h"
#include "moult/engine.h"

namespace moult::tools {

// Borrows the texts of the bundle. Of two modules of one name the first counts: a publish refuses them.
inline lang::Modules ModulesOf(const Bundle& bundle) {
  lang::Modules modules;
  for (const Bundle::File& file : bundle.policies()) {
    const lang::FileHeader header = lang::ReadHeader(file.text);
    if (header.is_module) modules.Add(header.name.text, {file.name, file.text});
  }
  return modules;
}

}  // namespace moult::tools
