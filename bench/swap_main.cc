// moult_bench_swap: what entering and collecting cost a request thread, beside other ways to swap code or data under
// readers.
//
// Every point (scheme, threads, writer) of every round runs in a process of its own. Rounds are interleaved: a slow
// moment of the machine hits every scheme alike. Printed are the medians of the rounds; of the maxima, the largest.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bench/child.h"
#include "bench/enter.h"
#include "bench/pause.h"
#include "bench/stats.h"

namespace moult::bench {
namespace {

struct EnterScheme {
  const char* id;
  const char* name;
  EnterResult (*measure)(const EnterPoint&);
};
constexpr EnterScheme kEnterSchemes[] = {
    {"moult", "Moult (gc::Enter)", EnterMoult},
    {"shared_ptr", "std::atomic<std::shared_ptr>", EnterSharedPtr},
    {"urcu-memb", "liburcu memb", EnterUrcuMemb},
    {"urcu-bp", "liburcu bp", EnterUrcuBp},
    {"urcu-qsbr", "liburcu qsbr, quiescent each call", EnterUrcuQsbr},
    {"bdwgc", "bdwgc, registered threads", EnterBdwgc},
    {"plain", "acquire load, never frees (floor)", EnterPlainLoad},
};

struct PauseScheme {
  const char* id;
  const char* name;
  PauseResult (*measure)(const PausePoint&);
};
constexpr PauseScheme kPauseSchemes[] = {
    {"moult", "Moult (own-stack scan)", PauseMoult},
    {"bdwgc", "bdwgc (stop the world)", PauseBdwgc},
};

constexpr struct {
  int readers;
  bool writer;
} kEnterPoints[] = {{1, false}, {2, false}, {1, true}, {2, true}};
constexpr int kPauseThreads[] = {2, 8, 64};

struct Options {
  int rounds = 5;
  int enter_ms = 200;
  int pause_ms = 1000;
  bool json = false;
  // In a child: the one point to measure.
  std::string measure, scheme;
  int threads = 1;
  bool writer = false;
};

// ---- the child: one point, its figures on one line

int MeasureOnePoint(const Options& options) {
  if (options.measure == "enter") {
    for (const EnterScheme& scheme : kEnterSchemes) {
      if (options.scheme != scheme.id) continue;
      const EnterResult r =
          scheme.measure({options.threads, options.writer, std::chrono::milliseconds(options.enter_ms)});
      fmt::print("{} {}\n", r.ns_per_call, r.swaps_per_second);
      return 0;
    }
  }
  if (options.measure == "pause") {
    for (const PauseScheme& scheme : kPauseSchemes) {
      if (options.scheme != scheme.id) continue;
      const PauseResult r = scheme.measure({options.threads, std::chrono::milliseconds(options.pause_ms)});
      fmt::print("{} {} {} {} {}\n", r.p50, r.p99, r.max, r.samples, r.collections);
      return 0;
    }
  }
  fmt::print(stderr, "no such point: {} {}\n", options.measure, options.scheme);
  return 2;
}

// ---- the parent: rounds of points, and the report

// The figures of one point over the rounds, column by column.
struct Series {
  std::vector<std::vector<double>> columns;
  bool failed = false;

