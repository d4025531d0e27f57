#include "rtp/rtcp_reader.hpp"

namespace noir {

namespace {

template <typename T>
std::optional<RtcpMessage> widen(const std::optional<T>& message, bool& malformed) {
  if (message) return RtcpMessage(*message);
  malformed = true;
  return std::nullopt;
}

std::optional<RtcpMessage> parse_payload_feedback(const RtcpPacket& packet, bool& malformed) {
  switch (packet.count) {
    case PictureLoss::kFormat:
      return widen(parse_picture_loss(packet), malformed);
    case FullIntraRequest::kFormat:
      return widen(parse_full_intra_request(packet), malformed);
    case ReceiverEstimate::kFormat:
      // Application layer feedback of others is not malformed, only not ours.
      if (const auto estimate = parse_receiver_estimate(packet)) return RtcpMessage(*estimate);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<RtcpMessage> parse(const RtcpPacket& packet, bool& malformed) {
  switch (static_cast<RtcpType>(packet.type)) {
    case RtcpType::kSenderReport:
      return widen(parse_sender_report(packet), malformed);
    case RtcpType::kReceiverReport:
      return widen(parse_receiver_report(packet), malformed);
    case RtcpType::kSourceDescription:
      return widen(parse_source_description(packet), malformed);
    case RtcpType::kGoodbye:
      return widen(parse_goodbye(packet), malformed);
    case RtcpType::kTransportFeedback:
      if (packet.count == Nack::kFormat) return widen(parse_nack(packet), malformed);
      if (packet.count == kTwccFormat) return widen(parse_transport_feedback(packet), malformed);
      return std::nullopt;
    case RtcpType::kPayloadFeedback:
      return parse_payload_feedback(packet, malformed);
  }
  return std::nullopt;
}

}  // namespace

std::optional<RtcpMessage> RtcpReader::next() {
  while (!rest_.empty()) {
    const auto packet = take_rtcp_packet(rest_);
    if (!packet) {
      malformed_ = true;
      rest_ = {};
      return std::nullopt;
    }
    if (auto message = parse(*packet, malformed_)) return message;
  }
  return std::nullopt;
}

}  // namespace noir
