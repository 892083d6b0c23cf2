#include "tools/run_command.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>

#include "moult/engine.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/event_log.h"
#include "tools/exit_code.h"
#include "tools/file.h"
#include "tools/interrupt.h"
#include "tools/pipeline.h"
#include "tools/progress.h"
#include "tools/publisher.h"
#include "tools/summary.h"
#include "tools/text.h"
#include "tools/watcher.h"

namespace moult::tools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBarMs = 100;

// One run; its steps return kExitOk or the code to leave with, having said why.
class RunCommand {
 public:
  explicit RunCommand(const RunOptions& options) : options_(options) {}
  int Run();

 private:
  int OpenInput();
  void KeepPolicyFiles();
  int OpenLog();
  int OpenOutput();
  int PublishFirst();
  int ChoosePolicy(const VersionInfo& info);
  int StartWatching();
  void WaitForEnd(Pipeline* pipeline);
  void PrintLog();
  void PrintSummary(const Tally& tally, Clock::duration elapsed);
  int ExitCode(const Pipeline::Outcome& outcome);
  int Fail(int code, const Error& error);

  const RunOptions& options_;
  Console console_;
  Interrupt interrupt_;
  EventLog log_;
  File input_, output_;
  FilesInUse in_use_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Watcher> watcher_;
  std::string policy_;
  std::vector<std::string> verdicts_;
};

int RunCommand::Run() {
  if (const int code = OpenInput(); code != kExitOk) return code;
  KeepPolicyFiles();
  if (const int code = OpenLog(); code != kExitOk) return code;
  if (const int code = PublishFirst(); code != kExitOk) return code;
  // Last, so that a policy that does not compile leaves the decisions of an earlier run alone.
  if (const int code = OpenOutput(); code != kExitOk) return code;
  Result<JsonPolicy> policy = engine_->FindJson(policy_);
  if (!policy) {
    console_.Print(Render(policy.error(), console_.color()));
    return kExitPolicy;
  }
  if (const int code = StartWatching(); code != kExitOk) return code;

  Pipeline pipeline(*engine_, *policy, input_, output_, console_, {options_.threads, options_.repeat, options_.brief});
  const auto start = Clock::now();
  pipeline.Start();
  WaitForEnd(&pipeline);
  Pipeline::Outcome outcome = pipeline.Join();
  const auto elapsed = Clock::now() - start;
  watcher_.reset();
  // The request threads are gone: whatever was superseded can be freed now, and the summary shows it.
  if (options_.watch) Engine::Collect(std::chrono::seconds(2));
  engine_->SetObserver(nullptr);
  console_.ClearBar();
  PrintLog();
  if (!options_.quiet) PrintSummary(outcome.tally, elapsed);
  return ExitCode(outcome);
}

int RunCommand::OpenInput() {
  Result<File, Error> input = File::OpenInput(options_.input);
  if (!input) return Fail(kExitInputOutput, input.error());
  input_ = std::move(input).value();
  if (options_.repeat > 1 && !input_.is_regular()) {
    return Fail(kExitUsage, Error{"E-usage", fmt::format("--repeat needs a file that can be read again: {} is none",
                                                         input_.name())});
  }
  in_use_.Add(input_.fd(), "the input");
  return kExitOk;
}

// The log is opened before the policy is published, so as to hold its diagnostics: the policy's files must be known
// before. What is wrong with them is for the publish to say.
void RunCommand::KeepPolicyFiles() {
  const Result<Bundle> bundle = Bundle::FromPath(options_.policy_path);
  KeepFiles(options_.policy_path, bundle ? *bundle : Bundle(), &in_use_);
}

int RunCommand::OpenLog() {
  if (options_.log.empty()) return kExitOk;
  Result<File, Error> log = File::OpenOutput(options_.log, in_use_);
  if (!log) return Fail(kExitInputOutput, log.error());
  // `--log -` puts both on standard output, knowingly.
  if (options_.log != "-") in_use_.Add(log->fd(), "the log");
  console_.SetLog(std::move(log).value());
  return kExitOk;
}

