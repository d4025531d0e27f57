#include "sim/test_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rtp/rtcp_twcc.hpp"
#include "sfu/demux.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxDatagram = 1500;
constexpr Duration kReportInterval = seconds(1);
constexpr Duration kNackInterval = milliseconds(20);
constexpr std::size_t kMaxCompound = 1100;
constexpr std::uint8_t kPaddingBit = 0x20;  // RFC 3550 §5.1

}  // namespace

TestClient::TestClient(const DtlsContext& dtls, SctpLoop& sctp, TestClientParams params)
    : sctp_loop_(sctp),
      params_(std::move(params)),
      ice_(params_.local, params_.remote, params_.candidates, params_.random_seed),
      dtls_(dtls, params_.passive ? DtlsRole::kServer : DtlsRole::kClient),
      extensions_(params_.extensions) {
  dtls_.set_remote_fingerprints(params_.remote_fingerprint);
}

void TestClient::start(Instant now) {
  ice_.start(now);
  pump_ice();
}

void TestClient::handle_datagram(Instant now, const Path& path, MutableByteSpan datagram) {
  switch (classify(datagram)) {
    case DatagramKind::kStun:
      (void)ice_.handle_datagram(now, path, datagram);
      pump_ice();
      if (ice_.selected() && !params_.passive) dtls_.start(now);
      pump_dtls(now);
      return;
    case DatagramKind::kDtls:
      (void)dtls_.handle_datagram(now, datagram);
      pump_dtls(now);
      return;
    case DatagramKind::kRtp:
      handle_rtp(now, datagram);
      return;
    case DatagramKind::kRtcp:
      handle_rtcp(now, datagram);
      return;
    case DatagramKind::kUnknown:
      return;
  }
}

void TestClient::note_sealed_rtp(Instant now, MutableByteSpan datagram) {
  if (datagram.empty()) return;
  // RFC 3711 §3.1: how much padding there is, is encrypted. The header is not.
  datagram[0] &= static_cast<std::uint8_t>(~kPaddingBit);
  if (const auto rtp = parse_rtp(datagram, extensions_)) note_number(now, *rtp);
}

void TestClient::handle_timeout(Instant now) {
  if (ice_.next_timeout() <= now) ice_.handle_timeout(now);
  pump_ice();
  if (dtls_.next_timeout() <= now) dtls_.handle_timeout(now);
  pump_dtls(now);
  if (!can_send()) return;
  send_frames(now);
  send_nacks(now);
  send_feedback(now);
  send_reports(now);
}

Instant TestClient::next_timeout() const {
  Instant next = std::min(ice_.next_timeout(), dtls_.next_timeout());
  if (!can_send()) return next;
  next = std::min({next, next_report_, arrivals_.next_timeout()});
  if (!recorders_.empty()) next = std::min(next, next_nack_);
  for (const auto& source : sources_) next = std::min(next, source->next_timeout());
  return next;
}

std::optional<ClientTransmit> TestClient::poll_transmit() {
  if (outbox_.empty()) return std::nullopt;
  ClientTransmit transmit = std::move(outbox_.front());
  outbox_.pop_front();
  return transmit;
}

SyntheticSource& TestClient::publish(Instant now, const SourceParams& params) {
  sources_.push_back(std::make_unique<SyntheticSource>(params, now));
  return *sources_.back();
}

MediaRecorder& TestClient::receive(const ReceiveParams& params) {
  recorders_.push_back(std::make_unique<MediaRecorder>(params));
  return *recorders_.back();
}

void TestClient::stop_receiving(std::uint32_t ssrc) {
  std::erase_if(recorders_, [&](const auto& recorder) { return recorder->params().ssrc == ssrc; });
}

void TestClient::request_keyframe(std::uint32_t ssrc) {
  std::array<std::uint8_t, kMaxCompound> bytes;
  ByteWriter out(bytes);
  (void)write_picture_loss(out, params_.rtcp_ssrc, ssrc);
  send_rtcp(out.written());
}

