// Injectors: publishers that are no connections. What a client would send is made here and goes the same way; what a
// client would be sent is read here.

#include <array>
#include <memory>

#include "rtp/rtcp_reader.hpp"
#include "sfu/machine.hpp"

namespace noir {

Result<TransportId> Sfu::Machine::open_injector(Instant now, const TransportParams& params) {
  if (!params.local_ufrag.empty()) return ErrorCode::kInvalidArgument;
  const TransportId id = directory_.open(context_, now, params, static_cast<std::uint32_t>(random_()) | 1U);
  if (id == 0) return ErrorCode::kLimitExceeded;
  directory_.find(id)->injector = std::make_unique<Injector>(wallclock_offset_);
  return id;
}

// Its only rtp stream is known before it begins.
Status Sfu::Machine::admit_injected(TrackParams& track) {
  const bool one = track.encodings.size() == 1 && track.codecs.size() == 1 && track.encodings[0].rid.empty();
  if (!one || track.codecs[0].codec == Codec::kRed) return ErrorCode::kInvalidArgument;
  const bool audio = track.codecs[0].codec == Codec::kOpus;
  if (audio != (track.kind == MediaKind::kAudio)) return ErrorCode::kInvalidArgument;
  track.encodings[0].ssrc = static_cast<std::uint32_t>(random_()) | 1U;
  track.encodings[0].rtx_ssrc = 0;
  return kOk;
}

void Sfu::Machine::begin_injected(Connection& connection, const PublishedTrack& track) {
  const TrackParams& params = track.track.params();
  connection.injector->add(track.id, params.codecs[0],
                           {.ssrc = params.encodings[0].ssrc,
                            .rtp_ts = static_cast<std::uint32_t>(random_()),
                            .seq = static_cast<std::uint16_t>(random_()),
                            .picture = static_cast<std::uint16_t>(random_())});
}

Status Sfu::Machine::inject(Instant now, TrackId id, std::int64_t captured_us, const SourceFrame& frame) {
  const PublishedTrack* track = find_home(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  Connection& connection = track->ingress()->connection;
  if (!connection.injector) return ErrorCode::kWrongState;
  Status status = ErrorCode::kWrongState;
  guarded(connection, [&] {
    auto packets = connection.injector->packetize(now, id, captured_us, frame, pool_);
    if (!packets) {
      status = packets.error();
      return;
    }
    status = kOk;
    for (PacketRef& packet : *packets) {
      take_packet(now, connection, std::move(packet));
      if (connection.injector->must_report()) report_injected(now, connection);
    }
  });
  return status;
}

void Sfu::Machine::report_injected(Instant now, Connection& connection) {
  std::array<std::uint8_t, kMaxCompound> bytes{};
  ByteWriter out(bytes);
  connection.injector->write_reports(now, out);
  if (out.size() > 0) (void)connection.publisher.handle_rtcp(now, out.written());
}

// What a client would be sent.
void Sfu::Machine::tell_injector(const Connection& connection, ByteSpan compound) {
  RtcpReader reader(compound);
  while (auto message = reader.next()) {
    const auto* lost = std::get_if<PictureLoss>(&*message);
    const TrackId track = lost != nullptr ? connection.injector->track_of(lost->media_ssrc) : 0;
    if (track != 0) events_.emplace_back(InjectedKeyframeWanted{track});
  }
}

}  // namespace noir
