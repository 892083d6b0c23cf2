// docs/language.md says nothing that is not so. Its blocks are run by what follows their fence:
//
//   moult          a file of its own: compiles, and is in its canonical form
//   moult-module   a module, which every block of kind `moult` may use
//   moult-context  the declarations that the blocks below are about; the block of kind `json` after it is their input
//   moult-part     declarations: compile together with the context
//   moult-expr     a line each `expression // outcome`, in the context, by both engines. The outcome is an expression that has to be
//                  equal; or `error: division by zero`, the words of an error of evaluation; or the code of a diagnostic, `E-type`
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "lang/builtins.h"
#include "lang/format.h"
#include "moult/engine.h"
#include "tests/docs/examples.h"
#include "tests/support/golden.h"

namespace moult::docs {
namespace {

constexpr const char* kDocument = "docs/language.md";
constexpr std::string_view kError = "error: ";

std::vector<Block> Blocks() { return BlocksOf(moult::testing::ReadFile(std::string(MOULT_SOURCE_DIR "/") + kDocument)); }

std::vector<Block> BlocksOfKind(std::string_view kind) {
  std::vector<Block> blocks;
  for (Block& block : Blocks()) {
    if (block.kind == kind) blocks.push_back(std::move(block));
  }
  EXPECT_FALSE(blocks.empty()) << "no ```" << kind;
  return blocks;
}

// With the modules, and an empty file for every list, in JSON for a map.
Bundle BundleOf(std::string text) {
  static const std::regex from(R"re(\bfrom "([^"]+)")re");
  Bundle bundle = Bundle::FromText("example.moult", text);
  for (const Block& module : BlocksOfKind("moult-module")) {
    bundle.Add({module.text.substr(0, module.text.find('\n')), module.text});
    text += module.text;
  }
  for (std::sregex_iterator file(text.begin(), text.end(), from), end; file != end; ++file) {
    const std::string name = (*file)[1];
    bundle.AddData(name, name.ends_with(".json") ? "{}" : "");
  }
  return bundle;
}

// The code of the first error, and empty if there is none.
std::string Publish(Engine& engine, const std::string& text, std::string* rendered) {
  const Result<VersionInfo> version = engine.Publish(BundleOf(text));
  if (version) return "";
  *rendered = Render(version.error());
  return version.error()[0].code;
}

std::unique_ptr<Engine> MakeEngine(Evaluator evaluator) {
  EngineOptions options;
  options.evaluator = evaluator;
  return std::move(Engine::Create(options)).value();
}

// A policy of the context that has one more declaration.
std::string InContext(const std::string& context, const std::string& declarations) {
  const bool decides = declarations.find("decide ") != std::string::npos;
  return "policy example\n" + context + (decides ? "" : "decide severest [allow < review < block] default allow\n") + declarations;
}

TEST(Language, PoliciesCompile) {
  const std::unique_ptr<Engine> engine = MakeEngine(Evaluator::kMachineCode);
  for (const Block& block : BlocksOfKind("moult")) {
    std::string rendered;
    EXPECT_EQ(Publish(*engine, block.text, &rendered), "") << kDocument << ":" << block.line << "\n" << rendered;
  }
}

TEST(Language, PartsOfPoliciesCompile) {
  const std::unique_ptr<Engine> engine = MakeEngine(Evaluator::kMachineCode);
  const std::string context = BlocksOfKind("moult-context").at(0).text;
  for (const Block& block : BlocksOfKind("moult-part")) {
    std::string rendered;
    EXPECT_EQ(Publish(*engine, InContext(context, block.text), &rendered), "") << kDocument << ":" << block.line << "\n" << rendered;
  }
}

TEST(Language, EveryFunctionHasAnExample) {
  std::string examples;
  for (const Block& block : BlocksOfKind("moult-expr")) examples += block.text;
  for (std::string_view name : lang::BuiltinNames()) {
    const std::regex call(fmt::format(R"(\b{}\()", std::regex_replace(std::string(name), std::regex(R"(\.)"), R"(\.)")));
    EXPECT_TRUE(std::regex_search(examples, call)) << name << " is in no ```moult-expr of " << kDocument;
  }
}

// MOULT_UPDATE_GOLDENS=1 puts them into it.
TEST(Language, PoliciesAreInTheirCanonicalForm) {
  const std::string path = std::string(MOULT_SOURCE_DIR "/") + kDocument;
  std::string document = moult::testing::ReadFile(path);
  for (const Block& block : BlocksOfKind("moult")) {
    lang::Reporter reporter("example.moult", block.text, 20);
    const std::string formatted = lang::Format(block.text, {}, reporter);
    EXPECT_FALSE(reporter.has_errors()) << kDocument << ":" << block.line;
    const size_t place = document.find("```moult\n" + block.text + "```");
    ASSERT_NE(place, std::string::npos);
    if (!reporter.has_errors()) document.replace(document.find(block.text, place), block.text.size(), formatted);
  }
  moult::testing::ExpectGolden(path, document);
}

class Expressions : public ::testing::TestWithParam<Evaluator> {
 protected:
  // What is wrong with an example; empty if nothing is.
  std::string Complaint(const Example& example) {
    const bool errs = example.outcome.starts_with(kError);
    const bool refused = example.outcome.starts_with("E-");
    // What errs or is refused does so whatever it is compared with.
    const std::string& other = errs || refused ? example.expression : example.outcome;
    std::string rendered;
    const std::string code = Publish(*engine_, InContext(context_, fmt::format("rule holds {{ when ({}) == ({})\n then block }}\n",
                                                                               example.expression, other)), &rendered);
    if (refused) return code == example.outcome ? "" : fmt::format("compiles, or not for this reason\n{}", rendered);
    if (!code.empty()) return rendered;
    if (!policy_) policy_ = engine_->FindJson("example").value();
    Decision decision;
    const Status status = policy_->Decide(*requests_, input_, &decision);
    if (!status.ok()) return status.error().message;
    const std::string error = decision.error_texts().empty() ? "" : fmt::format("error: {}", decision.error_texts()[0].text);
    if (errs) return error == example.outcome ? "" : fmt::format("gives {}", error.empty() ? "a value" : error);
    if (!error.empty()) return fmt::format("gives {}", error);
    return decision.verdict_name() == "block" ? "" : "has another value";
  }

  void SetUp() override {
    const std::vector<Block> blocks = Blocks();
    const auto context = std::ranges::find(blocks, "moult-context", &Block::kind);
    const auto input = std::find_if(context, blocks.end(), [](const Block& block) { return block.kind == "json"; });
    ASSERT_NE(input, blocks.end());
    context_ = context->text;
    input_ = input->text;
    engine_ = MakeEngine(GetParam());
    requests_ = std::make_unique<Context>(*engine_);
    requests_->set_detail(Detail::kFull);
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Context> requests_;
  std::optional<JsonPolicy> policy_;
  std::string context_, input_;
};

TEST_P(Expressions, HaveTheOutcomeThatTheDocumentStates) {
  for (const Block& block : BlocksOfKind("moult-expr")) {
    for (const Example& example : ExamplesOf(block)) {
      const std::string complaint = example.outcome.empty() ? "states no outcome" : Complaint(example);
      EXPECT_TRUE(complaint.empty()) << kDocument << ":" << example.line << ": " << example.expression << " // " << example.outcome
                                     << "\n" << complaint;
    }
  }
}

TEST_P(Expressions, AFalseStatementIsFound) {
  EXPECT_NE(Complaint({"1 + 1", "3", 0}), "");
  EXPECT_NE(Complaint({"1 + 1", "error: integer overflow", 0}), "");
  EXPECT_NE(Complaint({"1 / 0", "0", 0}), "");
  EXPECT_NE(Complaint({"1 / 0", "error: integer overflow", 0}), "");
  EXPECT_NE(Complaint({"1 + 1", "E-type", 0}), "");
  EXPECT_NE(Complaint({"1 + true", "2", 0}), "");
}

INSTANTIATE_TEST_SUITE_P(Engines, Expressions, ::testing::Values(Evaluator::kMachineCode, Evaluator::kInterpreter),
                         [](const auto& instance) {
                           return instance.param == Evaluator::kMachineCode ? "MachineCode" : "Interpreter";
                         });

}  // namespace
}  // namespace moult::docs
