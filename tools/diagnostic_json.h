// Diagnostics as editors take them: the PublishDiagnosticsParams of the Language Server Protocol.
#pragma once

#include <string>

#include "moult/diagnostic.h"
#include "moult/engine.h"

namespace moult::tools {

// One line for each policy file of the bundle, and for each other file that a diagnostic names, without diagnostics if
// there are none:
//   {"uri":"file:///p.moult","diagnostics":[{"range":{"start":{"line":0,"character":7},"end":{"line":0,"character":8}},"severity":1,
//    "code":"E-syntax","source":"moult","message":"...","relatedInformation":[{"location":{"uri":...,"range":...},"message":"..."}]}]}
// Lines and characters count from 0, characters in UTF-16 code units. Severity 1 is an error, 2 a warning. A hint is
// the message's second line. What concerns a file as a whole has an empty range at its beginning; what concerns none
// has the uri of `path`.
std::string DiagnosticsJson(const std::string& path, const Bundle& bundle, const Diagnostics& diagnostics);

}  // namespace moult::tools
