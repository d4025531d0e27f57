#include "sctp/association_machine.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace noir {

namespace {

// Of the budget of all, whatever others have taken of it.
constexpr std::size_t kOwnShare = 8192;
constexpr int kMaxLooks = 30;
// While another loop is inside. Beyond, as in a network: lost, and sent again.
constexpr std::size_t kMaxInbox = 64;

// Room for the channels of both sides: theirs have the even streams, ours the odd ones, or the other way round.
std::uint16_t streams_for(std::size_t max_channels) {
  constexpr std::size_t kMaxStreams = 65'534;  // RFC 8831 §6.2: 65535 is not used.
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(2 * max_channels, 2, kMaxStreams));
}

SharedBytes share(std::vector<std::uint8_t> bytes) {
  return std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
}

}  // namespace

SctpAssociation::Machine::Machine(std::shared_ptr<SctpLoopState> loop, const SctpParams& params)
    : loop_(std::move(loop)),
      params_(params),
      streams_(streams_for(params.max_channels)),
      socket_(std::make_unique<UsrsctpSocket>(loop_, params.tag, params.max_message_bytes, streams_)) {
  ++loop_->associations;
}

SctpAssociation::Machine::~Machine() {
  loop_->budget.give_back(cost_);
  loop_->forget(*this);
  loop_->bury(std::move(socket_));
  --loop_->associations;
}

// Enters usrsctp only when there is something to do, so that looking for output costs no lock.
void SctpAssociation::Machine::work() {
  if (is_inside_ || state_ == SctpState::kNew) return;
  if (!is_pending_ && socket_->mailbox().is_empty()) return;
  const UsrsctpProcess::Entry entry(std::try_to_lock, *loop_, &socket_->mailbox());
  if (entry.entered()) {
    visit({});
  } else {
    loop_->defer(*this);
  }
}

void SctpAssociation::Machine::connect() {
  if (state_ != SctpState::kNew) return;
  transition_to(SctpState::kConnecting);
  is_pending_ = true;
  work();
}

void SctpAssociation::Machine::handle_packet(ByteSpan packet) {
  if (state_ == SctpState::kClosed) return;
  connect();  // The peer was first.
  const UsrsctpProcess::Entry entry(std::try_to_lock, *loop_, &socket_->mailbox());
  if (entry.entered()) return visit(packet);
  if (inbox_.size() < kMaxInbox) inbox_.emplace_back(packet.begin(), packet.end());
  is_pending_ = true;
  loop_->defer(*this);
}

bool SctpAssociation::Machine::poll_transmit(std::vector<std::uint8_t>& packet) {
  work();
  if (packets_.empty()) return false;
  packet.swap(packets_.front());
  packets_.pop_front();
  return true;
}

std::optional<SctpEvent> SctpAssociation::Machine::poll_event() {
  work();
  if (events_.empty()) return std::nullopt;
  std::optional<SctpEvent> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

// RFC 8832 §6 gives the DTLS client the even streams and the server the odd ones. Some clients mix that up, and all
// begin with the lowest, so we begin with the highest. A stream is free once both directions were reset.
Result<std::uint16_t> SctpAssociation::Machine::open_channel(std::string_view label, bool ordered) {
  if (state_ == SctpState::kClosed) return ErrorCode::kWrongState;
  if (label.size() > DcepOpen::kMaxText) return ErrorCode::kInvalidArgument;
  if (channels_.size() >= params_.max_channels) return ErrorCode::kLimitExceeded;
  for (int stream = streams_ - (params_.dtls_client ? 2 : 1); stream >= 0; stream -= 2) {
    const auto id = static_cast<std::uint16_t>(stream);
    if (channels_.contains(id) || is_resetting(id)) continue;
    Channel& channel = channels_[id];
    channel.open.label = label;
    channel.open.ordered = ordered;
    queue(id, SctpPpid::kDcep, share(write_dcep_open(channel.open)));
    return id;
  }
  return ErrorCode::kLimitExceeded;
}

Status SctpAssociation::Machine::send(std::uint16_t stream, bool binary, const SharedBytes& message) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return ErrorCode::kNotFound;
  if (state_ == SctpState::kClosed || channel->second.state == Channel::State::kClosing) return ErrorCode::kWrongState;
  if (message->size() > params_.max_message_bytes) return ErrorCode::kLimitExceeded;
  if (const auto made = make_room(stream, MessageBudget::cost(message->size())); !made) return made;
  if (message->empty()) {
    queue(stream, binary ? SctpPpid::kEmptyBinary : SctpPpid::kEmptyText, share({0}));
  } else {
    queue(stream, binary ? SctpPpid::kBinary : SctpPpid::kText, message);
  }
  return kOk;
}

// Before the peer is there nobody is slow: it will not miss what it could not have got.
Status SctpAssociation::Machine::make_room(std::uint16_t stream, std::size_t cost) {
  if (has_room(cost)) return kOk;
  if (state_ != SctpState::kConnected) return ErrorCode::kLimitExceeded;
  const std::uint16_t slowest = slowest_channel(stream);
  close_channel(slowest, channels_.at(slowest), ChannelEnd::kTooSlow);
  work();
  return slowest != stream && has_room(cost) ? kOk : Status(ErrorCode::kLimitExceeded);
}

