// Evaluation: all that evaluating a program needs beside its input: regular expressions, lists, an arena, and sources.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lang/data_list.h"
#include "lang/eval.h"
#include "lang/regex.h"
#include "moult/result.h"

namespace moult::lang::test {

// Answers sources by `answer` and remembers, as the runtime does: one call for equal arguments until Forget. Records
// the calls made.
class FakeSources final : public SourceHost {
 public:
  using Answer = std::function<bool(SourceId, std::span<const Scalar>, Scalar*)>;
  explicit FakeSources(Answer answer) : answer_(std::move(answer)) {}

  bool Call(SourceId source, std::span<const Scalar> arguments, Scalar* result) noexcept override;
  void Forget() { answers_.clear(); }
  const std::vector<std::string>& calls() const { return calls_; }  // "source 0(int 5, string a)"

 private:
  struct Remembered {
    bool ok = false;
    Scalar result;
    std::string text;
  };
  Answer answer_;
  std::map<std::string, Remembered> answers_;
  std::vector<std::string> calls_;
};

// An entry of a list as its file has it; a set's has no value.
struct EntryText {
  EntryText(const char* text) : item(text) {}
  EntryText(std::string text, std::string mapped = {}) : item(std::move(text)), value(std::move(mapped)) {}
  std::string item;
  std::string value;
};
using ListTexts = std::vector<std::vector<EntryText>>;

// The list of the type, its items made. Of entries with one key the first counts; EXPECTs all others to be of the type.
std::unique_ptr<const DataList> MakeList(const TypeTable& types, TypeId type, const std::vector<EntryText>& entries);

class Evaluation {
 public:
  static constexpr uint64_t kFuel = 1'000'000;

  // `lists` by ListId; one that is not given is empty.
  explicit Evaluation(const Program& program, ListTexts lists = {});

  // Ready to evaluate; resets the arena.
  EvalInput Input(const Layout& layout, const void* record, SourceHost* sources = nullptr, uint64_t fuel = kFuel);
  Arena& arena() { return arena_; }
  Resources resources() const { return resources_.data(); }

 private:
  std::vector<std::unique_ptr<Regex>> regexes_;
  std::vector<std::unique_ptr<const DataList>> lists_;
  std::vector<const void*> resources_;
  Arena arena_;
};

// An outcome as text, for messages: "verdict 2 score 0 fired 1 3 shadow - errors 3:overflow@17".
std::string ToText(const Outcome& outcome);
// An argument of an effect: "int 5", "overflow@17".
std::string ToText(const Result<Scalar, EvalError>& argument);

}  // namespace moult::lang::test
