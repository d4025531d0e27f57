#include "load/load_transport.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "loop/clock.hpp"
#include "rtp/rtcp_receiver_report.hpp"
#include "sfu/demux.hpp"

namespace noir {

namespace {

constexpr Duration kReportInterval = std::chrono::seconds(1);
constexpr std::size_t kMinRtpSize = 12;
constexpr std::size_t kMaxReport = 8 + kMaxReportBlocks * kReportBlockSize;

IceCredentials credentials(std::uint32_t number) {
  // RFC 8839 §5.4: at least 4 and 22 characters. Nobody else is to be kept out of a load test.
  const std::string text = std::to_string(number);
  return {"load" + text, "a-password-of-a-load-client-" + text};
}

}  // namespace

LoadTransport::LoadTransport(const LoadContext& context, std::uint32_t number, bool sampled)
    : context_(context), number_(number), sampled_(sampled), ice_(credentials(number)) {}

void LoadTransport::set_remote(Instant now, const RemoteDescription& remote) {
  const bool first = !client_;
  if (first) {
    const bool v4 = std::any_of(remote.candidates.begin(), remote.candidates.end(),
                                [](const SocketAddress& address) { return address.is_v4(); });
    socket_.emplace(v4);
    TestClientParams params;
    params.local = ice_;
    params.remote = remote.ice;
    for (const SocketAddress& candidate : remote.candidates) {
      if (candidate.is_v4() == v4) params.candidates.push_back(Path{0, candidate});
    }
    params.remote_fingerprint = remote.fingerprint;
    params.extensions = remote.extensions;
    params.rtcp_ssrc = number_;
    params.sctp_tag = number_;
    params.random_seed = number_;
    params.utc_minus_monotonic = wallclock_offset();
    client_ = std::make_unique<TestClient>(context_.dtls, context_.sctp, params);
    next_report_ = now + kReportInterval;
  }
  // The first offer has no media, and so no extensions.
  client_->set_extensions(remote.extensions);
  add_streams(remote);
  if (first) client_->start(now);
  flush();
}

void LoadTransport::add_streams(const RemoteDescription& remote) {
  for (const OfferedStream& stream : remote.streams) {
    if (find_stream(stream.ssrc) != nullptr) continue;
    streams_.emplace_back(stream);
    if (!sampled_) continue;
    ReceiveParams receive;
    receive.codec = stream.kind == MediaKind::kAudio ? Codec::kOpus : Codec::kVp8;
    receive.ssrc = stream.ssrc;
    receive.payload_type = stream.payload_type;
    // What is lost must be seen to be lost: nobody asks for it again.
    receive.nack = false;
    recorders_.push_back(&client_->receive(receive));
  }
}

void LoadTransport::publish(Instant now, const SourceParams& source) {
  sources_.push_back(&client_->publish(now, source));
}

void LoadTransport::pause_sources(Instant now) {
  for (SyntheticSource* source : sources_) source->set_paused(now, true);
}

bool LoadTransport::has_failed() const {
  if (!client_) return false;
  const DtlsState dtls = client_->dtls().state();
  return client_->ice().state() == IceControlling::State::kFailed || dtls == DtlsState::kFailed ||
         dtls == DtlsState::kClosed;
}

std::string LoadTransport::progress() const {
  if (!client_) return "not described";
  if (!client_->ice().selected()) return "in ICE";
  if (client_->dtls().state() != DtlsState::kConnected) return "in DTLS";
  return has_channel() ? "connected, with channel" : "connected";
}

void LoadTransport::read(DatagramReader& reader) {
  std::span<ReadDatagram> datagrams;
  do {
    datagrams = reader.read(*socket_);
    for (const ReadDatagram& datagram : datagrams) {
      if (classify(datagram.bytes) == DatagramKind::kRtp && datagram.bytes.size() >= kMinRtpSize) {
        handle_rtp(datagram);
      } else {
        client_->handle_datagram(datagram.arrival, Path{0, from_system(*datagram.remote)}, datagram.bytes);
      }
    }
  } while (datagrams.size() == DatagramReader::kBatch);
  if (wants_channel_ && client_->open_channel("ion-sfu").ok()) wants_channel_ = false;
  flush();
}

void LoadTransport::handle_rtp(const ReadDatagram& datagram) {
  StreamCounter* stream = find_stream(load_be32(datagram.bytes.data() + 8));
  // Otherwise it is RTX, or of a stream whose offer is still on its way.
  if (stream != nullptr) stream->add(datagram.arrival, load_be16(datagram.bytes.data() + 2), datagram.bytes.size());
  if (sampled_) return client_->handle_datagram(datagram.arrival, Path{}, datagram.bytes);
  client_->note_sealed_rtp(datagram.arrival, datagram.bytes);
}

StreamCounter* LoadTransport::find_stream(std::uint32_t ssrc) {
  // Packets of a frame come one after another.
  if (last_stream_ < streams_.size() && streams_[last_stream_].stream().ssrc == ssrc) return &streams_[last_stream_];
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i].stream().ssrc != ssrc) continue;
    last_stream_ = i;
    return &streams_[i];
  }
  return nullptr;
}

void LoadTransport::handle_timeout(Instant now) {
  if (!client_) return;
  client_->handle_timeout(now);
  if (next_report_ <= now) send_report(now);
  flush();
}

void LoadTransport::send_report(Instant now) {
  next_report_ = now + kReportInterval;
  if (sampled_ || streams_.empty()) return;  // The client itself reports on what it records.
  std::array<ReportBlock, kMaxReportBlocks> blocks;
  std::size_t count = 0;
  for (StreamCounter& stream : streams_) {
    if (stream.first_arrival() && count < blocks.size()) blocks[count++] = stream.report_block();
  }
  std::array<std::uint8_t, kMaxReport> bytes{};
  ByteWriter out(bytes);
  if (count > 0 && write_receiver_report(out, number_, std::span(blocks).first(count))) {
    client_->send_plain_rtcp(out.written());
  }
}

void LoadTransport::pump_sctp() {
  if (!client_) return;
  client_->pump_sctp();
  flush();
}

Instant LoadTransport::next_timeout() const {
  return client_ ? std::min(client_->next_timeout(), next_report_) : kNever;
}

void LoadTransport::flush() {
  transmits_.clear();
  while (auto transmit = client_->poll_transmit()) transmits_.push_back(std::move(*transmit));
  if (!transmits_.empty()) socket_->send(transmits_);
}

}  // namespace noir
