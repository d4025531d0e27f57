// Mirrors: tracks of other loops that have subscribers here, and tracks of this loop that have subscribers elsewhere.

#include <algorithm>

#include "sfu/machine.hpp"

namespace noir {

void Sfu::Machine::handle_handover(Instant now, LoopIndex from, Handover&& handover) {
  std::visit([&](auto& what) { accept(now, from, what); }, handover);
}

// At home.

PublishedTrack* Sfu::Machine::find_home(TrackId id) const {
  PublishedTrack* track = tracks_.find(id);
  return track != nullptr && track->ingress() != nullptr ? track : nullptr;
}

void Sfu::Machine::accept(Instant /*now*/, LoopIndex from, const MirrorOpened& handover) {
  PublishedTrack* track = find_home(handover.track);
  if (track == nullptr) {
    tell(from, MirrorEnded{handover.track, handover.mirror});
    return;
  }
  track->mirrors.push_back({.loop = from, .mirror = handover.mirror});
  track->track.refresh_clocks();
}

void Sfu::Machine::accept(Instant /*now*/, LoopIndex from, const MirrorClosed& handover) {
  if (PublishedTrack* track = find_home(handover.track)) {
    std::erase_if(track->mirrors, [&](const MirrorPlace& mirror) { return mirror.is(from, handover.mirror); });
  }
}

void Sfu::Machine::accept(Instant now, LoopIndex /*from*/, const KeyframeWanted& handover) {
  PublishedTrack* track = find_home(handover.track);
  if (track == nullptr || handover.encoding >= track->track.encoding_count()) return;
  if (handover.repair && !track->repairs.at(handover.encoding).take(now)) return;
  request_keyframe(now, *track, handover.encoding, handover.repair);
}

// What begins to be fanned out here goes to the mirrors too. The clocks behind the packets: a mirror forgets the clock
// of an rtp stream when it sees another one.
void Sfu::Machine::hand_over(PublishedTrack& track) {
  if (track.mirrors.empty()) return;
  const std::uint8_t clocks = track.track.take_fresh_clocks();
  for (const auto& [loop, mirror, taken] : track.mirrors) {
    for (const MediaPacket& packet : track.going) {
      tell(loop, MirroredPacket{track.id, mirror, packet});
    }
    for (std::size_t i = 0; i < track.track.encoding_count(); ++i) {
      if ((clocks >> i & 1U) == 0) continue;
      const auto encoding = static_cast<std::uint8_t>(i);
      const Receiver& receiver = track.track.receiver(encoding);
      tell(loop, MirroredClock{track.id, mirror, encoding, receiver.clock(), receiver.size()});
    }
  }
  counters_.packets_handed_over += track.going.size() * track.mirrors.size();
}

// At the mirror.

PublishedTrack* Sfu::Machine::open_mirror(const TrackOrigin& origin, const TrackParams& params) {
  if (const auto known = mirrors_.find(origin); known != mirrors_.end()) return tracks_.find(known->second);
  const TrackId id = tracks_.emplace(params, origin);
  if (id == 0) return nullptr;
  PublishedTrack* mirror = tracks_.find(id);
  mirror->id = id;
  mirrors_.emplace(origin, id);
  tell(origin.loop, MirrorOpened{origin.track, id});
  return mirror;
}

void Sfu::Machine::close_idle_mirror(PublishedTrack& track) {
  if (track.mirrored() != nullptr && track.subscribers.empty()) erase_track(track);
}

// Null when it has been closed while something was on its way to it.
PublishedTrack* Sfu::Machine::find_mirror(const TrackOrigin& origin, TrackId mirror) const {
  PublishedTrack* track = tracks_.find(mirror);
  const MirrorFeed* mirrored = track != nullptr ? track->mirrored() : nullptr;
  return mirrored != nullptr && mirrored->origin == origin ? track : nullptr;
}

void Sfu::Machine::accept(Instant /*now*/, LoopIndex from, MirroredPacket& handover) {
  PublishedTrack* mirror = find_mirror({from, handover.track}, handover.mirror);
  if (mirror == nullptr || handover.packet.encoding >= mirror->track.encoding_count()) return;
  handover.packet.active_encodings &= static_cast<std::uint8_t>((1U << mirror->track.encoding_count()) - 1);
  mirror->track.handle_mirrored(handover.packet);
  mirror->fresh.push_back(std::move(handover.packet));
  mirror->fresh_due = Instant::min();  // It has waited for its frame at home.
  if (mirror->fresh.size() == 1) fan_out_queue_.add(*mirror);
}

void Sfu::Machine::accept(Instant /*now*/, LoopIndex from, const MirroredClock& handover) {
  if (PublishedTrack* mirror = find_mirror({from, handover.track}, handover.mirror)) {
    mirror->track.set_clock(handover.encoding, handover.clock);
    mirror->track.set_size(handover.encoding, handover.size);
  }
}

void Sfu::Machine::accept(Instant now, LoopIndex from, const MirrorResumed& handover) {
  if (PublishedTrack* mirror = find_mirror({from, handover.track}, handover.mirror)) resume(now, *mirror);
}

void Sfu::Machine::accept(Instant now, LoopIndex from, const MirrorEnded& handover) {
  PublishedTrack* mirror = find_mirror({from, handover.track}, handover.mirror);
  if (mirror == nullptr) return;
  finish(now, *mirror);
  erase_track(*mirror);
}

// Throttled by the track, at a mirror by its feed too.
void Sfu::Machine::request_keyframe(Instant now, PublishedTrack& track, std::uint8_t encoding, bool repair) {
  if (const Ingress* ingress = track.ingress()) {
    track.track.request_keyframe(now, encoding);
    touch(ingress->connection);
  } else if (MirrorFeed& mirrored = *track.mirrored(); mirrored.must_ask(now, encoding)) {
    tell(mirrored.origin.loop, KeyframeWanted{mirrored.origin.track, encoding, repair});
  }
}

}  // namespace noir
