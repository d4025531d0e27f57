#pragma once

#include <future>
#include <thread>

#include "sctp/sctp_loop_state.hpp"
#include "sctp/usrsctp_process.hpp"

namespace noir::test {

/// Another loop that the system has stopped while it was inside usrsctp.
class StoppedInside {
 public:
  StoppedInside() : thread_([this] { hold(); }) { inside_.get_future().wait(); }
  ~StoppedInside() { go_on(); }
  StoppedInside(const StoppedInside&) = delete;
  StoppedInside& operator=(const StoppedInside&) = delete;

  void go_on() {
    if (!thread_.joinable()) return;
    left_.set_value();
    thread_.join();
  }

 private:
  void hold() {
    SctpLoopState state;
    const UsrsctpProcess::Entry entry(state);
    inside_.set_value();
    left_.get_future().wait();
  }

  std::promise<void> inside_;
  std::promise<void> left_;
  std::thread thread_;
};

}  // namespace noir::test
