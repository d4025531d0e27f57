#include "sctp/association_machine.hpp"

#include <algorithm>
#include <utility>

namespace noir {

namespace {

constexpr std::size_t kMaxOutgoingBytes = 1'048'576;
constexpr std::size_t kMaxLabel = 65'535;

// Room for the channels of both sides: theirs have the even streams, ours the odd ones, or the other way round.
std::uint16_t streams_for(std::size_t max_channels) {
  constexpr std::size_t kMaxStreams = 65'534;  // RFC 8831 §6.2: 65535 is not used.
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(2 * max_channels, 2, kMaxStreams));
}

}  // namespace

SctpAssociation::Machine::Machine(std::shared_ptr<SctpLoopState> loop, const SctpParams& params)
    : params_(params),
      streams_(streams_for(params.max_channels)),
      socket_(std::move(loop), params.tag, params.max_message_bytes, streams_) {}

void SctpAssociation::Machine::connect() {
  if (state_ != SctpState::kNew) return;
  transition_to(SctpState::kConnecting);
  if (!socket_.connect()) fail();
}

void SctpAssociation::Machine::handle_packet(ByteSpan packet) {
  if (state_ == SctpState::kClosed) return;
  connect();  // The peer was first.
  socket_.handle_packet(packet);
  drain();
}

bool SctpAssociation::Machine::poll_transmit(std::vector<std::uint8_t>& packet) {
  drain();
  return socket_.take_packet(packet);
}

std::optional<SctpEvent> SctpAssociation::Machine::poll_event() {
  drain();
  if (events_.empty()) return std::nullopt;
  std::optional<SctpEvent> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

Result<std::uint16_t> SctpAssociation::Machine::open_channel(std::string_view label, bool ordered) {
  if (state_ == SctpState::kClosed) return ErrorCode::kWrongState;
  if (label.size() > kMaxLabel) return ErrorCode::kInvalidArgument;
  if (channels_.size() >= params_.max_channels) return ErrorCode::kLimitExceeded;
  // RFC 8832 §6: the DTLS client has the even streams. A stream is free once both directions were reset.
  for (unsigned stream = params_.dtls_client ? 0 : 1; stream < streams_; stream += 2) {
    const auto id = static_cast<std::uint16_t>(stream);
    if (channels_.contains(id) || is_resetting(id)) continue;
    Channel& channel = channels_[id];
    channel.open.label = label;
    channel.open.ordered = ordered;
    queue(id, SctpPpid::kDcep, write_dcep_open(channel.open));
    return id;
  }
  return ErrorCode::kLimitExceeded;
}

Status SctpAssociation::Machine::send(std::uint16_t stream, bool binary, ByteSpan message) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return ErrorCode::kNotFound;
  if (state_ == SctpState::kClosed || channel->second.state == Channel::State::kClosing) return ErrorCode::kWrongState;
  if (message.size() > params_.max_message_bytes) return ErrorCode::kLimitExceeded;
  if (outgoing_bytes_ + message.size() > kMaxOutgoingBytes) return ErrorCode::kLimitExceeded;
  if (message.empty()) {
    queue(stream, binary ? SctpPpid::kEmptyBinary : SctpPpid::kEmptyText, {0});
  } else {
    queue(stream, binary ? SctpPpid::kBinary : SctpPpid::kText, {message.begin(), message.end()});
  }
  return kOk;
}

// RFC 8831 §6.7: resetting our direction asks the peer to reset theirs; what was sent before still arrives.
Status SctpAssociation::Machine::close_channel(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return ErrorCode::kNotFound;
  if (channel->second.state == Channel::State::kClosing) return kOk;
  channel->second.state = Channel::State::kClosing;
  resets_wanted_.insert(stream);
  flush();
  return kOk;
}

void SctpAssociation::Machine::close() {
  if (state_ != SctpState::kClosed) fail();
}

void SctpAssociation::Machine::fail() {
  socket_.abort();
  outgoing_.clear();
  outgoing_bytes_ = 0;
  resets_wanted_.clear();
  resets_sent_.clear();
  for (const auto& [stream, channel] : channels_) events_.emplace_back(SctpChannelClosed{stream});
  channels_.clear();
  transition_to(SctpState::kClosed);
}

void SctpAssociation::Machine::transition_to(SctpState next) {
  state_ = next;
  events_.emplace_back(SctpStateChanged{next});
}

void SctpAssociation::Machine::drain() {
  bool any = false;
  SctpNotice notice;
  while (state_ != SctpState::kClosed && socket_.take_notice(notice)) {
    any = true;
    handle(std::move(notice));
  }
  if (state_ == SctpState::kClosed) return;
  if (socket_.overflowed()) return fail();
  // Any packet may have made room or ended a reset, also those that bring no notice.
  if (any || !outgoing_.empty() || !resets_wanted_.empty()) flush();
}

