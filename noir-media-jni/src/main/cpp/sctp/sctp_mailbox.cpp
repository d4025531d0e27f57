#include "sctp/sctp_mailbox.hpp"

#include "sctp/usrsctp_process.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxPackets = 1024;
// The owner empties the mailbox after every packet, so a few messages are plenty.
constexpr std::size_t kMaxWaitingMessages = 8;
constexpr std::size_t kMaxNotices = 4096;
constexpr std::size_t kMaxParts = 16;  // Without RFC 8260 only one message per association is in parts.

}  // namespace

SctpMailbox::SctpMailbox(std::uint32_t tag, std::size_t max_message_bytes, std::shared_ptr<SctpLoopState> loop)
    : tag_(tag), max_message_bytes_(max_message_bytes), loop_(std::move(loop)) {}

void SctpMailbox::add_packet(ByteSpan packet) {
  // As in a network: what nobody fetches is lost and sent again.
  if (packets_.size() >= kMaxPackets) return;
  packets_.emplace_back(packet.begin(), packet.end());
  note_added();
}

void SctpMailbox::add(SctpNotice notice, std::size_t bytes) {
  if (overflowed_) return;
  if (notices_.size() >= kMaxNotices || notice_bytes_ + bytes > kMaxWaitingMessages * max_message_bytes_) {
    overflowed_ = true;
    parts_.clear();
  } else {
    notices_.push_back(std::move(notice));
    notice_bytes_ += bytes;
  }
  note_added();
}

void SctpMailbox::note_added() {
  is_empty_.store(false, std::memory_order_release);
  UsrsctpProcess::instance().notify(*this);
}

void SctpMailbox::add_reset(bool by_peer, bool performed, std::span<const std::uint16_t> streams) {
  add(SctpStreamsReset{by_peer, performed, {streams.begin(), streams.end()}}, 2 * streams.size());
}

void SctpMailbox::add_data(const MessageId& message, ByteSpan part, bool ends) {
  const auto begun = parts_.find(message.stream);
  if (begun != parts_.end() && begun->second.tsn != message.tsn) parts_.erase(begun);
  if (!parts_.contains(message.stream) && parts_.size() >= kMaxParts) return add_lost();
  Part& whole = parts_[message.stream];
  whole.tsn = message.tsn;
  if (whole.is_too_long || whole.bytes.size() + part.size() > max_message_bytes_) {
    whole.is_too_long = true;
    whole.bytes = {};
  } else {
    whole.bytes.insert(whole.bytes.end(), part.begin(), part.end());
  }
  if (!ends) return;
  const std::size_t size = whole.bytes.size();
  SctpData data{message.stream, message.ppid, whole.is_too_long, std::move(whole.bytes)};
  parts_.erase(message.stream);
  add(std::move(data), size);
}

bool SctpMailbox::take_packet(std::vector<std::uint8_t>& packet) {
  if (packets_.empty()) return false;
  packet.swap(packets_.front());
  packets_.pop_front();
  return true;
}

bool SctpMailbox::take_notice(SctpNotice& notice) {
  if (notices_.empty()) return false;
  notice = std::move(notices_.front());
  notices_.pop_front();
  if (const auto* data = std::get_if<SctpData>(&notice)) notice_bytes_ -= data->bytes.size();
  if (const auto* reset = std::get_if<SctpStreamsReset>(&notice)) notice_bytes_ -= 2 * reset->streams.size();
  return true;
}

}  // namespace noir