  void Add(const std::string& line) {
    std::istringstream stream(line);
    double value = 0;
    for (size_t i = 0; stream >> value; ++i) {
      if (columns.size() <= i) columns.emplace_back();
      columns[i].push_back(value);
    }
  }
  double MedianOf(size_t column) const { return Median(columns.at(column)); }
  double MaxOf(size_t column) const { return *std::max_element(columns.at(column).begin(), columns.at(column).end()); }
  double SumOf(size_t column) const {
    double sum = 0;
    for (double value : columns.at(column)) sum += value;
    return sum;
  }
};

struct Row {
  std::string measure;
  const char* scheme;
  const char* name;
  int threads;
  bool writer;
  Series series;
};

std::vector<Row> AllPoints() {
  std::vector<Row> rows;
  for (const EnterScheme& scheme : kEnterSchemes) {
    for (const auto& point : kEnterPoints)
      rows.push_back({"enter", scheme.id, scheme.name, point.readers, point.writer, {}});
  }
  for (const PauseScheme& scheme : kPauseSchemes) {
    for (int threads : kPauseThreads) rows.push_back({"pause", scheme.id, scheme.name, threads, false, {}});
  }
  return rows;
}

bool RunRounds(const Options& options, std::vector<Row>* rows) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  bool ok = true;
  for (int round = 0; round < options.rounds; ++round) {
    for (Row& row : *rows) {
      if (row.series.failed) continue;
      if (terminal) {
        fmt::print(stderr, "\r\033[Kround {}/{}: {} {} {}", round + 1, options.rounds, row.measure, row.scheme,
                   row.threads);
      }
      std::vector<std::string> arguments = {"--measure",  row.measure,
                                            "--scheme",   row.scheme,
                                            "--threads",  std::to_string(row.threads),
                                            "--enter-ms", std::to_string(options.enter_ms),
                                            "--pause-ms", std::to_string(options.pause_ms)};
      if (row.writer) arguments.push_back("--writer");
      if (const auto line = RunSelf(arguments)) {
        row.series.Add(*line);
      } else {
        fmt::print(stderr, "\nfailed: {} {} with {} threads\n", row.measure, row.scheme, row.threads);
        row.series.failed = true;
        ok = false;
      }
    }
  }
  if (terminal) fmt::print(stderr, "\r\033[K");
  return ok;
}

void PrintTable(const Options& options, const std::vector<Row>& rows) {
  fmt::print("{} cores, medians of {} interleaved rounds\n\n", std::thread::hardware_concurrency(), options.rounds);
  fmt::print("Entering the current version, ns a call\n{:36}{:>10}{:>10}{:>12}{:>12}{:>14}\n", "", "1 reader",
             "2 readers", "1 + writer", "2 + writer", "swaps/s (1+w)");
  for (const EnterScheme& scheme : kEnterSchemes) {
    fmt::print("{:36}", scheme.name);
    double swaps = 0;
    for (const Row& row : rows) {
      if (row.measure != "enter" || std::string_view(row.scheme) != scheme.id) continue;
      const int width = row.writer ? 12 : 10;
      if (row.series.failed) {
        fmt::print("{:>{}}", "failed", width);
      } else {
        fmt::print("{:>{}.2f}", row.series.MedianOf(0), width);
        if (row.writer && row.threads == 1) swaps = row.series.MedianOf(1);
      }
    }
    fmt::print("{:>14.0f}\n", swaps);
  }
  fmt::print(
      "\nLost to one collection by one request thread, us (handler entry to "
      "exit)\n{:28}{:>8}{:>12}{:>12}{:>12}{:>10}\n",
      "", "threads", "p50", "p99", "max", "samples");
  for (const Row& row : rows) {
    if (row.measure != "pause") continue;
    if (row.series.failed) {
      fmt::print("{:28}{:>8}{:>12}\n", row.name, row.threads, "failed");
      continue;
    }
    fmt::print("{:28}{:>8}{:>12.2f}{:>12.2f}{:>12.2f}{:>10.0f}\n", row.name, row.threads, row.series.MedianOf(0) / 1e3,
               row.series.MedianOf(1) / 1e3, row.series.MaxOf(2) / 1e3, row.series.SumOf(3));
  }
}

void PrintJson(const Options& options, const std::vector<Row>& rows) {
  fmt::print("{{\"cores\": {}, \"rounds\": {}, \"points\": [", std::thread::hardware_concurrency(), options.rounds);
  const char* separator = "\n";
  for (const Row& row : rows) {
    fmt::print("{}  {{\"measure\": \"{}\", \"scheme\": \"{}\", \"threads\": {}, ", separator, row.measure, row.scheme,
               row.threads);
    separator = ",\n";
    if (row.series.failed) {
      fmt::print("\"failed\": true}}");
    } else if (row.measure == "enter") {
      fmt::print("\"writer\": {}, \"ns_per_call\": {:.3f}, \"swaps_per_second\": {:.0f}}}", row.writer,
                 row.series.MedianOf(0), row.series.MedianOf(1));
    } else {
      fmt::print(
          "\"p50_ns\": {:.0f}, \"p99_ns\": {:.0f}, \"max_ns\": {:.0f}, \"samples\": {:.0f}, \"collections\": {:.0f}}}",
          row.series.MedianOf(0), row.series.MedianOf(1), row.series.MaxOf(2), row.series.SumOf(3),
          row.series.SumOf(4));
    }
  }
  fmt::print("\n]}}\n");
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{
      "What entering and collecting cost a request thread, beside std::atomic<std::shared_ptr>, liburcu and bdwgc"};
  app.add_option("--rounds", options.rounds, "Rounds; medians are printed")->check(CLI::Range(1, 1000));
  app.add_option("--enter-ms", options.enter_ms, "Milliseconds for each point of entering")
      ->check(CLI::Range(1, 600'000));
  app.add_option("--pause-ms", options.pause_ms, "Milliseconds for each point of collecting")
      ->check(CLI::Range(1, 600'000));
  app.add_flag("--json", options.json, "Print JSON instead of a table");
  // How the program calls itself; not for users.
  app.add_option("--measure", options.measure)->group("");
  app.add_option("--scheme", options.scheme)->group("");
  app.add_option("--threads", options.threads)->group("")->check(CLI::Range(1, 1024));
  app.add_flag("--writer", options.writer)->group("");
  CLI11_PARSE(app, argc, argv);
  if (!options.measure.empty()) return MeasureOnePoint(options);

  std::vector<Row> rows = AllPoints();
  const bool ok = RunRounds(options, &rows);
  if (options.json) {
    PrintJson(options, rows);
  } else {
    PrintTable(options, rows);
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace moult::bench

int main(int argc, char** argv) { return moult::bench::Main(argc, argv); }
