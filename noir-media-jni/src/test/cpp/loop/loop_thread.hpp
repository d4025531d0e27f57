#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "loop/loop.hpp"

namespace noir::test {

/// A loop with a thread that is lent to it, and commands from the test: what `MediaLoop` is in Java.
class LoopThread : EventSink {
 public:
  LoopThread(const LoopConfig& config, const Certificate& certificate) : loop_(std::in_place, config, certificate) {}
  ~LoopThread() override { stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  [[nodiscard]] Loop& loop() { return *loop_; }
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  /// Ends the loop and destroys it, on its own thread.
  void stop() {
    if (!thread_.joinable()) return;
    post([this] { running_ = false; });
    thread_.join();
  }
  /// What `command` gives on the loop's thread.
  template <typename F>
  auto call(F command) {
    std::promise<decltype(command(*loop_))> result;
    post([&] { result.set_value(command(*loop_)); });
    return result.get_future().get();
  }
  /// How often the loop has given its thread back.
  [[nodiscard]] int returns() const { return returns_; }

 private:
  bool accept(const Event& /*event*/) override { return true; }

  void post(std::function<void()> command) {
    {
      const std::lock_guard lock(mutex_);
      inbox_.push_back(std::move(command));
    }
    loop_->wakeup();
  }
  void run() {
    while (running_) {
      loop_->run(kNever, *this);
      ++returns_;
      for (auto command = next(); command; command = next()) command();
    }
    loop_.reset();
  }
  std::function<void()> next() {
    const std::lock_guard lock(mutex_);
    if (inbox_.empty()) return {};
    auto command = std::move(inbox_.front());
    inbox_.pop_front();
    return command;
  }

  std::optional<Loop> loop_;
  std::thread thread_;
  std::mutex mutex_;
  std::deque<std::function<void()>> inbox_;
  std::atomic<int> returns_{0};
  bool running_ = true;  // The loop thread's.
};

}  // namespace noir::test
