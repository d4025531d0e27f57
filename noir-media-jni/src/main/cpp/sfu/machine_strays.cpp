// Strays: datagrams of clients of another loop that have come to a socket of this one, and clients of this loop that
// have come to a socket of another one. Sent to them is by that socket, by this loop: their NAT lets in nothing else.

#include <utility>

#include "sfu/local_socket.hpp"
#include "sfu/machine.hpp"
#include "stun/ufrag_place.hpp"

namespace noir {

// Here.

// A check whose fragment is none of this loop's.
void Sfu::Machine::handle_stray_check(Instant now, const Path& path, const StunMessage& check, PacketRef& datagram) {
  const auto ufrag = username_local_ufrag(check);
  const auto place = ufrag && place_ ? ufrag_place(*ufrag) : std::nullopt;
  if (place && place->node != place_->node) {
    ++counters_.checks_for_other_nodes;
    return;
  }
  // What has been handed over once stays; a connection has moved with its first check, or does not.
  const bool goes_on = place && place->loop != place_->loop && place->loop < place_->loops && is_own_udp(path.local);
  if (goes_on && (strays_.find(now, path) == place->loop || stray_checks_.take(now))) {
    hand_on(place->loop, path, datagram);
    return;
  }
  ++counters_.dropped_stun;
  if (ufrag && !goes_on) early_checks_.add(now, path, *ufrag, check.bytes);
}

// Anything else on a path that is nobody's here; false when it is no other loop's either.
bool Sfu::Machine::hand_on_stray(Instant now, const Path& path, PacketRef& datagram) {
  if (is_elsewhere(path.local)) {
    tell(loop_elsewhere(path.local), StrayPathLost{{socket_elsewhere(path.local), path.remote}});
    return false;
  }
  const auto loop = strays_.find(now, path);
  if (loop) hand_on(*loop, path, datagram);
  return loop.has_value();
}

void Sfu::Machine::hand_on(LoopIndex loop, const Path& path, PacketRef& datagram) {
  ++counters_.datagrams_at_wrong_loop;
  tell(loop, StrayDatagram{path, std::move(datagram)});
}

void Sfu::Machine::accept(Instant now, LoopIndex from, const StrayPathTaken& handover) {
  strays_.add(now, handover.path, from, handover.proven);
}

void Sfu::Machine::accept(Instant /*now*/, LoopIndex from, const StrayPathLost& handover) {
  strays_.forget(handover.path, from);
}

// Where the transport lives.

void Sfu::Machine::accept(Instant now, LoopIndex from, StrayDatagram& handover) {
  const Path path{local_elsewhere(from, handover.path.local), handover.path.remote};
  dispatch(now, path, std::move(handover.datagram));
}

// With every check and answer that was authentic, so that one which is lost on the way there does no harm.
void Sfu::Machine::tell_if_elsewhere(const Connection& connection, const Path& path) {
  if (!is_elsewhere(path.local) || directory_.find(path) != &connection) return;
  const IcePath* known = connection.transport.ice().find(path);
  const Path there{socket_elsewhere(path.local), path.remote};
  tell(loop_elsewhere(path.local), StrayPathTaken{there, known != nullptr && known->is_proven()});
}

void Sfu::Machine::give_back_elsewhere(const Connection& connection) {
  for (const Path& path : connection.paths) {
    if (!is_elsewhere(path.local)) continue;
    tell(loop_elsewhere(path.local), StrayPathLost{{socket_elsewhere(path.local), path.remote}});
  }
}

}  // namespace noir
