#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "srtp/gcm.hpp"

namespace noir {

/// What of a processor computes AES-GCM, in rising speed.
enum class VectorUnit : std::uint8_t {
  kSse,         // AES-NI and PCLMULQDQ; since 2010.
  kAvx2,        // The same with AVX2; since 2013.
  kVaesAvx512,  // Four blocks at a time: Intel since 2019, AMD since 2022.
};

[[nodiscard]] bool processor_has(VectorUnit unit);
/// Nothing on a processor without AES-NI, where `OpenSslGcm` does the work.
[[nodiscard]] std::optional<VectorUnit> fastest_vector_unit();

/// AES-GCM under one key by Intel's Multi-Buffer Crypto for IPsec (ADR 18): a packet is one call, and all that it needs
/// of the key lies in this object, where it can be asked for ahead.
/// Thread: loop.
class VectorGcm {
 public:
  /// `key` of 16 or 32 bytes. The processor must have `unit`.
  VectorGcm(ByteSpan key, VectorUnit unit);
  VectorGcm(const VectorGcm&) = delete;
  VectorGcm& operator=(const VectorGcm&) = delete;
  VectorGcm(VectorGcm&&) = delete;
  VectorGcm& operator=(VectorGcm&&) = delete;
  ~VectorGcm();
  [[nodiscard]] static bool ok() { return true; }

  /// Encrypts `in` to `out`, which is the same place or does not overlap. Always true.
  bool seal(const GcmIv& iv, ByteSpan associated, ByteSpan in, std::uint8_t* out, std::uint8_t* tag) const;
  /// Decrypts in place. False when `tag` is wrong: what stands in `data` then must not be used.
  [[nodiscard]] bool open(const GcmIv& iv, ByteSpan associated, MutableByteSpan data, const std::uint8_t* tag) const;
  void prefetch() const;

  struct Kernel;

 private:
  // Round keys and powers of the hash key, in the library's own layout.
  static constexpr std::size_t kKeyBytes = 1008;

  alignas(64) std::array<std::uint8_t, kKeyBytes> key_{};
  const Kernel* kernel_;
};

}  // namespace noir