bool SctpAssociation::Machine::has_room(std::size_t cost) const {
  if (outgoing_.size() >= params_.max_waiting_messages) return false;
  if (outgoing_cost_ + cost > params_.max_waiting_cost) return false;
  if (cost_ + cost <= kOwnShare) return true;
  if (!loop_->budget.take(cost)) return false;
  loop_->budget.give_back(cost);  // `queue` takes it.
  return true;
}

std::uint16_t SctpAssociation::Machine::slowest_channel(std::uint16_t otherwise) const {
  std::map<std::uint16_t, std::size_t> waiting;
  for (const Outgoing& outgoing : outgoing_) {
    const auto channel = channels_.find(outgoing.stream);
    if (channel == channels_.end() || channel->second.state == Channel::State::kClosing) continue;
    waiting[outgoing.stream] += MessageBudget::cost(outgoing.bytes->size());
  }
  const auto most = std::max_element(waiting.begin(), waiting.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == waiting.end() ? otherwise : most->first;
}

Status SctpAssociation::Machine::close_channel(std::uint16_t stream) {
  const auto channel = channels_.find(stream);
  if (channel == channels_.end()) return ErrorCode::kNotFound;
  close_channel(stream, channel->second, ChannelEnd::kClosed);
  work();
  return kOk;
}

// RFC 8831 §6.7: resetting our direction asks the peer to reset theirs; what was sent before still arrives, unless that
// is what is wrong with it.
void SctpAssociation::Machine::close_channel(std::uint16_t stream, Channel& channel, ChannelEnd end) {
  if (channel.state == Channel::State::kClosing) return;
  channel.state = Channel::State::kClosing;
  if (end == ChannelEnd::kTooSlow) drop_outgoing(stream);
  events_.emplace_back(SctpChannelClosed{stream, end});
  resets_wanted_.insert(stream);
  is_pending_ = true;
}

void SctpAssociation::Machine::close() {
  if (state_ == SctpState::kClosed) return;
  fail(ChannelEnd::kLost);
  work();
}

void SctpAssociation::Machine::fail(ChannelEnd end) {
  loop_->budget.give_back(cost_);
  cost_ = 0;
  outgoing_cost_ = 0;
  outgoing_.clear();
  handed_.clear();
  inbox_.clear();
  resets_wanted_.clear();
  resets_sent_.clear();
  resets_denied_.clear();
  for (const auto& [stream, channel] : channels_) {
    if (channel.state != Channel::State::kClosing) events_.emplace_back(SctpChannelClosed{stream, end});
  }
  channels_.clear();
  transition_to(SctpState::kClosed);
  is_pending_ = true;  // The socket is still to be aborted.
}

void SctpAssociation::Machine::transition_to(SctpState next) {
  state_ = next;
  events_.emplace_back(SctpStateChanged{next});
}

void SctpAssociation::Machine::queue(std::uint16_t stream, SctpPpid ppid, SharedBytes bytes) {
  const std::size_t cost = MessageBudget::cost(bytes->size());
  loop_->budget.take_anyway(cost);
  cost_ += cost;
  outgoing_cost_ += cost;
  outgoing_.push_back({stream, ppid, std::move(bytes), 0});
  loop_->watch(*this);
  is_pending_ = true;
  work();
}

void SctpAssociation::Machine::drop_outgoing(std::uint16_t stream) {
  std::erase_if(outgoing_, [&](const Outgoing& outgoing) {
    if (outgoing.stream != stream) return false;
    outgoing_cost_ -= MessageBudget::cost(outgoing.bytes->size());
    give_back(outgoing.bytes->size());
    return true;
  });
}

void SctpAssociation::Machine::give_back(std::size_t bytes) {
  cost_ -= MessageBudget::cost(bytes);
  loop_->budget.give_back(MessageBudget::cost(bytes));
}

// Once a second. Looks are counted and not seconds: a loop that was stopped for a minute has seen nobody idle.
bool SctpAssociation::Machine::look() {
  if (state_ == SctpState::kClosed) return false;
  early_.age();
  for (Outgoing& outgoing : outgoing_) ++outgoing.looks;
  if (state_ == SctpState::kConnected && !outgoing_.empty() && outgoing_.front().looks > kMaxLooks) {
    const std::uint16_t slow = slowest_channel(outgoing_.front().stream);
    if (const auto channel = channels_.find(slow); channel != channels_.end()) {
      close_channel(slow, channel->second, ChannelEnd::kTooSlow);
    }
  }
  resets_wanted_.merge(resets_denied_);
  is_to_look_ = true;
  is_pending_ = true;
  work();
  return is_to_look_ || !outgoing_.empty() || !handed_.empty() || !early_.empty() || !resets_denied_.empty();
}

bool SctpAssociation::Machine::is_resetting(std::uint16_t stream) const {
  return resets_wanted_.contains(stream) || resets_sent_.contains(stream) || resets_denied_.contains(stream);
}

}  // namespace noir
