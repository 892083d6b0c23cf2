#include "tools/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "tools/json_writer.h"
#include "tools/line_reader.h"

namespace moult::tools {

Worker::Worker(const Engine& engine, const JsonPolicy& policy, bool brief)
    : policy_(policy), context_(engine), brief_(brief) {
  context_.set_detail(Detail::kFull);
}

void Worker::Decide(Batch* batch) {
  const auto start = std::chrono::steady_clock::now();
  auto too_long = batch->too_long.begin();
  for (uint32_t i = 0; i < batch->lines.size(); ++i) {
    const bool over = too_long != batch->too_long.end() && *too_long == i;
    if (over) ++too_long;
    DecideLine(batch->lines[i], over, batch->first_line + i, batch);
    batch->output += '\n';
  }
  tally_.deciding += std::chrono::steady_clock::now() - start;
}

void Worker::DecideLine(std::string_view text, bool too_long, uint64_t line, Batch* batch) {
  if (too_long) {
    return Refuse("E-line", fmt::format("the line has more than {} MiB", LineReader::kLineBytes >> 20), line, batch);
  }
  if (text.find_first_not_of(" \t\r") == std::string_view::npos)
    return Refuse("E-line", "the line is empty", line, batch);
  const Status status = policy_.Decide(context_, text, &decision_);
  if (!status.ok()) return Refuse(status.error().code, status.error().message, line, batch);
  tally_.Count(decision_);
  AppendDecision(batch->output, decision_, brief_);
}

void Worker::Refuse(std::string code, std::string message, uint64_t line, Batch* batch) {
  ++tally_.bad_lines;
  tally_.bad_codes.Add(code);
  AppendLineError(batch->output, code, message, line);
  batch->bad.push_back({line, std::move(code), std::move(message)});
}

}  // namespace moult::tools
