#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "srtp/packet_cipher.hpp"
#include "srtp/replay_window.hpp"
#include "srtp/srtp_keys.hpp"
#include "srtp/stream_table.hpp"

namespace noir {

/// Authenticates and decrypts what one transport receives (RFC 3711, RFC 7714): index estimation and replay window
/// per SSRC, for a bounded number of SSRCs. A packet that fails changes nothing but its own bytes.
/// Thread: loop.
class SrtpReceiver {
 public:
  /// Rtp streams remembered; beyond it the one silent for longest is forgotten.
  static constexpr std::size_t kMaxStreams = 256;

  /// Longer keys and salts than the profile's are cut; shorter ones are `kInvalidArgument`.
  static Result<SrtpReceiver> create(SrtpProfile profile, ByteSpan master_key, ByteSpan master_salt);
  SrtpReceiver(SrtpReceiver&&) noexcept;
  SrtpReceiver& operator=(SrtpReceiver&&) noexcept;
  SrtpReceiver(const SrtpReceiver&) = delete;
  SrtpReceiver& operator=(const SrtpReceiver&) = delete;
  ~SrtpReceiver();

  /// Whether an unauthenticated packet has the SSRC of a stream that is there and a number soon after its last.
  [[nodiscard]] bool expects(ByteSpan packet);
  [[nodiscard]] bool expects_rtcp(ByteSpan packet);
  /// Decrypts in place; the size of the plain RTP packet, or `kMalformed`, `kReplayed`, `kAuthentication`.
  Result<std::size_t> unprotect(MutableByteSpan packet);
  /// The same for SRTCP. Unencrypted SRTCP (E = 0) is `kMalformed`: no profile of ours negotiates it.
  Result<std::size_t> unprotect_rtcp(MutableByteSpan packet);

  /// Asks for what an SRTCP packet will need, in the order in which one thing points to the next.
  void prefetch_rtcp() const;
  void prefetch_rtcp_keys() const;

 private:
  SrtpReceiver(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp);
  Result<std::size_t> unprotect_first(PacketCipher& cipher, std::uint16_t seq, std::size_t header_size,
                                      MutableByteSpan packet);

  // Owned.
  PacketCipherOnUse rtp_;
  PacketCipherOnUse rtcp_;
  // State.
  StreamTable<ReplayWindow<1024>> rtp_windows_{kMaxStreams};
  StreamTable<ReplayWindow<128>> rtcp_windows_{kMaxStreams};
};

}  // namespace noir
