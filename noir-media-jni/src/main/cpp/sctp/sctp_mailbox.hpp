#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "sctp/sctp_loop_state.hpp"

namespace noir {

struct SctpUp {};
struct SctpLost {};
struct SctpData {
  std::uint16_t stream = 0;
  std::uint32_t ppid = 0;
  bool is_too_long = false;  // Then without its bytes.
  std::vector<std::uint8_t> bytes;
};
/// RFC 6525: whose sending side of the streams began anew, or did not.
struct SctpStreamsReset {
  bool by_peer = false;
  bool performed = true;               // False = the peer denied it, or said that it failed (§4.4).
  std::vector<std::uint16_t> streams;  // Empty = all.
};
using SctpNotice = std::variant<SctpUp, SctpLost, SctpData, SctpStreamsReset>;

/// All that a callback of usrsctp touches of an association: callbacks run on whichever loop's thread called usrsctp.
/// Guarded by the lock of `UsrsctpProcess`, but for `is_empty`; bounded.
class SctpMailbox {
 public:
  SctpMailbox(std::uint32_t tag, std::size_t max_message_bytes, std::shared_ptr<SctpLoopState> loop);

  void add_packet(ByteSpan packet);
  void add_up() { add({SctpUp{}}, 0); }
  void add_lost() { add({SctpLost{}}, 0); }
  void add_reset(bool by_peer, bool performed, std::span<const std::uint16_t> streams);
  /// Which message some bytes are of.
  struct MessageId {
    std::uint16_t stream = 0;
    std::uint32_t tsn = 0;  // Of its beginning.
    std::uint32_t ppid = 0;
  };
  /// usrsctp gives long messages in parts; the last one `ends` it. Where the peer has given one up (FORWARD-TSN, RFC
  /// 3758) no end comes, and nobody is told: another message of the stream begins.
  void add_data(const MessageId& message, ByteSpan part, bool ends);

  bool take_packet(std::vector<std::uint8_t>& packet);
  bool take_notice(SctpNotice& notice);
  /// All packets behind those that are there.
  void take_packets(std::list<std::vector<std::uint8_t>>& packets) { packets.splice(packets.end(), packets_); }
  /// Nothing has been added since the last `set_empty`. Thread: any.
  [[nodiscard]] bool is_empty() const { return is_empty_.load(std::memory_order_acquire); }
  void set_empty() { is_empty_.store(true, std::memory_order_release); }
  /// More came in than anybody would send whose messages are read: the association is to be aborted.
  [[nodiscard]] bool overflowed() const { return overflowed_; }

  [[nodiscard]] std::uint32_t tag() const { return tag_; }
  [[nodiscard]] SctpLoopState& loop() const { return *loop_; }

  bool is_in_ready_list = false;

 private:
  struct Part {
    std::uint32_t tsn = 0;
    bool is_too_long = false;
    std::vector<std::uint8_t> bytes;
  };

  void add(SctpNotice notice, std::size_t bytes);
  void note_added();

  // Given.
  const std::uint32_t tag_;
  const std::size_t max_message_bytes_;
  const std::shared_ptr<SctpLoopState> loop_;
  // State.
  // Lists take nothing while they are empty, which they nearly always are; a deque takes 600 bytes.
  std::list<std::vector<std::uint8_t>> packets_;
  std::list<SctpNotice> notices_;
  std::size_t notice_bytes_ = 0;
  std::map<std::uint16_t, Part> parts_;  // By stream.
  bool overflowed_ = false;
  std::atomic<bool> is_empty_ = true;
};

}  // namespace noir
