#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.hpp"
#include "rtp/rtcp_bye.hpp"
#include "rtp/rtcp_fir.hpp"
#include "rtp/rtcp_nack.hpp"
#include "rtp/rtcp_packet.hpp"
#include "rtp/rtcp_pli.hpp"
#include "rtp/rtcp_receiver_report.hpp"
#include "rtp/rtcp_remb.hpp"
#include "rtp/rtcp_sdes.hpp"
#include "rtp/rtcp_sender_report.hpp"
#include "rtp/rtcp_twcc.hpp"

namespace noir {

using RtcpMessage = std::variant<SenderReport, ReceiverReport, SourceDescription, Goodbye, Nack, PictureLoss,
                                 FullIntraRequest, ReceiverEstimate, TransportFeedback>;

/// Walks through a compound RTCP packet (RFC 3550 §6.1), reduced-size ones included (RFC 5506). Messages of unknown
/// type, and known ones with a broken body, are skipped; a broken length ends the walk.
class RtcpReader {
 public:
  explicit RtcpReader(ByteSpan compound) : rest_(compound) {}

  /// The next message, or nothing at the end. Views in it point into the compound packet.
  [[nodiscard]] std::optional<RtcpMessage> next();
  /// Something was broken so far: a length, or the body of a known message.
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  ByteSpan rest_;
  bool malformed_ = false;
};

}  // namespace noir
