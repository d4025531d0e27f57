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
  UsrsctpProcess::instance().notify(*this);
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
  UsrsctpProcess::instance().notify(*this);
}

void SctpMailbox::add_reset(bool by_peer, std::span<const std::uint16_t> streams) {
  add(SctpStreamsReset{by_peer, {streams.begin(), streams.end()}}, 2 * streams.size());
}

void SctpMailbox::add_data(std::uint16_t stream, std::uint32_t ppid, ByteSpan part, bool ends) {
  if (!parts_.contains(stream) && parts_.size() >= kMaxParts) return add_lost();
  Part& whole = parts_[stream];
  whole.ppid = ppid;
  if (whole.is_too_long || whole.bytes.size() + part.size() > max_message_bytes_) {
    whole.is_too_long = true;
    whole.bytes = {};
  } else {
    whole.bytes.insert(whole.bytes.end(), part.begin(), part.end());
  }
  if (!ends) return;
  const std::size_t size = whole.bytes.size();
  SctpData data{stream, ppid, whole.is_too_long, std::move(whole.bytes)};
  parts_.erase(stream);
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
