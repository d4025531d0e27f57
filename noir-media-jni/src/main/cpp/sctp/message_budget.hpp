#pragma once

#include <atomic>
#include <cstddef>

namespace noir {

/// What messages that wait for their receivers may take together: of a process, or of a simulation. Counted is what
/// they cost, not what they hold: a byte in a queue takes a list's node, a vector and what the allocator adds to both.
/// Thread: any.
class MessageBudget {
 public:
  static constexpr std::size_t kOfProcess = 67'108'864;
  static constexpr std::size_t kPerMessage = 256;

  explicit MessageBudget(std::size_t limit) : limit_(limit) {}
  MessageBudget(const MessageBudget&) = delete;
  MessageBudget& operator=(const MessageBudget&) = delete;
  ~MessageBudget() = default;

  static MessageBudget& of_process() {
    static MessageBudget budget(kOfProcess);
    return budget;
  }

  [[nodiscard]] static std::size_t cost(std::size_t bytes) { return bytes + kPerMessage; }

  /// False = nothing was taken.
  [[nodiscard]] bool take(std::size_t cost) {
    if (used_.fetch_add(cost, std::memory_order_relaxed) + cost <= limit_) return true;
    give_back(cost);
    return false;
  }
  /// For what must go in any case.
  void take_anyway(std::size_t cost) { used_.fetch_add(cost, std::memory_order_relaxed); }
  void give_back(std::size_t cost) { used_.fetch_sub(cost, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_ = 0;
};

}  // namespace noir
