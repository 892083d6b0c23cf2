// Console: standard error, shared by lines of text and a progress bar.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "tools/file.h"

namespace moult::tools {

// Thread-safe. On a terminal the bar is the last line; a line of text goes above it. Elsewhere, and where TERM is
// dumb, there is no bar.
class Console {
 public:
  Console();

  // Whether standard error is a terminal that can draw a line again.
  bool has_bar() const { return has_bar_; }
  bool color() const { return color_; }

  // Lines (not the bar) go to `log` too, from here on. What cannot be written there is lost.
  void SetLog(File log);

  // Writes `text`, which may have several lines, and ends it with a newline if it has none.
  void Print(std::string_view text);
  // Replaces the bar; cut to the terminal's width. Nothing unless has_bar().
  void ShowBar(const std::string& bar);
  void ClearBar();

 private:
  void Write(std::string_view text);
  int Columns() const;

  const bool has_bar_;
  const bool color_;
  std::mutex mutex_;
  std::string bar_;  // what stands there now; guarded by mutex_
  File log_;         // guarded by mutex_
};

}  // namespace moult::tools
