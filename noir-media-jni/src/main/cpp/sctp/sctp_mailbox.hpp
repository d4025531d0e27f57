#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "sctp/sctp_loop.hpp"

namespace noir {

struct SctpUp {};
struct SctpLost {};
struct SctpData {
  std::uint16_t stream = 0;
  std::uint32_t ppid = 0;
  bool is_too_long = false;  // Then without its bytes.
  std::vector<std::uint8_t> bytes;
};
/// RFC 6525: whose sending side of the streams began anew.
struct SctpStreamsReset {
  bool by_peer = false;
  std::vector<std::uint16_t> streams;  // Empty = all.
};
using SctpNotice = std::variant<SctpUp, SctpLost, SctpData, SctpStreamsReset>;

/// All that a callback of usrsctp touches of an association: callbacks run on whichever loop's thread called usrsctp.
/// Guarded by the lock of `UsrsctpProcess`; bounded.
class SctpMailbox {
 public:
  SctpMailbox(std::uint32_t tag, std::size_t max_message_bytes, std::shared_ptr<SctpLoopState> loop);

  void add_packet(ByteSpan packet);
  void add_up() { add({SctpUp{}}, 0); }
  void add_lost() { add({SctpLost{}}, 0); }
  void add_reset(bool by_peer, std::span<const std::uint16_t> streams);
  /// usrsctp gives long messages in parts; the last one `ends` it.
  void add_data(std::uint16_t stream, std::uint32_t ppid, ByteSpan part, bool ends);

  bool take_packet(std::vector<std::uint8_t>& packet);
  bool take_notice(SctpNotice& notice);
  /// More came in than anybody would send whose messages are read: the association is to be aborted.
  [[nodiscard]] bool overflowed() const { return overflowed_; }

  [[nodiscard]] std::uint32_t tag() const { return tag_; }
  [[nodiscard]] SctpLoopState& loop() const { return *loop_; }

  bool is_in_ready_list = false;

 private:
  struct Part {
    std::uint32_t ppid = 0;
    bool is_too_long = false;
    std::vector<std::uint8_t> bytes;
  };

  void add(SctpNotice notice, std::size_t bytes);

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
};

}  // namespace noir
