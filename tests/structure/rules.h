// The rules that the source tree keeps, as functions from files to complaints, so that each can be shown to complain.
#pragma once

#include <string>
#include <vector>

namespace moult::structure {

struct File {
  std::string path;  // from the root of the tree, with '/'
  std::string text;
};
using Files = std::vector<File>;
// One line each: "path:line: what is wrong". Empty when the rule is kept.
using Complaints = std::vector<std::string>;

inline constexpr size_t kMaxLines = 600;

// The text files below `root` that belong to the project: not build/, not hidden folders other than .ci.
Files ReadTree(const std::string& root);

// Layers include only what is below them, each third-party library only where it belongs, and whoever stands outside
// the layers (tools, examples) only public headers. See ARCHITECTURE.md, "Layers".
Complaints CheckIncludes(const Files& files);
// No source file over kMaxLines, every header has `#pragma once`.
Complaints CheckShape(const Files& files);
// No path of somebody's own machine in code, scripts or documents.
Complaints CheckPaths(const Files& files);
// Every folder with tests is registered with CMake, and every layer has one.
Complaints CheckTestFolders(const Files& files);
// Every relative link of a document, and every document that code refers to, exists.
Complaints CheckReferences(const Files& files);
// The invariants that ARCHITECTURE.md names are those that code cites as INVARIANT(name).
Complaints CheckInvariants(const Files& files);

}  // namespace moult::structure