// The whole header must be associated data for AEAD to open it, so its extensions are measured as a receiver would.
void TestClient::send_plain_rtp(ByteSpan packet, std::uint64_t index) {
  NOIR_CHECK(can_send() && packet.size() >= 12);
  std::size_t header_size = 12 + 4U * (packet[0] & 0x0F);
  if ((packet[0] & 0x10) != 0 && packet.size() >= header_size + 4) {
    header_size += 4 + 4U * load_be16(packet.data() + header_size + 2);
  }
  header_size = std::min({header_size, packet.size(), OutPacket::kMaxHead});
  OutPacket out;
  out.index = index;
  out.ssrc = load_be32(packet.data() + 8);
  out.header_size = static_cast<std::uint16_t>(header_size);
  std::copy_n(packet.data(), header_size, out.head.data());
  out.payload = packet.subspan(header_size);
  send_rtp(out);
}

void TestClient::restart_ice(Instant now, IceCredentials local, IceCredentials remote, std::vector<Path> candidates) {
  ice_.restart(now, std::move(local), std::move(remote), std::move(candidates));
  pump_ice();
}

void TestClient::close() {
  dtls_.close();
  send_dtls();
}

Result<std::uint16_t> TestClient::open_channel(std::string_view label) {
  if (!sctp_) return ErrorCode::kWrongState;
  auto stream = sctp_->open_channel(label, true);
  pump_sctp();
  return stream;
}

Status TestClient::send(std::uint16_t stream, bool binary, ByteSpan message) {
  if (!sctp_) return ErrorCode::kWrongState;
  auto status = sctp_->send(stream, binary, message);
  pump_sctp();
  return status;
}

void TestClient::pump_sctp() {
  if (!sctp_) return;
  while (sctp_->poll_transmit(scratch_)) (void)dtls_.send_data(scratch_);
  send_dtls();
  while (auto event = sctp_->poll_event()) {
    if (auto* opened = std::get_if<SctpChannelOpened>(&*event)) channels_.push_back(std::move(*opened));
    if (auto* message = std::get_if<SctpMessage>(&*event)) messages_.push_back(std::move(*message));
  }
}

void TestClient::pump_ice() {
  while (auto transmit = ice_.poll_transmit()) {
    outbox_.push_back({transmit->path, std::move(transmit->bytes)});
  }
}

void TestClient::pump_dtls(Instant now) {
  if (dtls_.state() == DtlsState::kConnected && !is_established_) {
    on_dtls_connected();
    next_report_ = now + kReportInterval;
    next_nack_ = now + kNackInterval;
  }
  while (dtls_.poll_data(scratch_)) {
    if (sctp_) sctp_->handle_packet(scratch_);
  }
  pump_sctp();
  send_dtls();
}

void TestClient::send_dtls() {
  if (!ice_.selected()) return;
  while (dtls_.poll_transmit(scratch_)) outbox_.push_back({*ice_.selected(), std::move(scratch_)});
}

void TestClient::on_dtls_connected() {
  is_established_ = true;
  if (const auto keys = dtls_.srtp_keys()) {
    auto sender = SrtpSender::create(keys->profile, keys->local_key, keys->local_salt);
    auto receiver = SrtpReceiver::create(keys->profile, keys->remote_key, keys->remote_salt);
    NOIR_CHECK(sender.ok() && receiver.ok());
    sender_ = std::move(*sender);
    receiver_ = std::move(*receiver);
  }
  if (!params_.data_channels) return;
  SctpParams sctp;
  sctp.tag = params_.sctp_tag;
  sctp.dtls_client = !params_.passive;
  sctp.max_channels = 16;  // As the server: our class takes the highest streams that it may have.
  sctp_ = std::make_unique<SctpAssociation>(sctp_loop_, sctp);
  sctp_->connect();
}

