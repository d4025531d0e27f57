// What an association does inside usrsctp, under `UsrsctpProcess::Entry`.

#include <algorithm>
#include <utility>

#include "sctp/association_machine.hpp"

namespace noir {

namespace {

// RFC 9260 §6.1 probes a closed window for ever, as long as the peer answers.
constexpr int kMaxLooksInVain = 30;
// usrsctp counts octets only, so a million messages of one would be welcome. Each costs it some 400.
constexpr std::size_t kMaxHanded = 256;

}  // namespace

void SctpAssociation::Machine::visit(ByteSpan packet) {
  is_inside_ = true;
  if (state_ != SctpState::kClosed && !socket_->connect()) fail(ChannelEnd::kLost);
  while (!inbox_.empty()) {
    socket_->handle_packet(inbox_.front());
    inbox_.pop_front();
    take_notices();
  }
  if (!packet.empty()) socket_->handle_packet(packet);
  do {
    is_pending_ = false;
    take_notices();
    flush();
    if (is_to_look_) look_inside();
  } while (is_pending_ && state_ != SctpState::kClosed);
  if (state_ == SctpState::kClosed) socket_->abort();
  is_pending_ = false;
  socket_->mailbox().take_packets(packets_);
  socket_->mailbox().set_empty();
  is_inside_ = false;
}

void SctpAssociation::Machine::take_notices() {
  SctpNotice notice;
  while (state_ != SctpState::kClosed && socket_->mailbox().take_notice(notice)) handle(std::move(notice));
  if (state_ != SctpState::kClosed && socket_->mailbox().overflowed()) fail(ChannelEnd::kLost);
}

// Any packet may have made room or ended a reset, also those that bring no notice.
void SctpAssociation::Machine::flush() {
  if (state_ != SctpState::kConnected) return;
  flush_messages();
  if (state_ == SctpState::kConnected) flush_resets();
}

void SctpAssociation::Machine::flush_messages() {
  for (auto next = outgoing_.begin(); next != outgoing_.end();) {
    const auto channel = channels_.find(next->stream);
    const bool is_closing = channel != channels_.end() && channel->second.state == Channel::State::kClosing;
    if (is_resetting(next->stream) && !(is_closing && !resets_sent_.contains(next->stream))) {
      ++next;  // A new channel on a stream whose old one is not yet over.
      continue;
    }
    if (handed_.size() >= kMaxHanded) note_taken();
    if (handed_.size() >= kMaxHanded) return;
    const std::size_t size = next->bytes->size();
    const auto result = socket_->send(send_info(*next), *next->bytes);
    if (result == SctpSendResult::kLater) return;
    if (result == SctpSendResult::kFailed) return fail(ChannelEnd::kLost);
    outgoing_cost_ -= MessageBudget::cost(size);
    const std::uint16_t stream = next->stream;
    next = outgoing_.erase(next);
    if (result == SctpSendResult::kSent) {
      note_handed(size);
    } else {
      give_back(size);
      if (channel != channels_.end()) close_channel(stream, channel->second, ChannelEnd::kViolation);
    }
  }
}

void SctpAssociation::Machine::flush_resets() {
  std::vector<std::uint16_t> ready;
  for (const std::uint16_t stream : resets_wanted_) {
    // What was sent on the channel goes first; what waits without one is a new channel's.
    const bool waits = channels_.contains(stream) && channels_.at(stream).state == Channel::State::kClosing &&
                       std::any_of(outgoing_.begin(), outgoing_.end(),
                                   [&](const Outgoing& outgoing) { return outgoing.stream == stream; });
    if (!waits && !resets_sent_.contains(stream)) ready.push_back(stream);
  }
  if (ready.empty() || !socket_->reset_streams(ready)) return;
  for (const std::uint16_t stream : ready) {
    resets_wanted_.erase(stream);
    resets_sent_.insert(stream);
  }
}

void SctpAssociation::Machine::note_handed(std::size_t bytes) {
  handed_.push_back(static_cast<std::uint32_t>(bytes));
  handed_bytes_ += bytes;
}

// In the order of sending: who overtakes by being unordered makes no difference in the sum.
void SctpAssociation::Machine::note_taken() {
  const std::uint64_t waiting = socket_->bytes_waiting();
  while (!handed_.empty() && handed_bytes_ - handed_.front() >= waiting) {
    handed_bytes_ -= handed_.front();
    taken_bytes_ += handed_.front();
    give_back(handed_.front());
    handed_.pop_front();
  }
}

// Sees whether the peer takes anything of what it was sent.
void SctpAssociation::Machine::look_inside() {
  is_to_look_ = false;
  if (state_ != SctpState::kConnected) return;
  note_taken();
  const bool in_vain = !handed_.empty() && taken_bytes_ == taken_when_looked_;
  looks_in_vain_ = in_vain ? looks_in_vain_ + 1 : 0;
  taken_when_looked_ = taken_bytes_;
  if (looks_in_vain_ > kMaxLooksInVain) fail(ChannelEnd::kTooSlow);
}

SctpSendInfo SctpAssociation::Machine::send_info(const Outgoing& outgoing) const {
  SctpSendInfo info;
  info.stream = outgoing.stream;
  info.ppid = static_cast<std::uint32_t>(outgoing.ppid);
  const auto channel = channels_.find(outgoing.stream);
  // RFC 8832 §6: DCEP is ordered and reliable, and so is everything until the ACK is there.
  const bool is_plain = outgoing.ppid == SctpPpid::kDcep || channel == channels_.end() ||
                        channel->second.state == Channel::State::kOpening;
  if (is_plain) return info;
  info.ordered = channel->second.open.ordered;
  info.reliability = channel->second.open.reliability;
  info.reliability_parameter = channel->second.open.reliability_parameter;
  return info;
}

}  // namespace noir
