// Interrupt: ^C and SIGTERM as something that can be polled.
#pragma once

namespace moult::tools {

// From its construction on, the first SIGINT or SIGTERM is recorded and makes fd() readable for good; a second one ends
// the process as usual, for whoever does not want to wait. SIGPIPE is ignored: writes report it. One object a process.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  int fd() const;
  // The signal that came, or 0.
  static int signal();
};

}  // namespace moult::tools
