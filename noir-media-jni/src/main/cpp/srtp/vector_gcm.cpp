#include "srtp/vector_gcm.hpp"

#include <cpuid.h>
#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#include "base/check.hpp"
#include "base/prefetch.hpp"

// Exported by the library like its siblings, but left out of its header, whose way to them is a table of all its
// ciphers.
extern "C" {
void aes_gcm_enc_128_vaes_avx512(const gcm_key_data*, gcm_context_data*, std::uint8_t*, const std::uint8_t*,
                                 std::uint64_t, const std::uint8_t*, const std::uint8_t*, std::uint64_t, std::uint8_t*,
                                 std::uint64_t);
void aes_gcm_enc_256_vaes_avx512(const gcm_key_data*, gcm_context_data*, std::uint8_t*, const std::uint8_t*,
                                 std::uint64_t, const std::uint8_t*, const std::uint8_t*, std::uint64_t, std::uint8_t*,
                                 std::uint64_t);
void aes_gcm_dec_128_vaes_avx512(const gcm_key_data*, gcm_context_data*, std::uint8_t*, const std::uint8_t*,
                                 std::uint64_t, const std::uint8_t*, const std::uint8_t*, std::uint64_t, std::uint8_t*,
                                 std::uint64_t);
void aes_gcm_dec_256_vaes_avx512(const gcm_key_data*, gcm_context_data*, std::uint8_t*, const std::uint8_t*,
                                 std::uint64_t, const std::uint8_t*, const std::uint8_t*, std::uint64_t, std::uint8_t*,
                                 std::uint64_t);
void aes_gcm_pre_128_vaes_avx512(const void*, gcm_key_data*);
void aes_gcm_pre_256_vaes_avx512(const void*, gcm_key_data*);
}

namespace noir {

struct VectorGcm::Kernel {
  aes_gcm_pre_t prepare;
  aes_gcm_enc_dec_t seal;
  aes_gcm_enc_dec_t open;
};

namespace {

// In the order of `VectorUnit`; keys of 128 bits, then of 256.
constexpr std::array<std::array<VectorGcm::Kernel, 2>, 3> kKernels{{
    {{{aes_gcm_pre_128_sse, aes_gcm_enc_128_sse, aes_gcm_dec_128_sse},
      {aes_gcm_pre_256_sse, aes_gcm_enc_256_sse, aes_gcm_dec_256_sse}}},
    {{{aes_gcm_pre_128_avx_gen4, aes_gcm_enc_128_avx_gen4, aes_gcm_dec_128_avx_gen4},
      {aes_gcm_pre_256_avx_gen4, aes_gcm_enc_256_avx_gen4, aes_gcm_dec_256_avx_gen4}}},
    {{{aes_gcm_pre_128_vaes_avx512, aes_gcm_enc_128_vaes_avx512, aes_gcm_dec_128_vaes_avx512},
      {aes_gcm_pre_256_vaes_avx512, aes_gcm_enc_256_vaes_avx512, aes_gcm_dec_256_vaes_avx512}}},
}};

bool has_aes() {
  return __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("aes") != 0 &&
         __builtin_cpu_supports("pclmul") != 0;
}

// The compiler's check of AVX-512 includes that the system saves its registers. It does not know the others' names
// everywhere: CPUID leaf 7, ECX bits 8, 9, 10 are GFNI, VAES, VPCLMULQDQ, all of which the library asks for.
bool has_vector_aes() {
  constexpr unsigned kWanted = 7U << 8;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx & kWanted) == kWanted &&
         __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

const gcm_key_data* key_data(const std::uint8_t* key) { return reinterpret_cast<const gcm_key_data*>(key); }

}  // namespace

bool processor_has(VectorUnit unit) {
  switch (unit) {
    case VectorUnit::kSse:
      return has_aes();
    case VectorUnit::kAvx2:
      return has_aes() && __builtin_cpu_supports("avx2") != 0;
    case VectorUnit::kVaesAvx512:
      return has_aes() && has_vector_aes();
  }
  return false;
}

std::optional<VectorUnit> fastest_vector_unit() {
  for (const VectorUnit unit : {VectorUnit::kVaesAvx512, VectorUnit::kAvx2, VectorUnit::kSse}) {
    if (processor_has(unit)) return unit;
  }
  return std::nullopt;
}

VectorGcm::VectorGcm(ByteSpan key, VectorUnit unit)
    : kernel_(&kKernels[static_cast<std::size_t>(unit)][key.size() == 32 ? 1 : 0]) {
  static_assert(sizeof(gcm_key_data) <= kKeyBytes);
  NOIR_CHECK(key.size() == 16 || key.size() == 32);
  kernel_->prepare(key.data(), reinterpret_cast<gcm_key_data*>(key_.data()));
}

VectorGcm::~VectorGcm() { OPENSSL_cleanse(key_.data(), key_.size()); }

bool VectorGcm::seal(const GcmIv& iv, ByteSpan associated, ByteSpan in, std::uint8_t* out, std::uint8_t* tag) const {
  gcm_context_data scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init): the library writes before it reads.
  kernel_->seal(key_data(key_.data()), &scratch, out, in.data(), in.size(), iv.data(), associated.data(),
                associated.size(), tag, kGcmTagSize);
  return true;
}

bool VectorGcm::open(const GcmIv& iv, ByteSpan associated, MutableByteSpan data, const std::uint8_t* tag) const {
  gcm_context_data scratch;                        // NOLINT(cppcoreguidelines-pro-type-member-init): as above.
  std::array<std::uint8_t, kGcmTagSize> expected;  // NOLINT(cppcoreguidelines-pro-type-member-init): as above.
  kernel_->open(key_data(key_.data()), &scratch, data.data(), data.data(), data.size(), iv.data(), associated.data(),
                associated.size(), expected.data(), kGcmTagSize);
  return CRYPTO_memcmp(expected.data(), tag, kGcmTagSize) == 0;
}

void VectorGcm::prefetch() const { noir::prefetch(key_.data(), kKeyBytes); }

}  // namespace noir
