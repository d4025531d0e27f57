#pragma once

#include <atomic>

#include "loop/file_descriptor.hpp"
#include "sctp/sctp_loop.hpp"

namespace noir {

/// An eventfd: how other threads reach a loop that waits. Calls coalesce: one means "look", not "one thing to do".
/// Thread: any, except `take`.
class Wakeup : public SctpWaker {
 public:
  Wakeup();

  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Ends the wait and the run.
  void request_return();
  /// Ends the wait only: the loop itself has something to do.
  void wake() noexcept override;
  /// Resets it; true when the run is to return. Thread: loop.
  bool take();

 private:
  FileDescriptor fd_;
  std::atomic<bool> return_requested_{false};
};

}  // namespace noir
