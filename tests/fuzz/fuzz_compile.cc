// Policies, whole: check, both engines, form.
#include <deque>
#include <random>
#include <string>

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/policy_text.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"
#include "tests/support/formatting.h"

namespace moult::fuzz {
namespace {

constexpr std::string_view kNextFile = "\n---\n";

}  // namespace

// Bytes as the text of a policy that is alone.
int FuzzCompile(const uint8_t* data, size_t size) {
  RequireGoodCompile(std::string(AsText(data, size)));
  return 0;
}

// A policy and modules, each after a line `---`. A module is found by its own header.
int FuzzModules(const uint8_t* data, size_t size) {
  std::string_view rest = AsText(data, size);
  std::deque<std::string> files;  // of which the modules keep views
  for (bool more = true; more;) {
    const size_t end = rest.find(kNextFile);
    more = end != std::string_view::npos;
    files.emplace_back(rest.substr(0, end));
    if (more) rest.remove_prefix(end + kNextFile.size());
  }
  lang::Modules modules;
  for (size_t k = 1; k < files.size(); ++k) {
    const lang::FileHeader header = lang::ReadHeader(files[k]);
    if (header.is_module) modules.Add(header.name.text, {"module.moult", files[k]});
  }
  RequireGoodCompile(files[0], modules);
  for (const std::string& file : files) RequireGoodForm(file);
  return 0;
}

// Bytes as the choices of a generator of policies (policy_text.h): what comes out parses always, and is nearly always well typed. Then
// the same laid out otherwise, with comments anywhere, and with an error or two.
int FuzzPolicy(const uint8_t* data, size_t size) {
  const PolicyText text = WritePolicy({data, size});
  lang::Modules modules;
  const lang::FileHeader header = lang::ReadHeader(text.module);
  Require(header.is_module, "the generator's module is none", text.module);
  modules.Add(header.name.text, {"module.moult", text.module});
  RequireGoodCompile(text.policy, modules);
  RequireGoodForm(text.policy);
  RequireGoodForm(text.module);
  std::mt19937_64 random(size);
  RequireGoodForm(lang::test::Scramble(text.policy, random, /*comments=*/true));
  const std::string changed = Mutator(size, 2 * text.policy.size()).Next({text.policy});
  RequireGoodCompile(changed, modules);
  RequireGoodForm(changed);
  return 0;
}

}  // namespace moult::fuzz
