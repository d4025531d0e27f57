#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "sctp/dcep.hpp"
#include "sctp/usrsctp_process.hpp"

struct socket;

namespace noir {

/// How one message is to be sent.
struct SctpSendInfo {
  std::uint16_t stream = 0;
  std::uint32_t ppid = 0;
  bool ordered = true;
  DcepReliability reliability = DcepReliability::kReliable;
  std::uint32_t reliability_parameter = 0;
};

enum class SctpSendResult : std::uint8_t { kSent, kLater, kFailed };

/// One usrsctp socket with its mailbox: every call takes the process lock, every answer comes through the mailbox.
/// Thread: loop.
class UsrsctpSocket {
 public:
  /// Streams in each direction, small: usrsctp allocates them all at once.
  UsrsctpSocket(std::shared_ptr<SctpLoopState> loop, std::uint32_t tag, std::size_t max_message_bytes,
                std::uint16_t streams);
  ~UsrsctpSocket();
  UsrsctpSocket(const UsrsctpSocket&) = delete;
  UsrsctpSocket& operator=(const UsrsctpSocket&) = delete;

  /// False = usrsctp has no memory.
  bool connect();
  void handle_packet(ByteSpan packet);
  SctpSendResult send(const SctpSendInfo& info, ByteSpan message);
  /// RFC 6525 §4.1: begins the sending side of these streams anew; false = not now.
  bool reset_streams(std::span<const std::uint16_t> streams);
  /// Ends the association with an ABORT, which is left in the mailbox.
  void abort();

  bool take_packet(std::vector<std::uint8_t>& packet);
  bool take_notice(SctpNotice& notice);
  [[nodiscard]] bool overflowed();

 private:
  bool open();
  bool configure();
  bool subscribe();

  // Owned.
  std::shared_ptr<SctpLoopState> loop_;
  SctpMailbox mailbox_;
  UsrsctpProcess::Id id_ = 0;
  struct socket* socket_ = nullptr;
  // Given.
  const std::size_t max_message_bytes_;
  const std::uint16_t streams_;
};

}  // namespace noir
