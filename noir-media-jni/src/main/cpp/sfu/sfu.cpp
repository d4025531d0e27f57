#include "sfu/sfu.hpp"

#include <utility>

#include "sfu/explanation.hpp"
#include "sfu/machine.hpp"

namespace noir {

Sfu::Sfu(const Certificate& certificate, PacketPool& pool, const SfuLimits& limits, std::uint64_t random_seed,
         SctpWaker* waker)
    : machine_(std::make_unique<Machine>(certificate, pool, limits, random_seed, waker)) {}

Sfu::~Sfu() = default;

void Sfu::set_place(const SfuPlace& place) { machine_->set_place(place); }

void Sfu::set_audio(const AudioSettings& settings) { machine_->set_audio(settings); }

void Sfu::set_playout_delay(std::optional<PlayoutDelay> delay) { machine_->set_playout_delay(delay); }

void Sfu::set_wallclock_offset(Duration utc_minus_monotonic) { machine_->set_wallclock_offset(utc_minus_monotonic); }

void Sfu::look_ahead(LookAhead step, const Path& path, ByteSpan datagram) const {
  machine_->look_ahead(step, path, datagram);
}

void Sfu::handle_datagram(Instant now, const Path& path, PacketRef datagram) {
  machine_->handle_datagram(now, path, std::move(datagram));
}

void Sfu::handle_handover(Instant now, LoopIndex from, Handover&& handover) {
  machine_->handle_handover(now, from, std::move(handover));
}

void Sfu::handle_timeout(Instant now) { machine_->handle_timeout(now); }

Result<TransportId> Sfu::open_transport(Instant now, const TransportParams& params) {
  return machine_->open_transport(now, params);
}

Status Sfu::set_remote(Instant now, TransportId transport, const RemoteParams& params) {
  return machine_->set_remote(now, transport, params);
}

Status Sfu::restart_ice(Instant now, TransportId transport, std::string_view ufrag, std::string_view pwd) {
  return machine_->restart_ice(now, transport, ufrag, pwd);
}

Status Sfu::set_extensions(TransportId transport, std::vector<ExtensionIds> sets) {
  return machine_->set_extensions(transport, std::move(sets));
}

Status Sfu::close_transport(Instant now, TransportId transport) { return machine_->close_transport(now, transport); }

Result<TrackId> Sfu::add_track(Instant now, TransportId publisher, const TrackParams& params) {
  return machine_->add_track(now, publisher, params);
}

Status Sfu::remove_track(Instant now, TrackId track) { return machine_->remove_track(now, track); }

Status Sfu::set_squelched(Instant now, TrackId track, bool squelched) {
  return machine_->set_squelched(now, track, squelched);
}

Result<DownTrackId> Sfu::add_down_track(Instant now, TransportId subscriber, TrackId track,
                                        const DownTrackParams& params) {
  return machine_->add_down_track(now, subscriber, track, params);
}

Result<DownTrackId> Sfu::add_mirrored_down_track(Instant now, TransportId subscriber, const TrackOrigin& origin,
                                                 const TrackParams& track, const DownTrackParams& params) {
  return machine_->add_mirrored_down_track(now, subscriber, origin, track, params);
}

Status Sfu::remove_down_track(Instant now, DownTrackId down_track) {
  return machine_->remove_down_track(now, down_track);
}

Status Sfu::set_down_track(Instant now, DownTrackId down_track, const DownTrackWish& wish) {
  return machine_->set_down_track(now, down_track, wish);
}

Result<TapId> Sfu::add_tap(Instant now, TrackId track) { return machine_->add_tap(now, track); }

Status Sfu::remove_tap(TapId tap) { return machine_->remove_tap(tap); }

Status Sfu::inject(Instant now, TrackId track, std::int64_t captured_us, const SourceFrame& frame) {
  return machine_->inject(now, track, captured_us, frame);
}

Result<std::uint16_t> Sfu::open_channel(Instant, TransportId transport, std::string_view label, bool ordered) {
  return machine_->open_channel(transport, label, ordered);
}

Status Sfu::send(Instant, TransportId transport, std::uint16_t stream, bool binary, ByteSpan message) {
  return machine_->send(transport, stream, binary, message);
}

std::size_t Sfu::send(Instant, std::span<const ChannelId> channels, bool binary, ByteSpan message) {
  return machine_->send(channels, binary, message);
}

Status Sfu::close_channel(Instant, TransportId transport, std::uint16_t stream) {
  return machine_->close_channel(transport, stream);
}

Instant Sfu::next_timeout() const { return machine_->next_timeout(); }

std::span<const Transmit> Sfu::transmits() const { return machine_->egress().transmits(); }

void Sfu::note_sent(Instant now) { machine_->note_sent(now); }

void Sfu::clear_transmits() { machine_->clear_transmits(); }

std::span<OutgoingHandover> Sfu::handovers() { return machine_->handovers(); }

void Sfu::clear_handovers() { machine_->clear_handovers(); }

std::optional<Event> Sfu::poll_event() { return machine_->poll_event(); }

bool Sfu::has_path(const Path& path) const { return machine_->has_path(path); }

std::optional<BandwidthExplanation> Sfu::bandwidth(Instant now, TransportId transport) const {
  return machine_->bandwidth(now, transport);
}

std::optional<TransportExplanation> Sfu::explain(Instant now, TransportId transport) {
  return machine_->explain(now, transport);
}

SfuCounters Sfu::counters() const { return machine_->counters(); }

SfuQuality Sfu::quality(Instant now) { return machine_->quality(now); }

std::span<const LayerSwitch> Sfu::take_layer_switches() { return machine_->take_layer_switches(); }

SfuTables Sfu::tables() const { return machine_->tables(); }

}  // namespace noir