int RunCommand::OpenOutput() {
  Result<File, Error> output = File::OpenOutput(options_.output, in_use_);
  if (!output) return Fail(kExitInputOutput, output.error());
  output_ = std::move(output).value();
  return kExitOk;
}

int RunCommand::PublishFirst() {
  EngineOptions engine_options;
  if (options_.interpret) engine_options.evaluator = Evaluator::kInterpreter;
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create(engine_options);
  if (!engine) return Fail(kExitPolicy, engine.error());
  engine_ = std::move(engine).value();
  publisher_ = std::make_unique<Publisher>(*engine_, options_.policy_path, console_, log_);
  if (options_.watch) {
    engine_->SetObserver([this](const EngineEvent& event) { log_.OnEvent(event); });
  }
  const std::optional<VersionInfo> info = publisher_->PublishFirst();
  if (!info) return kExitPolicy;
  if (options_.watch) publisher_->LogFirst(*info);
  return ChoosePolicy(*info);
}

int RunCommand::ChoosePolicy(const VersionInfo& info) {
  const Result<const PolicyInfo*, Error> policy = tools::ChoosePolicy(info, options_.policy, options_.policy_path);
  if (!policy) return Fail(kExitUsage, policy.error());
  policy_ = (*policy)->name;
  verdicts_ = (*policy)->verdicts;
  return kExitOk;
}

int RunCommand::StartWatching() {
  if (!options_.watch) return kExitOk;
  Result<std::unique_ptr<Watcher>, Error> watcher =
      Watcher::Start([this] { return publisher_->Directories(); }, [this] { publisher_->PublishChanges(policy_); });
  if (!watcher) return Fail(kExitPolicy, watcher.error());
  watcher_ = std::move(watcher).value();
  return kExitOk;
}

void RunCommand::WaitForEnd(Pipeline* pipeline) {
  // Where decisions go to the terminal, a bar between them would only hinder.
  const bool bar = console_.has_bar() && !options_.quiet && isatty(output_.fd()) != 1;
  Progress progress;
  const uint64_t total = input_.size() * options_.repeat;
  bool stopping = false;
  while (true) {
    if (bar)
      console_.ShowBar(progress.Bar({pipeline->bytes_done(), total, pipeline->lines_done()}, Engine::Counters()));
    pollfd wait[3] = {
        {pipeline->done_fd(), POLLIN, 0}, {log_.fd(), POLLIN, 0}, {stopping ? -1 : interrupt_.fd(), POLLIN, 0}};
    if (poll(wait, 3, bar ? kBarMs : -1) < 0 && errno != EINTR) return;
    if (wait[2].revents != 0) {
      stopping = true;
      pipeline->Stop();
    }
    PrintLog();
    if (wait[0].revents != 0) return;
  }
}

void RunCommand::PrintLog() {
  for (const std::string& line : log_.Take()) console_.Print(line);
}

void RunCommand::PrintSummary(const Tally& tally, Clock::duration elapsed) {
  SummaryInput summary;
  summary.tally = tally;
  summary.verdicts = verdicts_;
  summary.elapsed = elapsed;
  summary.threads = options_.threads;
  summary.heap = Engine::Counters();
  summary.publishes = publisher_->times();
  summary.refused = publisher_->refused();
  summary.all_rules = options_.all_rules;
  summary.interrupted = Interrupt::signal() != 0;
  console_.Print(RenderSummary(summary));
}

int RunCommand::ExitCode(const Pipeline::Outcome& outcome) {
  if (!outcome.output.ok()) {
    const Error& error = outcome.output.error();
    return Fail(kExitInputOutput,
                {error.code, fmt::format("{} (after {})", error.message, Plural(outcome.lines_written, "decision"))});
  }
  if (!outcome.input.ok()) return Fail(kExitInputOutput, outcome.input.error());
  if (Interrupt::signal() != 0) return 128 + Interrupt::signal();
  return options_.strict && outcome.tally.bad_lines > 0 ? kExitBadLines : kExitOk;
}

int RunCommand::Fail(int code, const Error& error) { return FailWith(code, error, &console_); }

}  // namespace

int Run(const RunOptions& options) { return RunCommand(options).Run(); }

}  // namespace moult::tools
