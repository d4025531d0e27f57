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

/// `kRefused`: this message cannot be sent, others can.
enum class SctpSendResult : std::uint8_t { kSent, kLater, kRefused, kFailed };

/// One usrsctp socket with its mailbox, through which every answer comes. Calls are made under
/// `UsrsctpProcess::Entry`, but for making it; unless it was closed, destroying it waits for the lock.
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
  /// Octets of messages that were sent and that the peer has not taken yet, nor we given up.
  [[nodiscard]] std::size_t bytes_waiting() const;
  /// Ends the association with an ABORT, which is left in the mailbox.
  void abort();
  /// The same, and usrsctp forgets the mailbox.
  void close();

  [[nodiscard]] SctpMailbox& mailbox() { return mailbox_; }

 private:
  bool open();
  bool configure();
  bool subscribe();

  // Owned.
  std::shared_ptr<SctpLoopState> loop_;
  SctpMailbox mailbox_;
  UsrsctpProcess::Id id_ = 0;  // 0 = usrsctp does not know us.
  struct socket* socket_ = nullptr;
  // Given.
  const std::size_t max_message_bytes_;
  const std::uint16_t streams_;
};

}  // namespace noir
