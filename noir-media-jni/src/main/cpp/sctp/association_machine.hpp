#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "sctp/channel.hpp"
#include "sctp/sctp_association.hpp"
#include "sctp/usrsctp_socket.hpp"

namespace noir {

/// The data channels of one association, on the owning loop's side of the mailbox.
class SctpAssociation::Machine {
 public:
  Machine(std::shared_ptr<SctpLoopState> loop, const SctpParams& params);

  void connect();
  void handle_packet(ByteSpan packet);
  bool poll_transmit(std::vector<std::uint8_t>& packet);
  std::optional<SctpEvent> poll_event();
  Result<std::uint16_t> open_channel(std::string_view label, bool ordered);
  Status send(std::uint16_t stream, bool binary, ByteSpan message);
  Status close_channel(std::uint16_t stream);
  void close();

  [[nodiscard]] SctpState state() const { return state_; }
  [[nodiscard]] std::size_t channel_count() const { return channels_.size(); }

 private:
  struct Outgoing {
    std::uint16_t stream = 0;
    SctpPpid ppid = SctpPpid::kBinary;
    std::vector<std::uint8_t> bytes;
  };

  void transition_to(SctpState next);
  void drain();
  void handle(SctpNotice notice);
  void handle_data(SctpData data);
  void handle_dcep(const SctpData& data);
  void handle_open(const SctpData& data);
  void handle_ack(std::uint16_t stream);
  void handle_message(SctpData data);
  void handle_reset(const SctpStreamsReset& reset);
  void handle_peer_reset(std::uint16_t stream);
  void fail();

  void queue(std::uint16_t stream, SctpPpid ppid, std::vector<std::uint8_t> bytes);
  void flush();
  void flush_messages();
  void flush_resets();
  [[nodiscard]] SctpSendInfo send_info(const Outgoing& outgoing) const;
  void reject(std::uint16_t stream);
  [[nodiscard]] bool is_of_peer(std::uint16_t stream) const;
  [[nodiscard]] bool is_resetting(std::uint16_t stream) const;

  // Given.
  const SctpParams params_;
  const std::uint16_t streams_;
  // Owned.
  UsrsctpSocket socket_;
  // State.
  SctpState state_ = SctpState::kNew;
  std::map<std::uint16_t, Channel> channels_;
  std::set<std::uint16_t> resets_wanted_;  // Our sending side is to begin anew …
  std::set<std::uint16_t> resets_sent_;    // … was asked to, and the peer has not agreed yet.
  std::list<Outgoing> outgoing_;           // Lists take nothing while they are empty, a deque 600 bytes.
  std::size_t outgoing_bytes_ = 0;
  std::list<SctpEvent> events_;
};

}  // namespace noir
