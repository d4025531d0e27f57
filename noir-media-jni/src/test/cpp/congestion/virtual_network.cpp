#include "congestion/virtual_network.hpp"

#include <algorithm>
#include <utility>

namespace noir::test {

void Schedule::push(Event event) {
  heap_.push_back(std::move(event));
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Schedule::deliver(Instant at, Hop& hop, VirtualPacket packet) {
  push({at, order_++, &hop, true, std::move(packet)});
}

void Schedule::wake(Instant at, Hop& hop) { push({at, order_++, &hop, false, {}}); }

void Schedule::run_until(Instant end) {
  while (!heap_.empty() && heap_.front().at <= end) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Event event = std::move(heap_.back());
    heap_.pop_back();
    now_ = std::max(now_, event.at);
    if (event.is_packet) {
      event.hop->enter(now_, std::move(event.packet));
    } else {
      event.hop->wake(now_);
    }
  }
  now_ = end;
}

void Bottleneck::enter(Instant now, VirtualPacket packet) {
  const Duration wait(queued_octets_ * 8'000'000'000 / bps_);
  if (wait > longest_) {
    passages_.push_back({now, wait, packet.flow, packet.octets, true});
    return;
  }
  queued_octets_ += packet.octets;
  queue_.emplace_back(now, std::move(packet));
  if (queue_.size() == 1) start(now);
}

// The first in the queue leaves when there are tokens for all of it.
void Bottleneck::start(Instant now) {
  const Duration full(kBucketBits * 1'000'000'000 / bps_);
  const Duration needed(std::int64_t{queue_.front().second.octets} * 8'000'000'000 / bps_);
  free_at_ = std::max(free_at_, now - full) + needed;
  schedule_.wake(std::max(now, free_at_), *this);
}

void Bottleneck::wake(Instant now) {
  auto [since, packet] = std::move(queue_.front());
  queue_.pop_front();
  queued_octets_ -= packet.octets;
  passages_.push_back({now, now - since, packet.flow, packet.octets, false});
  if (!queue_.empty()) start(now);
  next_.enter(now, std::move(packet));
}

void VirtualPath::enter(Instant now, VirtualPacket packet) {
  if (now >= params_.blocked_from && now < params_.blocked_until) return;
  if (chance_.hits(bad_ ? params_.to_good : params_.to_bad)) bad_ = !bad_;
  if (chance_.hits(bad_ ? params_.loss_in_bad : params_.loss)) return;
  Instant out = std::max(last_out_, now + params_.delay + chance_.up_to(params_.jitter));
  if (chance_.hits(params_.reorder)) {
    out += params_.reorder_by;
  } else {
    last_out_ = out;
  }
  if (chance_.hits(params_.duplicate)) schedule_.deliver(out, next_, packet);
  schedule_.deliver(out, next_, std::move(packet));
}

}  // namespace noir::test
