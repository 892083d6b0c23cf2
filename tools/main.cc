// The `moult` command: its command line.
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lang/report.h"
#include "tools/check_command.h"
#include "tools/command.h"
#include "tools/disasm_command.h"
#include "tools/exit_code.h"
#include "tools/explain_command.h"
#include "tools/expr_command.h"
#include "tools/fmt_command.h"
#include "tools/run_command.h"
#include "tools/test_command.h"
#include "tools/utf8.h"

namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 done; 1 some lines were not requests (run --strict), or some files not in their form (fmt --check);\n"
    "2 wrong command line; 3 the policy cannot be "
    "read or does\n"
    "not compile; 4 the input cannot be read or the output not be written; 130 interrupted by ^C, 143 terminated (what "
    "had been read\n"
    "was decided and written).";

// An empty name is mostly a variable of a script that was not set: said before it is taken for a file.
const CLI::Validator kNotEmpty([](std::string& value) { return value.empty() ? "must not be empty" : ""; }, "");

const CLI::Validator kLineNumber(
    [](std::string& value) {
      uint64_t line = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), line);
      const bool valid = error == std::errc() && end == value.data() + value.size() && line > 0;
      return valid ? std::string() : fmt::format("`{}` is no line's number: lines count from 1", moult::tools::Printable(value));
    },
    "");

void AddRun(CLI::App* app, moult::tools::RunOptions* options) {
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  app->add_option("POLICY", options->policy_path, "A .moult file, or a directory of them")
      ->required()
      ->check(kNotEmpty);
  app->add_option("-i,--input", options->input, "Requests, one JSON object a line; - is standard input")
      ->required()
      ->check(kNotEmpty);
  app->add_option("-o,--output", options->output,
                  "Decisions, one JSON object a line, in input order (default: standard output)")
      ->check(kNotEmpty);
  app->add_option("-p,--policy", options->policy, "The policy that decides, when there are several")->check(kNotEmpty);
  app->add_option("-j,--threads", options->threads, "Threads that decide (default: one per processor)")
      ->check(CLI::Range(1, 1024));
  app->add_option("--repeat", options->repeat, "Read the input N times")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 40));
  app->add_flag("-w,--watch", options->watch, "Publish when the files change; tell of each version's life");
  app->add_option("--log", options->log, "Write what is told on standard error (not the bar) to a file too")
      ->check(kNotEmpty);
  app->add_flag("--interpret", options->interpret, "Decide by the interpreter instead of machine code");
  app->add_flag("--brief", options->brief, "Rules by name alone, without reasons and tags");
  app->add_flag("--all-rules", options->all_rules, "Every rule that fired in the summary, not only the most frequent");
  app->add_flag("-q,--quiet", options->quiet, "No progress bar, no summary");
  app->add_flag("--strict", options->strict, "Exit with 1 if any line was not a request");
  app->footer(
      "A line that is not a request is reported with its number, has its error in its place of the output, and the "
      "rest goes on.\n\n" +
      std::string(kExitCodes));
}

void AddCheck(CLI::App* app, moult::tools::CheckOptions* options) {
  app->add_option("PATHS", options->paths, "Each a .moult file, or a directory of them: a policy set of its own")
      ->required()
      ->check(kNotEmpty);
  CLI::Option* dump = app->add_flag("--dump-ir", options->dump_ir, "Print the typed intermediate representation");
  app->add_flag("--json", options->json,
                "Print what is wrong as Language Server Protocol diagnostics, a line of JSON for each file, and nothing else")
      ->excludes(dump);
  app->add_flag("--deny-warnings", options->deny_warnings, "Exit with 3 if there is a warning");
}

CLI::App* AddFmt(CLI::App* app, moult::tools::FmtOptions* options) {
  CLI::Option* paths = app->add_option("PATHS", options->paths, "Files, and directories with the policies below them");
  paths->check(kNotEmpty);
  app->add_flag("--check", options->check, "Change nothing: list what is not in its form, and exit with 1 if anything is");
  app->add_flag("--stdin", options->use_stdin, "Format standard input to standard output")->excludes(paths);
  app->callback([app, options] {
    if (options->paths.empty() && !options->use_stdin) throw CLI::RequiredError("PATHS or --stdin");
  });
  app->footer(
      "Every policy has one form; formatting it again changes nothing. Comments stay. A file with errors is reported "
      "and left alone.\nFiles that are rewritten, or would be, are listed on standard output.\n\n" +
      std::string(kExitCodes));
  return app;
}

void AddExplain(CLI::App* app, moult::tools::ExplainOptions* options) {
  app->add_option("POLICY", options->policy_path, "A .moult file, or a directory of them")->required()->check(kNotEmpty);
  app->add_option("-i,--input", options->input, "Requests, one JSON object a line; - is standard input")
      ->required()
      ->check(kNotEmpty);
  app->add_option("-p,--policy", options->policy, "The policy that decides, when there are several")->check(kNotEmpty);
  app->add_option("-n,--line", options->line, "Explain this line of the input alone")->check(kLineNumber);
  app->add_option("-r,--rule", options->rule, "Explain this rule, whether it fired or not")->check(kNotEmpty);
  app->add_option("--with", options->withs, "Answer a source, as a test's `with` does: 'signups(_, 10) = 3'; may be repeated")
      ->check(kNotEmpty)
      ->allow_extra_args(false);
  app->add_flag("--json", options->json, "One JSON object a line");
  app->footer("Shown are the rules that fired or erred, each with the value of every sub-expression under its line.");
}

