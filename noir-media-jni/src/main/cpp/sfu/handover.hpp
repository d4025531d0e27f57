#pragma once

#include <cstdint>
#include <variant>

#include "base/packet_buffer.hpp"
#include "base/socket_address.hpp"
#include "forward/codec/frame_size.hpp"
#include "forward/media_packet.hpp"
#include "forward/source_clock.hpp"
#include "sfu/params.hpp"

namespace noir {

// What loops of one plane hand over to each other, so that a room can have subscribers on several of them. The track
// lives on its home loop; on each other loop with subscribers of it there is a mirror, which down tracks take for the
// track itself. `track` is the id at home, `mirror` the one there; a stale pair is nobody's.
//
//   home → mirror: MirroredPacket*, MirroredClock*, MirrorResumed*, MirrorEnded
//   mirror → home: MirrorOpened, LayersTaken*, KeyframeWanted*, MirrorClosed

/// A packet to fan out: once per mirror, however many subscribers it has there.
struct MirroredPacket {
  TrackId track = 0;
  TrackId mirror = 0;
  MediaPacket packet;
};

/// The publisher has reported its clock. With it goes the size of its pictures.
struct MirroredClock {
  TrackId track = 0;
  TrackId mirror = 0;
  std::uint8_t encoding = 0;
  SourceClock clock;
  FrameSize size;
};

/// The track was squelched, and goes on behind this.
struct MirrorResumed {
  TrackId track = 0;
  TrackId mirror = 0;
};

/// The track is gone, or was when the mirror was opened.
struct MirrorEnded {
  TrackId track = 0;
  TrackId mirror = 0;
};

struct MirrorOpened {
  TrackId track = 0;
  TrackId mirror = 0;
};

struct MirrorClosed {
  TrackId track = 0;
  TrackId mirror = 0;
};

/// What the mirror's subscribers take: when it becomes more, and once a second.
struct LayersTaken {
  TrackId track = 0;
  TrackId mirror = 0;
  std::uint8_t encodings = 0;  // Bit for each.
};

/// Some subscriber waits for one. The home loop throttles.
struct KeyframeWanted {
  TrackId track = 0;
  std::uint8_t encoding = 0;
  bool repair = false;  // Somebody has lost a picture, and is not waiting for his first one.
};

// Between the loop whose socket a client has come to and the loop that its transport lives on; `path` is the former's.
//
//   to the transport: StrayDatagram*
//   to the socket:    StrayPathTaken*, StrayPathLost

/// A check whose fragment names the other loop, or what has come on a path that is that loop's.
struct StrayDatagram {
  Path path;
  PacketRef datagram;
};

/// Something authentic has come on it: what else comes there is to be handed over, too.
struct StrayPathTaken {
  Path path;
  bool proven = false;  // The client has answered there.
};

/// Nobody's any more.
struct StrayPathLost {
  Path path;
};

using Handover = std::variant<KeyframeWanted, MirroredPacket, MirroredClock, MirrorResumed, MirrorEnded, MirrorOpened,
                              MirrorClosed, LayersTaken, StrayDatagram, StrayPathTaken, StrayPathLost>;

/// A hand-over on its way to another loop.
struct OutgoingHandover {
  LoopIndex to = 0;
  Handover what;
};

}  // namespace noir
