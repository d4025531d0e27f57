// Every way to compute AES-GCM that this processor has gives what OpenSSL gives.

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "srtp/openssl_gcm.hpp"
#include "srtp/vector_gcm.hpp"

namespace noir {
namespace {

using Bytes = std::vector<std::uint8_t>;

// No payload; around a block, four and eight of them, and where the fast paths begin; the largest datagram.
constexpr std::array<std::size_t, 22> kSizes{0,   1,   15,  16,  17,  63,  64,  65,   127,  128,  129,
                                             255, 256, 257, 511, 767, 768, 769, 1023, 1041, 1200, 1500};
constexpr std::array<std::size_t, 5> kAssociatedSizes{12, 16, 20, 72, 300};

struct Sealed {
  Bytes bytes;
  std::array<std::uint8_t, kGcmTagSize> tag{};
  bool operator==(const Sealed&) const = default;
};

template <typename Gcm>
Sealed seal(Gcm& gcm, const GcmIv& iv, ByteSpan associated, ByteSpan plain) {
  Sealed sealed{Bytes(plain.size()), {}};
  EXPECT_TRUE(gcm.seal(iv, associated, plain, sealed.bytes.data(), sealed.tag.data()));
  return sealed;
}

class VectorUnits : public testing::TestWithParam<VectorUnit> {
 protected:
  void SetUp() override {
    if (!processor_has(GetParam())) GTEST_SKIP() << "this processor does not have it";
  }
  Bytes random_bytes(std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }
  GcmIv random_iv() {
    GcmIv iv{};
    for (auto& byte : iv) byte = static_cast<std::uint8_t>(random_());
    return iv;
  }

  std::mt19937 random_{20261126};
};

TEST_P(VectorUnits, SealWhatOpenSslSeals) {
  for (const std::size_t key_size : {16, 32}) {
    const Bytes key = random_bytes(key_size);
    const VectorGcm gcm(key, GetParam());
    OpenSslGcm reference(key, PacketCipher::Direction::kSeal);
    for (const std::size_t size : kSizes) {
      for (const std::size_t associated_size : kAssociatedSizes) {
        const GcmIv iv = random_iv();
        const Bytes plain = random_bytes(size);
        const Bytes associated = random_bytes(associated_size);
        EXPECT_EQ(seal(gcm, iv, associated, plain), seal(reference, iv, associated, plain))
            << key_size << " bytes of key, " << size << " of payload, " << associated_size << " associated";
      }
    }
  }
}

TEST_P(VectorUnits, SealInPlaceAsApart) {
  const VectorGcm gcm(random_bytes(16), GetParam());
  const GcmIv iv = random_iv();
  const Bytes associated = random_bytes(12);
  for (const std::size_t size : kSizes) {
    const Bytes plain = random_bytes(size);
    Sealed in_place{plain, {}};
    EXPECT_TRUE(gcm.seal(iv, associated, in_place.bytes, in_place.bytes.data(), in_place.tag.data()));
    EXPECT_EQ(in_place, seal(gcm, iv, associated, plain)) << size;
  }
}

TEST_P(VectorUnits, OpenWhatOpenSslHasSealed) {
  for (const std::size_t key_size : {16, 32}) {
    const Bytes key = random_bytes(key_size);
    const VectorGcm gcm(key, GetParam());
    OpenSslGcm reference(key, PacketCipher::Direction::kSeal);
    for (const std::size_t size : kSizes) {
      const GcmIv iv = random_iv();
      const Bytes plain = random_bytes(size);
      const Bytes associated = random_bytes(12);
      Sealed sealed = seal(reference, iv, associated, plain);
      EXPECT_TRUE(gcm.open(iv, associated, sealed.bytes, sealed.tag.data())) << size;
      EXPECT_EQ(sealed.bytes, plain) << size;
    }
  }
}

TEST_P(VectorUnits, RefuseEveryChangedBit) {
  const Bytes key = random_bytes(16);
  const VectorGcm gcm(key, GetParam());
  const GcmIv iv = random_iv();
  const Bytes associated = random_bytes(12);
  const Sealed sealed = seal(gcm, iv, associated, random_bytes(40));
  for (std::size_t bit = 0; bit < 8 * (sealed.bytes.size() + kGcmTagSize + associated.size()); ++bit) {
    Sealed changed = sealed;
    Bytes changed_associated = associated;
    const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
    std::size_t byte = bit / 8;
    if (byte < changed.bytes.size()) {
      changed.bytes[byte] ^= mask;
    } else if ((byte -= changed.bytes.size()) < kGcmTagSize) {
      changed.tag[byte] ^= mask;
    } else {
      changed_associated[byte - kGcmTagSize] ^= mask;
    }
    EXPECT_FALSE(gcm.open(iv, changed_associated, changed.bytes, changed.tag.data())) << "bit " << bit;
  }
}

// What lies behind the output belongs to the next packet of the run.
TEST_P(VectorUnits, WriteNothingBehindTheTag) {
  const VectorGcm gcm(random_bytes(16), GetParam());
  for (const std::size_t size : kSizes) {
    const Bytes plain = random_bytes(size);
    Bytes room(size + kGcmTagSize + 64, 0xA5);
    EXPECT_TRUE(gcm.seal(random_iv(), random_bytes(12), plain, room.data(), room.data() + size));
    EXPECT_EQ(Bytes(room.end() - 64, room.end()), Bytes(64, 0xA5)) << size;
  }
}

std::string unit_name(const testing::TestParamInfo<VectorUnit>& unit) {
  constexpr std::array<const char*, 3> kNames{"Sse", "Avx2", "VaesAvx512"};
  return kNames[static_cast<std::size_t>(unit.param)];
}
INSTANTIATE_TEST_SUITE_P(Gcm, VectorUnits,
                         testing::Values(VectorUnit::kSse, VectorUnit::kAvx2, VectorUnit::kVaesAvx512), unit_name);

TEST(OpenSslGcm, RefusesAWrongTag) {
  const Bytes key(16, 7);
  OpenSslGcm sealer(key, PacketCipher::Direction::kSeal);
  OpenSslGcm opener(key, PacketCipher::Direction::kOpen);
  const Bytes associated(12, 1);
  Sealed sealed = seal(sealer, GcmIv{}, associated, Bytes(100, 2));
  sealed.tag[15] ^= 1;
  EXPECT_FALSE(opener.open(GcmIv{}, associated, sealed.bytes, sealed.tag.data()));
}

}  // namespace
}  // namespace noir