void AddTest(CLI::App* app, moult::tools::TestOptions* options) {
  app->add_option("PATHS", options->paths, "Files, and directories of policies")->required()->check(kNotEmpty);
  app->add_option("-f,--filter", options->filter,
                  "Only tests with this in \"policy: test\", or that match it if it has a `*`")
      ->check(kNotEmpty);
  app->add_flag("--coverage", options->coverage, "Say which rules never fired, and which conditions were never true or never false");
  app->add_flag("--json", options->json, "Results as JSON");
  app->add_option("--junit", options->junit, "Write results as JUnit XML to a file too")->check(kNotEmpty);
  app->footer("Exit codes: 0 all tests passed; 1 some failed; 2 some could not be run: a policy that does not compile, "
              "a wrong command line.");
}

void AddDisasm(CLI::App* app, moult::tools::DisasmOptions* options) {
  app->add_option("POLICY", options->policy_path, "A .moult file, or a directory of them")->required()->check(kNotEmpty);
  app->add_option("RULE", options->rule, "This rule alone (default: everything)")->check(kNotEmpty);
  app->add_flag("--baseline", options->baseline, "Code for plain x86-64, whatever this processor has");
}

CLI::App* AddExpr(CLI::App* app, moult::tools::ExprOptions* options) {
  CLI::Option* expression = app->add_option("EXPRESSION", options->expression, "An expression that reads no input");
  app->add_flag("--json", options->json, "The value with its type, as JSON: {\"int\": \"3\"}; an error as {\"error\": ...}");
  app->add_flag("--batch", options->batch,
                "Read cases from standard input, one JSON object with a member `expr` a line; write a result a line")
      ->excludes(expression);
  app->add_flag("--interpret", options->interpret, "Evaluate by the interpreter instead of machine code");
  app->callback([options, expression] {
    if (expression->empty() && !options->batch) throw CLI::RequiredError("EXPRESSION or --batch");
  });
  return app;
}

// A standard descriptor that the caller closed would be given to the next file that is opened, which reads and
// messages would then hit. In its place goes one that fails as a closed one does: for the wrong direction.
void FillClosedStandardDescriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest that is free, which is `fd`: those below are open by now. Failing leaves things as they were.
    [[maybe_unused]] const int filled = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
  }
}

// The first argument, if it stands where a command does and is none.
std::optional<std::string_view> UnknownCommand(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-' || !app.get_subcommands().empty()) return std::nullopt;
  return argv[1];
}

int FailUnknown(std::string_view word, const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  const std::string_view nearest = moult::lang::Nearest(word, {names.begin(), names.end()});
  const std::string hint = nearest.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : fmt::format("did you mean `{}`?", nearest);
  moult::tools::Console console;
  return moult::tools::FailWith(moult::tools::kExitUsage,
                                moult::Error{"E-usage", fmt::format("there is no command {}: {}", moult::lang::Quoted(word), hint)}, &console);
}

// Says what is wrong with the command line, or prints the help that it asks for.
int Leave(const CLI::ParseError& error, const CLI::App& app, int argc, char** argv) {
  const std::optional<std::string_view> unknown = UnknownCommand(app, argc, argv);
  if (unknown && error.get_exit_code() != 0) return FailUnknown(*unknown, app);
  if (app.exit(error) != 0) return moult::tools::kExitUsage;
  std::cout.flush();
  if (std::cout) return moult::tools::kExitOk;
  moult::tools::Console console;
  return moult::tools::FailWith(moult::tools::kExitInputOutput, moult::Error{"E-file", "cannot write <stdout>"}, &console);
}

}  // namespace

int main(int argc, char** argv) {
  FillClosedStandardDescriptors();
  CLI::App app("Moult: policies compiled to machine code that lives in a garbage-collected heap.", "moult");
  app.set_version_flag("--version", std::string("moult " MOULT_VERSION));
  app.require_subcommand(1);
  app.footer(kExitCodes);
  moult::tools::RunOptions run;
  moult::tools::CheckOptions check;
  CLI::App* run_command = app.add_subcommand("run", "Decide a file of requests, while the policy may change");
  AddRun(run_command, &run);
  AddCheck(app.add_subcommand("check", "Compile and print what is wrong"), &check);
  moult::tools::FmtOptions fmt;
  const CLI::App* fmt_command = AddFmt(app.add_subcommand("fmt", "Put policies into their canonical form"), &fmt);
  moult::tools::DisasmOptions disasm;
  CLI::App* disasm_command = app.add_subcommand("disasm", "Show machine code beside the lines it was made of");
  AddDisasm(disasm_command, &disasm);
  moult::tools::TestOptions test;
  CLI::App* test_command = app.add_subcommand("test", "Run the tests in policies' files");
  AddTest(test_command, &test);
  moult::tools::ExplainOptions explain;
  CLI::App* explain_command = app.add_subcommand("explain", "Say which rules fired for a request, and why");
  AddExplain(explain_command, &explain);
  moult::tools::ExprOptions expr;
  const CLI::App* expr_command = AddExpr(app.add_subcommand("expr", "Evaluate an expression"), &expr);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Leave(error, app, argc, argv);
  }
  if (fmt_command->parsed()) return moult::tools::Fmt(fmt);
  if (disasm_command->parsed()) return moult::tools::Disasm(disasm);
  if (test_command->parsed()) return moult::tools::Test(test);
  if (expr_command->parsed()) return moult::tools::Expr(expr);
  if (explain_command->parsed()) return moult::tools::Explain(explain);
  return run_command->parsed() ? moult::tools::Run(run) : moult::tools::Check(check);
}
