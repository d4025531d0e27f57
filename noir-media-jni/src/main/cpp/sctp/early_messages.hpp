#pragma once

#include <cstddef>
#include <cstdint>
#include <list>

#include "sctp/sctp_mailbox.hpp"

namespace noir {

/// Messages on streams of which the peer has not said yet that they are a channel: RFC 8832 §6 lets it send at once,
/// and an unordered message overtakes the OPEN. Bounded; what is too much or too old is dropped. Thread: loop.
class EarlyMessages {
 public:
  static constexpr std::size_t kMaxMessages = 16;
  static constexpr std::size_t kMaxBytes = 65'536;
  static constexpr int kMaxAge = 10;  // In calls of `age`.

  void keep(SctpData data) {
    if (messages_.size() >= kMaxMessages || bytes_ + data.bytes.size() > kMaxBytes) return;
    bytes_ += data.bytes.size();
    messages_.push_back({std::move(data), 0});
  }
  /// Those of a stream, in their order, to `deliver`.
  template <typename Deliver>
  void take(std::uint16_t stream, Deliver deliver) {
    for (auto next = messages_.begin(); next != messages_.end();) {
      if (next->data.stream != stream) {
        ++next;
        continue;
      }
      bytes_ -= next->data.bytes.size();
      SctpData data = std::move(next->data);
      next = messages_.erase(next);
      deliver(std::move(data));
    }
  }
  void drop(std::uint16_t stream) {
    take(stream, [](const SctpData& /*data*/) {});
  }
  /// To be called once a second while there are any.
  void age() {
    std::erase_if(messages_, [&](Message& message) {
      if (++message.age <= kMaxAge) return false;
      bytes_ -= message.data.bytes.size();
      return true;
    });
  }
  [[nodiscard]] bool empty() const { return messages_.empty(); }

 private:
  struct Message {
    SctpData data;
    int age;
  };

  std::list<Message> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace noir
