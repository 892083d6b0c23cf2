// The driver itself: that it notices what fails, and makes it small.
#include "tests/fuzz/runner.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/fuzz/mutate.h"

namespace moult::fuzz {
namespace {

constexpr std::chrono::seconds kHang{60};

int AbortOnBad(const uint8_t* data, size_t size) {
  Require(AsText(data, size).find("bad") == std::string_view::npos, "a bad input");
  return 0;
}
int LeaveOnBad(const uint8_t* data, size_t size) {
  if (AsText(data, size) == "bad") std::exit(3);
  return 0;
}
int HangOnBad(const uint8_t* data, size_t size) {
  for (volatile bool hang = AsText(data, size) == "bad"; hang;) {
  }
  return 0;
}

Target Of(int (*run)(const uint8_t*, size_t)) { return {"test", run, Seeds::kNone, 64}; }

TEST(Runner, ReplaysWhatPasses) { EXPECT_FALSE(Replay(Of(AbortOnBad), {"good", "", "fine"}, kHang).has_value()); }

TEST(Runner, TellsWhichInputEndedTheProcessAndHow) {
  const auto aborted = Replay(Of(AbortOnBad), {"good", "very bad indeed", "fine"}, kHang, /*quiet=*/true);
  ASSERT_TRUE(aborted.has_value());
  EXPECT_EQ(aborted->input, "very bad indeed");
  EXPECT_EQ(aborted->how, "signal 6 (Aborted)");
  const auto left = Replay(Of(LeaveOnBad), {"bad"}, kHang);
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(left->how, "exit with 3");
}

TEST(Runner, EndsAnInputThatTakesTooLong) {
  const auto failure = Replay(Of(HangOnBad), {"good", "bad"}, std::chrono::seconds(2));
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->input, "bad");
  EXPECT_EQ(failure->how, "more than 2 s");
}

TEST(Runner, MakesAnInputSmall) { EXPECT_EQ(Minimize(Of(AbortOnBad), "a long text with something bad in the middle of it", kHang), "bad"); }

TEST(Runner, MutatesUntilAnInputFails) {
  const Options options{.seed = 1, .time = std::chrono::hours(1), .executions = 1'000'000, .hang = kHang};
  const Report report = Fuzz(Of(AbortOnBad), {"ba nice", "d nice"}, options);
  ASSERT_TRUE(report.failure.has_value());
  EXPECT_NE(report.failure->input.find("bad"), std::string::npos);
  EXPECT_LT(report.executions, options.executions);
}

TEST(Mutator, GivesTheSameForTheSameSeedAndKeepsToTheLength) {
  Mutator a(7, 50), b(7, 50);
  const std::vector<std::string> corpus = {"rule r { when n > 12 then block }", "", std::string(50, 'x')};
  for (int k = 0; k < 2000; ++k) {
    const std::string input = a.Next(corpus);
    ASSERT_EQ(input, b.Next(corpus));
    ASSERT_LE(input.size(), 50u);
  }
}

}  // namespace
}  // namespace moult::fuzz
