// SourceMemo: asks the host's sources, each question once a request.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lang/eval.h"
#include "lang/ir.h"
#include "moult/engine.h"

namespace moult::runtime {

// The answers of one request, in a hash table that is reused by the next. Failures are remembered like answers.
// Thread-safety: none; one thread at a time.
class SourceMemo final : public lang::SourceHost {
 public:
  // `functions` is parallel to `program.sources`, null for a source that is not bound. Everything given must live until
  // the next Begin or End; arguments are kept by reference, so the arena must not be reset before that either.
  void Begin(const lang::Program& program, std::span<const SourceFunction* const> functions, lang::Arena& arena);
  void End();

  bool Call(lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* result) noexcept override;

 private:
  struct Question {
    uint64_t hash;
    lang::SourceId source;
    uint32_t first_argument;  // into arguments_
    uint32_t argument_count;
    bool answered;
    lang::Scalar answer;
  };

  const Question* Find(uint64_t hash, lang::SourceId source, std::span<const lang::Scalar> arguments) const;
  void Remember(const Question& question);
  void Rehash(size_t buckets);
  bool Ask(lang::SourceId source, std::span<const lang::Scalar> arguments, lang::Scalar* answer);

  const lang::Program* program_ = nullptr;
  std::span<const SourceFunction* const> functions_;
  lang::Arena* arena_ = nullptr;
  std::vector<Question> questions_;
  std::vector<lang::Scalar> arguments_;
  std::vector<uint32_t>
      buckets_;  // index into questions_ plus one, 0 for empty; linear probing; a power of two of them
  std::vector<SourceValue> values_;
};

}  // namespace moult::runtime
