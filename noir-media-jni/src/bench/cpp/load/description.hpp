#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/socket_address.hpp"
#include "dtls/certificate.hpp"
#include "rtp/codec.hpp"
#include "stun/ice_credentials.hpp"

namespace noir {

/// One rtp stream that the server offers.
struct OfferedStream {
  MediaKind kind = MediaKind::kVideo;
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 0;

  bool operator==(const OfferedStream&) const = default;
};

/// What a load client needs of a description the server wrote; not a parser for anybody else's.
struct RemoteDescription {
  IceCredentials ice;
  Fingerprint fingerprint{};
  std::vector<SocketAddress> candidates;  // UDP only, by falling priority, each once.
  ExtensionIds extensions;
  std::vector<OfferedStream> streams;  // Of the sections that send.
};

/// Empty when transport parameters or every candidate are missing.
[[nodiscard]] std::optional<RemoteDescription> parse_description(std::string_view sdp);

struct LocalDescription {
  IceCredentials ice;
  Fingerprint fingerprint{};
};

/// One track to publish, Opus or VP8.
struct PublishedTrack {
  MediaKind kind = MediaKind::kVideo;
  std::string mid;
  std::string track_id;
  std::uint32_t ssrc = 0;         // Unless it is simulcast, which is known by its rids.
  std::vector<std::string> rids;  // Of simulcast, best first.
};

inline constexpr std::uint8_t kOpusPayloadType = 111;  // As Chromium numbers them.
inline constexpr std::uint8_t kVp8PayloadType = 96;

/// The ids that our offers give to header extensions; Chromium's.
inline constexpr ExtensionIds kPublisherExtensions{.mid = 4,
                                                   .rid = 10,
                                                   .repaired_rid = 0,
                                                   .audio_level = 1,
                                                   .transport_sequence = 3,
                                                   .abs_send_time = 2,
                                                   .video_orientation = 0,
                                                   .dependency_descriptor = 0};

/// A data channel section with mid 0, as ion-sdk-js has it, and a sendonly section for each track.
[[nodiscard]] std::string write_publisher_offer(const LocalDescription& local, std::string_view stream_id,
                                                std::span<const PublishedTrack> tracks);

/// Takes everything that is offered; without `numbers`, everything but transport-wide numbers.
[[nodiscard]] std::string write_subscriber_answer(const LocalDescription& local, std::string_view offer, bool numbers);

}  // namespace noir