void TestClient::handle_rtp(Instant now, MutableByteSpan datagram) {
  const auto size = receiver_ ? receiver_->unprotect(datagram) : Result<std::size_t>(ErrorCode::kWrongState);
  if (!size) {
    ++counters_.dropped_srtp;
    return;
  }
  const ByteSpan packet = datagram.first(*size);
  const auto rtp = parse_rtp(packet, extensions_);
  if (rtp) note_number(now, *rtp);
  MediaRecorder* recorder = rtp ? find_recorder(rtp->ssrc) : nullptr;
  if (recorder == nullptr) {
    ++counters_.unexpected_rtp;
    return;
  }
  recorder->handle_rtp(now, *rtp, packet);
}

void TestClient::note_number(Instant now, const RtpView& rtp) {
  if (!rtp.transport_sequence) return;
  if (counters_.numbered > 0 && *rtp.transport_sequence != next_number_) ++counters_.number_gaps;
  ++counters_.numbered;
  next_number_ = static_cast<std::uint16_t>(*rtp.transport_sequence + 1);
  if (!silent_) arrivals_.handle_packet(now, *rtp.transport_sequence, rtp.ssrc);
}

void TestClient::handle_rtcp(Instant now, MutableByteSpan datagram) {
  const auto size = receiver_ ? receiver_->unprotect_rtcp(datagram) : Result<std::size_t>(ErrorCode::kWrongState);
  if (!size) {
    ++counters_.dropped_srtp;
    return;
  }
  const ByteSpan compound = datagram.first(*size);
  handle_twcc(compound);
  RtcpReader reader(compound);
  while (const auto message = reader.next()) handle_message(now, *message);
}

void TestClient::handle_twcc(ByteSpan compound) {
  while (const auto packet = take_rtcp_packet(compound)) {
    const bool feedback = packet->type == static_cast<std::uint8_t>(RtcpType::kTransportFeedback);
    if (feedback && packet->count == kTwccFormat) (void)twcc_.handle_feedback(packet->body);
  }
}

void TestClient::handle_message(Instant now, const RtcpMessage& message) {
  if (const auto* nack = std::get_if<Nack>(&message)) {
    retransmit(now, *nack);
  } else if (const auto* pli = std::get_if<PictureLoss>(&message)) {
    ++counters_.plis;
    if (SyntheticSource* source = find_source(pli->media_ssrc)) source->request_keyframe();
  } else if (const auto* fir = std::get_if<FullIntraRequest>(&message)) {
    ++counters_.plis;
    for (std::size_t i = 0; i < fir->size(); ++i) {
      if (SyntheticSource* source = find_source(fir->ssrc(i))) source->request_keyframe();
    }
  } else if (const auto* report = std::get_if<SenderReport>(&message)) {
    if (MediaRecorder* recorder = find_recorder(report->ssrc)) recorder->handle_sender_report(now, *report);
  } else if (const auto* receiver = std::get_if<ReceiverReport>(&message)) {
    ++counters_.receiver_reports;
    for (std::size_t i = 0; i < receiver->blocks.size(); ++i) reported_ssrcs_.insert(receiver->blocks[i].ssrc);
    if (receiver->blocks.size() > 0) counters_.last_report_block = receiver->blocks[0];
  }
}

// Without RTX a browser sends the same packet once more.
void TestClient::retransmit(Instant now, const Nack& nack) {
  SyntheticSource* source = find_source(nack.media_ssrc);
  if (source == nullptr || !can_send()) return;
  nack.for_each([&](std::uint16_t seq) {
    ++counters_.nacked;
    const auto* sent = source->find(seq);
    if (sent == nullptr) return;
    ++counters_.retransmitted;
    if (source->params().rtx_ssrc != 0) return send_rtx(now, *source, sent);
    send_rtp(sent->out_packet(source->params().ssrc));
  });
}

void TestClient::send_rtx(Instant now, SyntheticSource& source, const SyntheticSource::Sent* sent) {
  if (extensions_.transport_sequence != 0) twcc_.note_sent(transport_seq_);
  SendContext context{now, extensions_, transport_seq_};
  send_rtp(source.make_rtx(context, sent).out_packet(source.params().rtx_ssrc));
}

