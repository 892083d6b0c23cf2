// Values as JSON that says of what type each is.
#pragma once

#include <string>

#include "lang/types.h"
#include "lang/value.h"

namespace moult::lang {

// {"bool": true}, {"int": "3"}, {"double": "1.5"} (`inf`, `-inf`, `nan`), {"string": "x"}, {"enum": "login"},
// {"bytes": "6162"} (hexadecimal), {"timestamp": ["seconds", "nanos"]}, {"duration": ["seconds", "nanos"]}, {"ip": "::1"}, {"cidr": "::/0"},
// {"list": [...]}, {"set": [...]},
// {"map": [[key, value], ...]}, {"record": [[name, value], ...]}; null for what is missing, {"error": ...} for what memory holds that is
// no value. Recurses as deep as the type is nested.
std::string TaggedJson(const TypeTable& types, TypeId type, const Value& value);

}  // namespace moult::lang
