// RTCP of clients: what it needs is asked for, then what it says is done.

#include "base/prefetch.hpp"
#include "sfu/demux.hpp"
#include "sfu/machine.hpp"

namespace noir {

// A tenth of a second after the last report, nothing of a subscriber is in a cache any more, and one thing leads to
// the next.
void Sfu::Machine::look_ahead(LookAhead step, const Path& path, ByteSpan datagram) const {
  if (classify(datagram) != DatagramKind::kRtcp) return;
  const Connection* connection = directory_.find(path);
  if (connection == nullptr) return;
  if (step == LookAhead::kFind) {
    prefetch(connection, sizeof *connection);
    return;
  }
  const auto* bandwidth = connection->subscriber.bandwidth();
  if (step == LookAhead::kFollow) {
    connection->transport.prefetch_receiver();
    if (bandwidth != nullptr) prefetch(bandwidth, sizeof *bandwidth);
  } else {
    connection->transport.prefetch_received();
    if (bandwidth != nullptr) bandwidth->prefetch_reported();
  }
}

void Sfu::Machine::handle_rtcp(Instant now, const Path& path, PacketRef datagram) {
  Connection* connection = find_owner(now, path, datagram);
  if (connection == nullptr) return;
  if (!connection->limits.admits(now, [&] { return connection->transport.expects_rtcp(datagram->bytes()); })) {
    ++counters_.packets_unread;
    return;
  }
  guarded(*connection, [&] {
    const auto room = datagram->storage().first(datagram->bytes().size());
    const auto size = connection->transport.unprotect_rtcp(now, path, room);
    connection->limits.note(size);
    if (!size) {
      ++counters_.dropped_srtp;
      return;
    }
    const ByteSpan compound = room.first(*size);
    if (connection->transport.role() == TransportRole::kPublisher) {
      if (!connection->publisher.handle_rtcp(now, compound)) ++counters_.dropped_rtcp;
      touch(*connection);
      return;
    }
    const auto feedback = connection->subscriber.handle_rtcp(
        now, compound, connection->transport,
        [&](SubscribedTrack& track) { request_keyframe(now, track.source, track.down.feedback_encoding(), true); });
    if (feedback.malformed) ++counters_.dropped_rtcp;
    quality_.feedback += feedback.reports;
    quality_.feedback_unmatched += feedback.unmatched;
    quality_.freezes[static_cast<std::size_t>(FreezeCause::kLoss)] += feedback.pictures_lost;
    counters_.packets_retransmitted += feedback.retransmitted;
    counters_.packets_forwarded += feedback.retransmitted;
    share_line(now, *connection);
    if (connection->subscriber.next_timeout() < connection->armed_at) touch(*connection);
  });
}

}  // namespace noir