void TestClient::send_frames(Instant now) {
  for (const auto& source : sources_) {
    while (source->next_timeout() <= now) {
      const std::uint16_t first = transport_seq_;
      SendContext context{now, extensions_, transport_seq_};
      const auto packets = source->make_frame(context);
      for (std::uint16_t seq = first; seq != transport_seq_; ++seq) twcc_.note_sent(seq);
      for (const auto* sent : packets) send_rtp(sent->out_packet(source->params().ssrc));
    }
  }
}

void TestClient::send_nacks(Instant now) {
  if (now < next_nack_) return;
  next_nack_ = now + kNackInterval;
  std::array<std::uint8_t, kMaxCompound> bytes;
  for (const auto& recorder : recorders_) {
    recorder->handle_timeout(now);
    const auto seqs = recorder->due_nacks(now);
    if (seqs.empty()) continue;
    ByteWriter out(bytes);
    (void)write_nack(out, params_.rtcp_ssrc, recorder->params().ssrc, seqs);
    send_rtcp(out.written());
  }
}

void TestClient::send_feedback(Instant now) {
  std::array<std::uint8_t, kMaxCompound> bytes;
  for (bool more = arrivals_.next_timeout() <= now; more;) {
    ByteWriter out(bytes);
    more = arrivals_.poll(now, params_.rtcp_ssrc, out);
    if (out.size() > 0) send_rtcp(out.written());
  }
}

void TestClient::send_reports(Instant now) {
  if (now < next_report_) return;
  next_report_ = now + kReportInterval;
  std::array<std::uint8_t, kMaxCompound> bytes;
  const WallClock utc{now.time_since_epoch() + params_.utc_minus_monotonic};
  for (const auto& source : sources_) {
    ByteWriter out(bytes);
    SenderReport report;
    report.ssrc = source->params().ssrc;
    report.ntp = to_ntp(utc);
    report.rtp_ts = source->rtp_ts_at(now);
    report.packet_count = static_cast<std::uint32_t>(source->packets());
    report.octet_count = static_cast<std::uint32_t>(source->octets());
    (void)write_sender_report(out, report);
    (void)write_source_description(out, report.ssrc, "simulated");
    send_rtcp(out.written());
  }
  std::vector<ReportBlock> blocks;
  for (const auto& recorder : recorders_) {
    const auto block = recorder->report_block(now);
    if (block && blocks.size() < kMaxReportBlocks) blocks.push_back(*block);
  }
  if (blocks.empty()) return;
  ByteWriter out(bytes);
  (void)write_receiver_report(out, params_.rtcp_ssrc, blocks);
  send_rtcp(out.written());
}

void TestClient::send_rtp(const OutPacket& packet) {
  std::vector<std::uint8_t> bytes(kMaxDatagram);
  const auto size = sender_->protect(packet, bytes);
  NOIR_CHECK(size.ok());
  bytes.resize(*size);
  outbox_.push_back({*ice_.selected(), std::move(bytes)});
}

void TestClient::send_rtcp(ByteSpan compound) {
  if (!can_send() || compound.empty()) return;
  std::vector<std::uint8_t> bytes(kMaxDatagram);
  const auto size = sender_->protect_rtcp(compound, bytes);
  NOIR_CHECK(size.ok());
  bytes.resize(*size);
  outbox_.push_back({*ice_.selected(), std::move(bytes)});
}

SyntheticSource* TestClient::find_source(std::uint32_t ssrc) const {
  for (const auto& source : sources_) {
    if (source->params().ssrc == ssrc) return source.get();
  }
  return nullptr;
}

MediaRecorder* TestClient::find_recorder(std::uint32_t ssrc) const {
  for (const auto& recorder : recorders_) {
    const ReceiveParams& params = recorder->params();
    if (params.ssrc == ssrc || (params.rtx_ssrc != 0 && params.rtx_ssrc == ssrc)) return recorder.get();
  }
  return nullptr;
}

}  // namespace noir
