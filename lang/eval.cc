#include "lang/eval.h"

namespace moult::lang {

const char* ErrorText(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kNone:
      return "no error";
#define MOULT_ERROR(name, text) \
  case ErrorKind::k##name:      \
    return text;
#include "lang/errors.def"
#undef MOULT_ERROR
  }
  return "unknown error";
}

}  // namespace moult::lang
