#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace noir {

/// The numbers are those of the use_srtp extension (RFC 5764 §4.1.2, RFC 7714 §14.2).
enum class SrtpProfile : std::uint16_t {
  kAes128CmSha1_80 = 0x0001,
  kAeadAes128Gcm = 0x0007,
  kAeadAes256Gcm = 0x0008,
};

/// In the order of our preference.
inline constexpr std::array<SrtpProfile, 3> kSrtpProfiles{SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                                          SrtpProfile::kAes128CmSha1_80};

[[nodiscard]] constexpr std::size_t srtp_key_size(SrtpProfile profile) {
  return profile == SrtpProfile::kAeadAes256Gcm ? 32 : 16;
}
[[nodiscard]] constexpr std::size_t srtp_salt_size(SrtpProfile profile) {
  return profile == SrtpProfile::kAes128CmSha1_80 ? 14 : 12;
}
[[nodiscard]] constexpr std::size_t srtp_tag_size(SrtpProfile profile) {
  return profile == SrtpProfile::kAes128CmSha1_80 ? 10 : 16;
}

/// Bytes that SRTP and SRTCP add at most: a GCM tag, and the SRTCP index (RFC 7714 §9.2).
inline constexpr std::size_t kMaxSrtpOverhead = 16;
inline constexpr std::size_t kMaxSrtcpOverhead = 16 + 4;

/// Master keys and salts of both directions; only the first `srtp_key_size` / `srtp_salt_size` bytes count.
struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::kAeadAes128Gcm;
  std::array<std::uint8_t, 32> local_key{};
  std::array<std::uint8_t, 32> remote_key{};
  std::array<std::uint8_t, 14> local_salt{};
  std::array<std::uint8_t, 14> remote_salt{};
};

}  // namespace noir
