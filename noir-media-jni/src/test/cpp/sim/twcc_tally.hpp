#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace noir {

/// What transport-wide feedback says about the packets a client sent.
class TwccTally {
 public:
  void note_sent(std::uint16_t transport_seq) {
    // Those who never send, most of a large room, do not take 64 KB each.
    if (status_.empty()) status_.resize(kCycle, Status::kUnsent);
    status_[transport_seq] = Status::kSent;
  }
  /// The body of one feedback message (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1); false = malformed.
  bool handle_feedback(ByteSpan body);

  [[nodiscard]] std::size_t received() const { return received_; }
  [[nodiscard]] std::size_t lost() const { return lost_; }
  /// Reported, but never sent.
  [[nodiscard]] std::size_t invented() const { return invented_; }
  [[nodiscard]] std::size_t messages() const { return messages_; }

 private:
  static constexpr std::size_t kCycle = 65536;
  enum class Status : std::uint8_t { kUnsent, kSent, kReported };

  void report(std::uint16_t transport_seq, bool arrived);

  std::vector<Status> status_;
  std::size_t received_ = 0;
  std::size_t lost_ = 0;
  std::size_t invented_ = 0;
  std::size_t messages_ = 0;
};

}  // namespace noir
