// Fuel: the work of one evaluation in steps, which both engines count alike and by which no request holds a thread for long.
//
//   a visit of a comprehension                       1 step, before its element is read
//   a call of a source, wherever it stands           kSourceSteps, and one for each kScanBytes of text among its arguments
//   within the body of a comprehension, beside that
//     an operation linear in a text                  one step for each BytesPerStep of that text
//     a call of a library function                 one step for each kDecodeBytes of its texts and each element of its collections
//     a search through a collection, element by element   one for each element, times one more than the needle's kScanBytes; what
//                                                  is compared by a literal of the policy alone is short by construction, and free
//     a question to the index of a list          one step for each kScanBytes of a text that is asked for
//     a comparison of two collections              one step for each element of both
//
// What a step stands for takes around ten nanoseconds at the worst. Outside comprehensions the operations of a policy run once, and
// their number is the policy's: that bound is the static cost (lang/cost.h). What fails for want of fuel takes none, fails with
// kFuelExhausted, at the source's call or else at the innermost comprehension around it, and is absorbed as any other error is.
#pragma once

#include <cstdint>

#include "lang/ir.h"

namespace moult::lang {

inline constexpr uint64_t kSourceSteps = 100;
inline constexpr uint32_t kScanBytes = 64;    // read over, at the speed of memory
inline constexpr uint32_t kDecodeBytes = 16;  // looked at one by one, or by a regular expression

inline uint64_t ScanSteps(uint64_t bytes) { return bytes / kScanBytes; }
inline uint64_t SearchSteps(uint64_t elements, uint64_t needle_bytes) { return elements * (1 + ScanSteps(needle_bytes)); }

// Whether the operation is one of == != < <= > >=.
inline bool IsComparison(Op op) { return op >= Op::kEq && op <= Op::kGe; }
// A text is a string or bytes.
inline bool IsText(TypeKind kind) { return kind == TypeKind::kString || kind == TypeKind::kBytes; }

// Of an operation whose first operand is of that kind, comparison included, what a step pays for; 0: it is not linear in a text.
inline uint32_t BytesPerStep(Op op, TypeKind text) {
  if (!IsText(text)) return 0;
  if (IsComparison(op)) return kScanBytes;
  switch (op) {
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
      return kScanBytes;
    case Op::kSize:  // of bytes it is known
      return text == TypeKind::kString ? kScanBytes : 0;
    case Op::kMatches:
      return kDecodeBytes;
    default:
      return 0;
  }
}

inline bool IsCollection(TypeKind kind) { return kind == TypeKind::kList || kind == TypeKind::kSet || kind == TypeKind::kMap; }

// Whether the operation may take fuel within a comprehension. REQUIRES: it is no comprehension and no source call.
inline bool MayTakeFuel(const Program& program, NodeId id) {
  const Node& node = program[id];
  if (node.op == Op::kCall || node.op == Op::kIn || node.op == Op::kMapGet || node.op == Op::kMapFind) return true;
  if (node.operand_count == 0) return false;
  const TypeKind kind = program.types.kind(program[program.operand(id, 0)].type);
  return BytesPerStep(node.op, kind) != 0 || (IsComparison(node.op) && IsCollection(kind));
}

}  // namespace moult::lang
