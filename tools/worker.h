// Worker: decides the lines of batches, one thread's share.
#pragma once

#include "moult/engine.h"
#include "tools/batch.h"
#include "tools/tally.h"

namespace moult::tools {

// Used by the thread that it was made for.
class Worker {
 public:
  Worker(const Engine& engine, const JsonPolicy& policy, bool brief);

  // Writes one line of output for each line of `batch`, in order.
  void Decide(Batch* batch);
  const Tally& tally() const { return tally_; }

 private:
  void DecideLine(std::string_view text, bool too_long, uint64_t line, Batch* batch);
  void Refuse(std::string code, std::string message, uint64_t line, Batch* batch);

  JsonPolicy policy_;
  Context context_;
  Decision decision_;
  Tally tally_;
  const bool brief_;
};

}  // namespace moult::tools
