#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "sctp/channel.hpp"
#include "sctp/early_messages.hpp"
#include "sctp/sctp_association.hpp"
#include "sctp/sctp_loop_state.hpp"
#include "sctp/usrsctp_socket.hpp"

namespace noir {

/// The data channels of one association. What is asked of it changes its own state, which is the loop's; `work` then
/// enters usrsctp, if nobody else is inside, and does there all that waits for it.
class SctpAssociation::Machine final : public SctpMember {
 public:
  Machine(std::shared_ptr<SctpLoopState> loop, const SctpParams& params);
  ~Machine() override;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void connect();
  void handle_packet(ByteSpan packet);
  bool poll_transmit(std::vector<std::uint8_t>& packet);
  std::optional<SctpEvent> poll_event();
  Result<std::uint16_t> open_channel(std::string_view label, bool ordered);
  Status send(std::uint16_t stream, bool binary, const SharedBytes& message);
  Status close_channel(std::uint16_t stream);
  void close();

  [[nodiscard]] SctpState state() const { return state_; }
  [[nodiscard]] std::size_t channel_count() const { return channels_.size(); }

  [[nodiscard]] std::uint32_t tag() const override { return params_.tag; }
  bool look() override;

 private:
  struct Outgoing {
    std::uint16_t stream = 0;
    SctpPpid ppid = SctpPpid::kBinary;
    SharedBytes bytes;
    int looks = 0;  // In which it was seen to wait.
  };

  // Outside usrsctp: association_machine.cpp.
  void work();
  void transition_to(SctpState next);
  void fail(ChannelEnd end);
  Status make_room(std::uint16_t stream, std::size_t cost);
  [[nodiscard]] bool has_room(std::size_t cost) const;

  [[nodiscard]] std::uint16_t slowest_channel(std::uint16_t otherwise) const;
  void queue(std::uint16_t stream, SctpPpid ppid, SharedBytes bytes);
  void drop_outgoing(std::uint16_t stream);
  void give_back(std::size_t bytes);
  void close_channel(std::uint16_t stream, Channel& channel, ChannelEnd end);
  [[nodiscard]] bool is_resetting(std::uint16_t stream) const;

  // What the peer says: association_input.cpp.
  void handle(SctpNotice notice);
  void handle_data(SctpData data);
  void handle_dcep(const SctpData& data);
  void handle_open(const SctpData& data);
  void handle_ack(std::uint16_t stream);
  void handle_message(SctpData data);
  void deliver(SctpData data);
  void handle_reset(const SctpStreamsReset& reset);
  void handle_own_reset(const SctpStreamsReset& reset);
  void handle_peer_reset(std::uint16_t stream);
  void reject(std::uint16_t stream);

  // Inside, under `UsrsctpProcess::Entry`: association_inside.cpp.
  void visit(ByteSpan packet);
  void take_notices();
  void flush();
  void flush_messages();
  void flush_resets();
  void note_handed(std::size_t bytes);
  void note_taken();
  void look_inside();
  [[nodiscard]] SctpSendInfo send_info(const Outgoing& outgoing) const;

  // Given.
  const std::shared_ptr<SctpLoopState> loop_;
  const SctpParams params_;
  const std::uint16_t streams_;
  // Owned.
  std::unique_ptr<UsrsctpSocket> socket_;
  // State.
  SctpState state_ = SctpState::kNew;
  bool is_inside_ = false;
  bool is_pending_ = false;  // There is something to do inside.
  bool is_to_look_ = false;  // … to see whether the peer takes what it is sent.
  std::map<std::uint16_t, Channel> channels_;
  std::set<std::uint16_t> resets_wanted_;  // Our sending side is to begin anew …
  std::set<std::uint16_t> resets_sent_;    // … was asked to, and the peer has not agreed yet …
  std::set<std::uint16_t> resets_denied_;  // … or has denied it, and is to be asked again.
  // Lists take nothing while they are empty, a deque 600 bytes.
  std::list<Outgoing> outgoing_;
  std::size_t outgoing_cost_ = 0;
  std::list<std::uint32_t> handed_;               // The sizes of what usrsctp has and the peer has not taken.
  std::uint64_t handed_bytes_ = 0;                // Of these.
  std::uint64_t taken_bytes_ = 0;                 // In all.
  std::size_t cost_ = 0;                          // Of the budget, for both.
  std::list<std::vector<std::uint8_t>> inbox_;    // Came while another loop was inside.
  std::list<std::vector<std::uint8_t>> packets_;  // For `poll_transmit`.
  std::list<SctpEvent> events_;
  EarlyMessages early_;
  std::size_t ignored_bytes_ = 0;  // Of messages on channels that we had closed.
  std::uint64_t taken_when_looked_ = 0;
  int looks_in_vain_ = 0;  // In a row, in which the peer had taken nothing of what waits for it.
};

}  // namespace noir
