#include "loop/handover_exchange.hpp"

#include <utility>

#include "sfu/local_socket.hpp"

namespace noir {

namespace {

/// Said once, and nothing that comes later makes up for it.
bool must_arrive(const Handover& handover) {
  return std::holds_alternative<MirrorOpened>(handover) || std::holds_alternative<MirrorClosed>(handover) ||
         std::holds_alternative<MirrorResumed>(handover) || std::holds_alternative<MirrorEnded>(handover);
}

/// What strangers can send as much of as they like leaves room for the others.
std::size_t limit_of(const Handover& handover) {
  const bool stray = std::holds_alternative<StrayDatagram>(handover) ||
                     std::holds_alternative<StrayPathTaken>(handover) ||
                     std::holds_alternative<StrayPathLost>(handover);
  return stray ? HandoverQueue::kCapacity / 2 : HandoverQueue::kCapacity;
}

}  // namespace

HandoverExchange::~HandoverExchange() {
  own_.closed.store(true, std::memory_order_release);
  // Their buffers are other loops'.
  receive([](LoopIndex, Handover&&) {});
}

void HandoverExchange::connect(LoopIndex index, std::shared_ptr<LoopShare> share, std::shared_ptr<HandoverQueue> from,
                               std::shared_ptr<HandoverQueue> to) {
  if (peers_.size() <= index) peers_.resize(std::size_t{index} + 1);
  peers_[index] = std::make_unique<Peer>(Peer{index, std::move(share), std::move(from), std::move(to), {}});
}

HandoverExchange::Peer* HandoverExchange::find(LoopIndex index) const {
  return index < peers_.size() ? peers_[index].get() : nullptr;
}

UdpSocket* HandoverExchange::socket(std::uint16_t local) const {
  const Peer* peer = find(loop_elsewhere(local));
  const std::size_t place = socket_elsewhere(local);
  return peer != nullptr && place < peer->share->sockets.size() ? &peer->share->sockets[place] : nullptr;
}

bool HandoverExchange::mail(LoopIndex to, MovingConnection connection) const {
  Peer* peer = find(to);
  return peer != nullptr && peer->share->mail.send(std::move(connection));
}

void HandoverExchange::send(std::span<OutgoingHandover> handovers) {
  if (handovers.empty() && kept_ == 0) return;
  for (const auto& peer : peers_) {
    if (peer && !peer->kept.empty()) send_kept(*peer);
  }
  for (OutgoingHandover& handover : handovers) {
    if (Peer* peer = find(handover.to)) send_one(*peer, handover.what);
  }
  for (const auto& peer : peers_) {
    if (peer) publish(*peer);
  }
}

void HandoverExchange::send_kept(Peer& peer) {
  const bool closed = peer.share->closed.load(std::memory_order_acquire);
  while (!peer.kept.empty() && (closed || peer.to->push(peer.kept.front()))) {
    peer.kept.pop_front();
    --kept_;
  }
}

void HandoverExchange::send_one(Peer& peer, Handover& handover) {
  if (peer.share->closed.load(std::memory_order_relaxed)) return;
  if (!must_arrive(handover)) {
    if (!peer.to->push(handover, limit_of(handover))) ++dropped_;
  } else if (!peer.kept.empty() || !peer.to->push(handover)) {
    peer.kept.push_back(std::move(handover));
    ++kept_;
  }
}

void HandoverExchange::publish(Peer& peer) {
  // The flag is only ever exchanged: whichever of `begin_wait` and this comes second sees what the first has done.
  if (peer.to->publish() && peer.share->asleep.exchange(false, std::memory_order_acq_rel)) peer.share->wakeup.wake();
}

bool HandoverExchange::begin_wait() {
  if (peers_.empty()) return true;
  own_.asleep.exchange(true, std::memory_order_acq_rel);
  for (const auto& peer : peers_) {
    if (peer && !peer->from->empty()) return false;
  }
  return true;
}

void HandoverExchange::end_wait() {
  if (!peers_.empty()) own_.asleep.exchange(false, std::memory_order_acq_rel);
}

}  // namespace noir
