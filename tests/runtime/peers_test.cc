// The reference workload: its policies over its 10,000 requests, by JSON and by bound structs, compiled and
// interpreted, must come to the reference's counts, rules fired and checksum.
#include <memory>

#include "tests/runtime/fixture.h"
#include "tests/runtime/peer_requests.h"

namespace moult::test {
namespace {

struct Reference {
  const char* policy;  // file under examples/peers
  const char* name;
  uint64_t allow, challenge, block, fired;
  uint64_t checksum;
};

constexpr Reference kReferences[] = {
    {"p_small.moult", "peers.p_small", 9331, 0, 669, 706, 126562491},
    {"p_medium.moult", "peers.p_medium", 9485, 493, 22, 15144, 127303531},
};

// The tally of the reference.
class Tally {
 public:
  explicit Tally(const std::vector<std::string>& verdicts) {
    for (const std::string& v : verdicts) ranks_.push_back(v == "block" ? 2 : v == "challenge" ? 1 : 0);
  }
  void Add(const Decision& d) {
    const uint64_t rank = ranks_[d.verdict()];
    ++counts_[rank];
    fired_ += d.fired().size();
    int64_t h = static_cast<int64_t>((rank + 1) * (index_ % 9973 + 1)) + (d.score() + 1000) * 7;
    int64_t k = 0;
    for (const uint32_t rule : d.fired()) h += (rule + 1) * ++k * 13;
    sum_ = (sum_ + static_cast<uint64_t>(h)) % 1000000007;
    ++index_;
  }
  void Expect(const Reference& r) const {
    EXPECT_EQ(counts_[0], r.allow);
    EXPECT_EQ(counts_[1], r.challenge);
    EXPECT_EQ(counts_[2], r.block);
    EXPECT_EQ(fired_, r.fired);
    EXPECT_EQ(sum_, r.checksum);
  }

 private:
  std::vector<uint64_t> ranks_;
  uint64_t counts_[3] = {};
  uint64_t fired_ = 0, index_ = 0, sum_ = 0;
};

class Peers : public testing::TestWithParam<std::tuple<size_t, Evaluator, bool>> {
 protected:
  void SetUp() override {
    if (PeerRequests().empty()) GTEST_SKIP() << "the reference data is not here";
    reference_ = kReferences[std::get<0>(GetParam())];
    engine_ = MakeEngine({.evaluator = std::get<1>(GetParam()), .baseline_cpu = std::get<2>(GetParam())});
    Bundle bundle;
    const std::string path = std::string(MOULT_SOURCE_DIR "/examples/peers/") + reference_.policy;
    bundle.Add({path, ReadFile(path)}).AddData("blocklist.txt", PeerBlocklist());
    Result<VersionInfo> info = engine_->Publish(bundle);
    ASSERT_TRUE(info.ok()) << Render(info.error());
    verdicts_ = info->policies[0].verdicts;
  }

  Reference reference_{};
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> verdicts_;
};

TEST_P(Peers, ReproducesTheReferenceByJson) {
  const JsonPolicy policy = FindJson(*engine_, reference_.name);
  Context context(*engine_);
  Decision d;
  Tally tally(verdicts_);
  for (const PeerRequest& request : PeerRequests()) {
    const Status status = policy.Decide(context, request.json, &d);
    ASSERT_TRUE(status.ok()) << status.error().message;
    tally.Add(d);
  }
  tally.Expect(reference_);
}

TEST_P(Peers, ReproducesTheReferenceByBoundStruct) {
  const auto policy = Find<PeerRequest>(*engine_, reference_.name);
  Context context(*engine_);
  Decision d;
  Tally tally(verdicts_);
  for (const PeerRequest& request : PeerRequests()) {
    const Status status = policy.Decide(context, request, &d);
    ASSERT_TRUE(status.ok()) << status.error().message;
    tally.Add(d);
  }
  tally.Expect(reference_);
}

TEST_P(Peers, SaysTheSameInWordsByEitherInput) {
  const JsonPolicy by_json = FindJson(*engine_, reference_.name);
  const auto by_struct = Find<PeerRequest>(*engine_, reference_.name);
  Context a(*engine_), b(*engine_);
  a.set_detail(Detail::kFull);
  b.set_detail(Detail::kFull);
  Decision x, y;
  for (size_t i = 0; i < PeerRequests().size(); i += 10) {
    const PeerRequest& request = PeerRequests()[i];
    ASSERT_TRUE(by_json.Decide(a, request.json, &x).ok());
    ASSERT_TRUE(by_struct.Decide(b, request, &y).ok());
    ASSERT_EQ(ToText(x), ToText(y)) << request.json;
  }
}

std::string Name(const testing::TestParamInfo<Peers::ParamType>& info) {
  const auto [policy, evaluator, baseline] = info.param;
  const std::string name = policy == 0 ? "small" : "medium";
  if (evaluator == Evaluator::kInterpreter) return name + "_interpreted";
  return name + (baseline ? "_compiled_baseline" : "_compiled");
}

INSTANTIATE_TEST_SUITE_P(Compiled, Peers,
                         testing::Combine(testing::Values(0, 1), testing::Values(Evaluator::kMachineCode),
                                          testing::Bool()),
                         Name);
INSTANTIATE_TEST_SUITE_P(Interpreted, Peers,
                         testing::Combine(testing::Values(0, 1), testing::Values(Evaluator::kInterpreter),
                                          testing::Values(false)),
                         Name);

}  // namespace
}  // namespace moult::test
