#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "base/bytes.hpp"
#include "rtp/seq_num.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

/// The nonces that a server has used towards its clients. One that is used twice under a key for different bytes gives
/// AES-GCM's and AES-CM's secrets away (RFC 7714 §8.1, RFC 3711 §9.1, RFC 5288 §3). An association has its own keys,
/// whatever addresses it moves to, and an index is counted in full: a sequence number comes back, an index does not.
class NonceLedger {
 public:
  /// What the server sends, in the order of sending. `profile` as far as it is known: without it SRTCP is passed over.
  void note(std::uint64_t association, const std::optional<SrtpProfile>& profile, ByteSpan datagram);

  [[nodiscard]] std::uint64_t reused() const { return reused_; }
  [[nodiscard]] std::uint64_t noted() const { return noted_; }

 private:
  enum class Kind : std::uint8_t { kRtp, kRtcp, kDtls };
  struct Stream {
    SeqUnwrapper unwrapper;
    std::unordered_map<std::uint64_t, std::size_t> used;  // Hashes of the bytes by index.
  };

  void note_records(std::uint64_t association, ByteSpan datagram);
  void use(Stream& stream, std::uint64_t index, ByteSpan bytes);

  std::map<std::tuple<std::uint64_t, Kind, std::uint32_t>, Stream> streams_;  // By association and SSRC.
  std::uint64_t noted_ = 0;
  std::uint64_t reused_ = 0;
};

}  // namespace noir