void SctpAssociation::Machine::handle(SctpNotice notice) {
  if (std::holds_alternative<SctpUp>(notice)) {
    if (state_ == SctpState::kConnecting) transition_to(SctpState::kConnected);
  } else if (std::holds_alternative<SctpLost>(notice)) {
    fail();
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

// RFC 8832 §6: a stream of the wrong parity or in use is an error, and the channel is to be closed.
void SctpAssociation::Machine::handle_open(const SctpData& data) {
  auto open = parse_dcep_open(data.bytes);
  if (!open || !is_of_peer(data.stream) || channels_.contains(data.stream) ||
      channels_.size() >= params_.max_channels) {
    return reject(data.stream);
  }
  Channel& channel = channels_[data.stream];
  channel.state = Channel::State::kOpen;
  channel.open = std::move(*open);
  events_.emplace_back(
      SctpChannelOpened{data.stream, channel.open.label, channel.open.protocol, channel.open.ordered, true});
  queue(data.stream, SctpPpid::kDcep, write_dcep_ack());
}

void SctpAssociation::Machine::handle_ack(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return reject(stream);
  if (channel->second.state != Channel::State::kOpening) return;
  channel->second.state = Channel::State::kOpen;
  const DcepOpen& open = channel->second.open;
  events_.emplace_back(SctpChannelOpened{stream, open.label, open.protocol, open.ordered, false});
}

void SctpAssociation::Machine::handle_message(SctpData data) {
  const auto channel = channels_.find(data.stream);
  if (channel == channels_.end()) return reject(data.stream);
  if (channel->second.state == Channel::State::kClosing) return;
  const auto ppid = static_cast<SctpPpid>(data.ppid);
  if (ppid == SctpPpid::kEmptyText || ppid == SctpPpid::kEmptyBinary) data.bytes.clear();
  const bool binary = ppid == SctpPpid::kBinary || ppid == SctpPpid::kEmptyBinary;
  events_.emplace_back(SctpMessage{data.stream, binary, std::move(data.bytes)});
}

void SctpAssociation::Machine::handle_reset(const SctpStreamsReset& reset) {
  if (!reset.by_peer) {
    if (reset.streams.empty()) resets_sent_.clear();
    for (const std::uint16_t stream : reset.streams) resets_sent_.erase(stream);
    return;
  }
  std::vector<std::uint16_t> streams = reset.streams;
  if (streams.empty()) {
    for (const auto& [stream, channel] : channels_) streams.push_back(stream);
  }
  for (const std::uint16_t stream : streams) handle_peer_reset(stream);
}

void SctpAssociation::Machine::handle_peer_reset(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return;
  if (channel->second.state != Channel::State::kClosing) {
    // What waits for this channel has nobody to read it any more.
    std::erase_if(outgoing_, [&](const Outgoing& o) {
      if (o.stream == stream) outgoing_bytes_ -= o.bytes.size();
      return o.stream == stream;
    });
    resets_wanted_.insert(stream);
  }
  channels_.erase(channel);
  events_.emplace_back(SctpChannelClosed{stream});
}

// Closes what the peer does on this stream: the channel if there is one, else just our direction of it.
void SctpAssociation::Machine::reject(std::uint16_t stream) {
  if (channels_.contains(stream)) {
    (void)close_channel(stream);
  } else if (stream < streams_ && !is_resetting(stream)) {
    resets_wanted_.insert(stream);
  }
}

void SctpAssociation::Machine::queue(std::uint16_t stream, SctpPpid ppid, std::vector<std::uint8_t> bytes) {
  outgoing_bytes_ += bytes.size();
  outgoing_.push_back({stream, ppid, std::move(bytes)});
  flush();
}

void SctpAssociation::Machine::flush() {
  if (state_ != SctpState::kConnected) return;
  flush_messages();
  if (state_ == SctpState::kConnected) flush_resets();
}

void SctpAssociation::Machine::flush_messages() {
  for (auto next = outgoing_.begin(); next != outgoing_.end();) {
    if (resets_sent_.contains(next->stream)) {
      ++next;  // A new channel on a stream whose old one is not yet over.
      continue;
    }
    const auto result = socket_.send(send_info(*next), next->bytes);
    if (result == SctpSendResult::kLater) return;
    if (result == SctpSendResult::kFailed) return fail();
    outgoing_bytes_ -= next->bytes.size();
    next = outgoing_.erase(next);
  }
}

void SctpAssociation::Machine::flush_resets() {
  std::vector<std::uint16_t> ready;
  for (const std::uint16_t stream : resets_wanted_) {
    const bool waits =
        std::any_of(outgoing_.begin(), outgoing_.end(), [&](const auto& o) { return o.stream == stream; });
    if (!waits && !resets_sent_.contains(stream)) ready.push_back(stream);
  }
  if (ready.empty() || !socket_.reset_streams(ready)) return;
  for (const std::uint16_t stream : ready) {
    resets_wanted_.erase(stream);
    resets_sent_.insert(stream);
  }
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

bool SctpAssociation::Machine::is_of_peer(std::uint16_t stream) const {
  const bool is_even = stream % 2 == 0;
  return stream < streams_ && is_even != params_.dtls_client;
}

bool SctpAssociation::Machine::is_resetting(std::uint16_t stream) const {
  return resets_wanted_.contains(stream) || resets_sent_.contains(stream);
}

}  // namespace noir
