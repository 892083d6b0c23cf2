// Cases of the public conformance suite of CEL, through both engines. The cases are data beside the project; without them the test is
// skipped.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "moult/expression.h"
#include "tests/support/golden.h"

namespace moult {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

std::string_view Text(const element& e) { return e.get_string().value(); }

double Number(std::string_view text) { return std::stod(std::string(text)); }

bool SameDouble(double want, double got) {
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got);
  return want == got || std::fabs(want - got) <= 1e-15 * std::fabs(want);
}

bool Same(const element& want, const element& got);

bool SameItems(const array& want, const array& got) {
  if (want.size() != got.size()) return false;
  for (size_t i = 0; i < want.size(); ++i) {
    if (!Same(want.at(i).value(), got.at(i).value())) return false;
  }
  return true;
}

// Entries in any order.
bool SameEntries(const array& want, const array& got) {
  if (want.size() != got.size()) return false;
  for (element entry : want) {
    const auto same = [&](element other) { return SameItems(entry.get_array().value(), other.get_array().value()); };
    bool found = false;
    for (element other : got) found = found || same(other);
    if (!found) return false;
  }
  return true;
}

// Seconds and nanoseconds, as numbers.
bool SamePair(const array& want, const array& got) {
  return Number(Text(want.at(0).value())) == Number(Text(got.at(0).value())) &&
         Number(Text(want.at(1).value())) == Number(Text(got.at(1).value()));
}

// Both have one member, which is named after the type.
bool Same(const element& want, const element& got) {
  if (!got.is_object() || got.get_object().value().size() != 1) return false;
  const auto a = *want.get_object().value().begin();
  const auto b = *got.get_object().value().begin();
  if (a.key != b.key) return false;
  if (a.key == "bool") return a.value.get_bool().value() == b.value.get_bool().value();
  if (a.key == "double") return SameDouble(Number(Text(a.value)), Number(Text(b.value)));
  if (a.key == "list") return SameItems(a.value.get_array().value(), b.value.get_array().value());
  if (a.key == "map") return SameEntries(a.value.get_array().value(), b.value.get_array().value());
  if (a.key == "duration" || a.key == "timestamp") return SamePair(a.value.get_array().value(), b.value.get_array().value());
  return Text(a.value) == Text(b.value);
}

struct Count {
  int passed = 0;
  int outside = 0;
  int all = 0;
};

// Whether each line is in the golden file, which may have more.
void ExpectListed(const std::set<std::string>& lines) {
  const std::filesystem::path golden = testing::GoldenPath("conformance/refused.txt");
  if (std::getenv("MOULT_UPDATE_GOLDENS") != nullptr) {
    std::ofstream out(golden, std::ios::binary);
    for (const std::string& line : lines) out << line << '\n';
    return;
  }
  std::set<std::string> listed;
  std::istringstream in(testing::ReadFile(golden));
  for (std::string line; std::getline(in, line);) listed.insert(line);
  for (const std::string& line : lines) EXPECT_TRUE(listed.contains(line)) << "refused, and not listed: " << line;
}

class CelConformance : public ::testing::TestWithParam<ExpressionEngine> {};

// A case that expects an error may be refused by the checker. One that expects a value and is refused needs what the profile leaves out
// (E-dynamic), or what this release does not have yet: a golden file lists each with its reason, and no other may be refused.
TEST_P(CelConformance, EveryCasePassesUnlessItIsListedAsRefused) {
  const std::filesystem::path path = std::filesystem::path(MOULT_SOURCE_DIR) / "../shared/conformance/cel_open.jsonl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "there are no cases at " << path;
  std::map<std::string, Count> counts;
  std::set<std::string> refused;
  std::ifstream file(path);
  simdjson::dom::parser case_parser;
  simdjson::dom::parser result_parser;
  for (std::string line; std::getline(file, line);) {
    const element test = case_parser.parse(line);
    const std::string name = std::string(Text(test["file"].value())) + "/" + std::string(Text(test["section"].value())) + "/" +
                             std::string(Text(test["name"].value()));
    const std::string expression(Text(test["expr"].value()));
    const ExpressionResult result = EvaluateExpression(expression, GetParam());
    const element got = result_parser.parse(result.json);
    Count& count = counts[std::string(Text(test["file"].value()))];
    ++count.all;
    const bool fails = result.stage != ExpressionResult::Stage::kDone;
    element want;
    const bool wants_value = test["value"].get(want) == simdjson::SUCCESS;
    if (wants_value ? !fails && Same(want, got) : fails) {
      ++count.passed;
    } else if (wants_value && result.stage == ExpressionResult::Stage::kCheck) {
      count.outside += result.code == "E-dynamic";
      refused.insert(name + ": " + result.message + " [" + result.code + "]");
    } else {
      ADD_FAILURE() << name << ": " << expression << "\n  gives " << result.json;
    }
  }
  Count total;
  for (const auto& [name, count] : counts) {
    std::cout << name << ": " << count.passed << " of " << count.all << ", " << count.outside << " outside the profile\n";
    total = {total.passed + count.passed, total.outside + count.outside, total.all + count.all};
  }
  std::cout << "all: " << total.passed << " of " << total.all << ", " << total.outside << " outside the profile\n";
  ExpectListed(refused);
}

INSTANTIATE_TEST_SUITE_P(Engines, CelConformance,
                         ::testing::Values(ExpressionEngine::kMachineCode, ExpressionEngine::kInterpreter),
                         [](const ::testing::TestParamInfo<ExpressionEngine>& engine) {
                           return engine.param == ExpressionEngine::kMachineCode ? "MachineCode" : "Interpreter";
                         });

}  // namespace
}  // namespace moult
