#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace noir {

/// Objects by 32-bit id = slot index (low 20 bits) + generation (high 11 bits, never 0), so that ids are positive
/// `jint`s and a stale id is found to be stale instead of naming somebody else. Objects keep their address. The slot
/// that has been free for longest is used again, and not before a thousand others are free: an id comes again after two
/// million objects, and not when somebody comes and goes 2047 times. Thread: loop.
template <typename T>
class SlotTable {
 public:
  static constexpr std::uint32_t kIndexBits = 20;
  static constexpr std::uint32_t kMaxSlots = 1U << kIndexBits;

  /// Free slots that are not used again yet.
  static constexpr std::size_t kResting = 1024;

  /// The id of the new object, or 0 when the table is full.
  template <typename... Args>
  std::uint32_t emplace(Args&&... args) {
    std::uint32_t index = 0;
    if (free_.size() > kResting || (slots_.size() >= kMaxSlots && !free_.empty())) {
      index = free_.front();
      free_.pop_front();
    } else {
      if (slots_.size() >= kMaxSlots) return 0;
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    }
    Slot& slot = slots_[index];
    slot.object = std::make_unique<T>(std::forward<Args>(args)...);
    ++count_;
    return (slot.generation << kIndexBits) | index;
  }

  [[nodiscard]] T* find(std::uint32_t id) const {
    const std::uint32_t index = id & (kMaxSlots - 1);
    if (index >= slots_.size()) return nullptr;
    const Slot& slot = slots_[index];
    return slot.generation == (id >> kIndexBits) ? slot.object.get() : nullptr;
  }

  bool erase(std::uint32_t id) {
    if (find(id) == nullptr) return false;
    const std::uint32_t index = id & (kMaxSlots - 1);
    Slot& slot = slots_[index];
    slot.object.reset();
    slot.generation = slot.generation == kLastGeneration ? 1 : slot.generation + 1;
    free_.push_back(index);
    --count_;
    return true;
  }

  [[nodiscard]] std::size_t size() const { return count_; }

  /// Visits every live object as `(id, object)`. The visitor may erase the visited object, nothing else.
  template <typename F>
  void for_each(F&& visit) {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].object) visit((slots_[i].generation << kIndexBits) | i, *slots_[i].object);
    }
  }

 private:
  static constexpr std::uint32_t kLastGeneration = (1U << 11) - 1;

  struct Slot {
    std::unique_ptr<T> object;
    std::uint32_t generation = 1;
  };

  std::vector<Slot> slots_;
  std::deque<std::uint32_t> free_;  // The oldest first.
  std::size_t count_ = 0;
};

}  // namespace noir
