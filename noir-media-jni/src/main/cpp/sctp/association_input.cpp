// What the peer of an association says. Under `UsrsctpProcess::Entry`, without using it.

#include <utility>

#include "sctp/association_machine.hpp"

namespace noir {

namespace {

// What can have been on its way when we closed a channel. Who goes on and on loses the association.
constexpr std::size_t kMaxIgnored = 16'777'216;

}  // namespace

void SctpAssociation::Machine::handle(SctpNotice notice) {
  if (std::holds_alternative<SctpUp>(notice)) {
    if (state_ == SctpState::kConnecting) transition_to(SctpState::kConnected);
  } else if (std::holds_alternative<SctpLost>(notice)) {
    fail(ChannelEnd::kLost);
  } else if (auto* data = std::get_if<SctpData>(&notice)) {
    handle_data(std::move(*data));
  } else if (const auto* reset = std::get_if<SctpStreamsReset>(&notice)) {
    handle_reset(*reset);
  }
}

void SctpAssociation::Machine::handle_data(SctpData data) {
  if (data.is_too_long) return reject(data.stream);
  switch (static_cast<SctpPpid>(data.ppid)) {
    case SctpPpid::kDcep:
      return handle_dcep(data);
    case SctpPpid::kText:
    case SctpPpid::kBinary:
    case SctpPpid::kEmptyText:
    case SctpPpid::kEmptyBinary:
      return handle_message(std::move(data));
  }
  // RFC 8831 §6.6 retired 52 and 54; others are not ours.
}

void SctpAssociation::Machine::handle_dcep(const SctpData& data) {
  const auto type = dcep_type(data.bytes);
  if (!type) return reject(data.stream);
  switch (*type) {
    case DcepType::kOpen:
      return handle_open(data);
    case DcepType::kAck:
      return handle_ack(data.stream);
  }
}

// RFC 8832 §6: a stream in use is an error, and the channel is to be closed. So is one of the wrong parity, says the
// RFC; but clients that choose so are there, and a free stream does nobody harm.
void SctpAssociation::Machine::handle_open(const SctpData& data) {
  auto open = parse_dcep_open(data.bytes);
  const bool fits = data.stream < streams_ && channels_.size() < params_.max_channels;
  if (!open || !fits || channels_.contains(data.stream)) {
    early_.drop(data.stream);
    return reject(data.stream);
  }
  Channel& channel = channels_[data.stream];
  channel.state = Channel::State::kOpen;
  channel.open = std::move(*open);
  const bool reliable = channel.open.reliability == DcepReliability::kReliable;
  events_.emplace_back(
      SctpChannelOpened{data.stream, channel.open.label, channel.open.protocol, channel.open.ordered, reliable, true});
  queue(data.stream, SctpPpid::kDcep, std::make_shared<const std::vector<std::uint8_t>>(write_dcep_ack()));
  early_.take(data.stream, [this](SctpData early) { deliver(std::move(early)); });
}

void SctpAssociation::Machine::handle_ack(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return reject(stream);
  if (channel->second.state != Channel::State::kOpening) return;
  channel->second.state = Channel::State::kOpen;
  const DcepOpen& open = channel->second.open;
  const bool reliable = open.reliability == DcepReliability::kReliable;
  events_.emplace_back(SctpChannelOpened{stream, open.label, open.protocol, open.ordered, reliable, false});
}

void SctpAssociation::Machine::handle_message(SctpData data) {
  const auto channel = channels_.find(data.stream);
  if (channel == channels_.end()) {
    if (data.stream >= streams_) return;
    early_.keep(std::move(data));
    loop_->watch(*this);
    return;
  }
  if (channel->second.state == Channel::State::kClosing) {
    ignored_bytes_ += MessageBudget::cost(data.bytes.size());
    if (ignored_bytes_ > kMaxIgnored) fail(ChannelEnd::kViolation);
    return;
  }
  deliver(std::move(data));
}

void SctpAssociation::Machine::deliver(SctpData data) {
  const auto ppid = static_cast<SctpPpid>(data.ppid);
  if (ppid == SctpPpid::kEmptyText || ppid == SctpPpid::kEmptyBinary) data.bytes.clear();
  const bool binary = ppid == SctpPpid::kBinary || ppid == SctpPpid::kEmptyBinary;
  events_.emplace_back(SctpMessage{data.stream, binary, std::move(data.bytes)});
}

void SctpAssociation::Machine::handle_reset(const SctpStreamsReset& reset) {
  if (!reset.by_peer) return handle_own_reset(reset);
  std::vector<std::uint16_t> streams = reset.streams;
  if (streams.empty()) {
    for (const auto& [stream, channel] : channels_) streams.push_back(stream);
  }
  for (const std::uint16_t stream : streams) handle_peer_reset(stream);
}

// RFC 6525 §5.2.7: a request that was denied changes nothing. It is repeated, by `look`, after a while.
void SctpAssociation::Machine::handle_own_reset(const SctpStreamsReset& reset) {
  const std::set<std::uint16_t> asked = resets_sent_;
  const std::vector<std::uint16_t> all(asked.begin(), asked.end());
  for (const std::uint16_t stream : reset.streams.empty() ? all : reset.streams) {
    if (resets_sent_.erase(stream) == 0 || reset.performed) continue;
    resets_denied_.insert(stream);
    loop_->watch(*this);
  }
}

void SctpAssociation::Machine::handle_peer_reset(std::uint16_t stream) {
  early_.drop(stream);
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return;
  drop_outgoing(stream);  // What waits for this channel has nobody to read it any more.
  if (channel->second.state != Channel::State::kClosing) {
    resets_wanted_.insert(stream);
    events_.emplace_back(SctpChannelClosed{stream, ChannelEnd::kClosed});
  }
  channels_.erase(channel);
}

// Closes what the peer does on this stream: the channel if there is one, else just our direction of it.
void SctpAssociation::Machine::reject(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel != channels_.end()) {
    close_channel(stream, channel->second, ChannelEnd::kViolation);
  } else if (stream < streams_ && !is_resetting(stream)) {
    resets_wanted_.insert(stream);
  }
}

}  // namespace noir
