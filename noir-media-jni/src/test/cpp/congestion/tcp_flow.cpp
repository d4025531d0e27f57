#include "congestion/tcp_flow.hpp"

#include <algorithm>

namespace noir::test {

namespace {

constexpr Duration kTimeout = std::chrono::seconds(1);
constexpr std::uint64_t kReordering = 3;

}  // namespace

TcpSender::TcpSender(Schedule& schedule, int flow, Hop& out, std::uint64_t burst_packets, Duration rest)
    : schedule_(schedule),
      flow_(flow),
      out_(out),
      burst_packets_(burst_packets),
      rest_(rest),
      heard_at_(schedule.now()) {
  begin();
  schedule_.wake(schedule_.now(), *this);
}

void TcpSender::begin() {
  window_ = 10 * kMilli;  // RFC 6928.
  threshold_ = 1'000'000 * kMilli;
  burst_end_ = next_ + burst_packets_;
}

void TcpSender::enter(Instant now, VirtualPacket ack) {
  heard_at_ = now;
  if (under_way_.erase(ack.number) == 0) return;
  window_ += window_ < threshold_ ? kMilli : kMilli * kMilli / window_;
  while (!under_way_.empty() && *under_way_.begin() + kReordering < ack.number) {
    handle_loss(*under_way_.begin());
    under_way_.erase(under_way_.begin());
  }
  if (burst_packets_ > 0 && next_ >= burst_end_ && under_way_.empty()) {
    begin();
    heard_at_ = now + rest_;
    return;
  }
  send_more(now);
}

void TcpSender::handle_loss(std::uint64_t number) {
  if (number < reduced_up_to_) return;
  reduced_up_to_ = next_;
  threshold_ = std::max(window_ / 2, 2 * kMilli);
  window_ = threshold_;
}

void TcpSender::wake(Instant now) {
  if (now - heard_at_ >= kTimeout && !under_way_.empty()) {
    under_way_.clear();
    threshold_ = std::max(window_ / 2, 2 * kMilli);
    window_ = 2 * kMilli;
    heard_at_ = now;
  }
  if (now >= heard_at_) send_more(now);
  schedule_.wake(now + kTimeout / 2, *this);
}

void TcpSender::send_more(Instant now) {
  while (static_cast<std::int64_t>(under_way_.size() + 1) * kMilli <= window_) {
    if (burst_packets_ > 0 && next_ >= burst_end_) return;
    under_way_.insert(next_);
    out_.enter(now, {flow_, next_++, kPacket, SentKind::kMedia, {}});
  }
}

}  // namespace noir::test
