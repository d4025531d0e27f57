#include "srtp/packet_cipher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "srtp/aead_cipher.hpp"
#include "support/hex.hpp"

namespace noir {
namespace {

using test::hex;
using test::to_hex;
using Direction = PacketCipher::Direction;

SrtpSessionKeys session_keys(SrtpProfile profile, std::string_view key, std::string_view salt) {
  SrtpSessionKeys keys;
  keys.profile = profile;
  std::ranges::copy(hex(key), keys.cipher_key.begin());
  std::ranges::copy(hex(salt), keys.salt.begin());
  return keys;
}

OutPacket out_packet(ByteSpan packet, std::size_t header_size, std::size_t prefix_size, std::uint64_t index) {
  OutPacket out;
  std::ranges::copy(packet.first(header_size + prefix_size), out.head.begin());
  out.header_size = static_cast<std::uint16_t>(header_size);
  out.prefix_size = static_cast<std::uint16_t>(prefix_size);
  out.payload = packet.subspan(header_size + prefix_size);
  out.index = index;
  return out;
}

/// What this processor uses, and what one without AES-NI does.
std::vector<std::unique_ptr<PacketCipher>> aead_ciphers(const SrtpSessionKeys& keys, Direction direction) {
  std::vector<std::unique_ptr<PacketCipher>> ciphers;
  ciphers.push_back(make_packet_cipher(keys, direction));
  ciphers.push_back(std::make_unique<AeadCipher<OpenSslGcm>>(keys, direction));
  return ciphers;
}

struct Vector {
  const char* name;
  SrtpProfile profile;
  const char* key;
  const char* plain;
  const char* protected_packet;
};

constexpr auto kKey128 = "000102030405060708090a0b0c0d0e0f";
constexpr auto kKey256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr auto kSalt = "517569642070726f2071756f";

class Rfc7714Rtp : public testing::TestWithParam<Vector> {};

// However much of the payload stands in the prefix, the ciphertext is the same.
TEST_P(Rfc7714Rtp, SealsAndOpens) {
  const Vector& v = GetParam();
  const auto keys = session_keys(v.profile, v.key, kSalt);
  const auto plain = hex(v.plain);
  for (const auto& seal : aead_ciphers(keys, Direction::kSeal)) {
    for (const std::size_t prefix : {0, 1, 3, 16, 17, 38}) {
      std::vector<std::uint8_t> sealed(plain.size() + 16);
      ASSERT_EQ(*seal->seal_rtp(out_packet(plain, 12, prefix, 0xF17B), sealed), sealed.size());
      EXPECT_EQ(to_hex(sealed), v.protected_packet) << "prefix " << prefix;
    }
  }
  for (const auto& open : aead_ciphers(keys, Direction::kOpen)) {
    auto opened = hex(v.protected_packet);
    ASSERT_EQ(*open->open_rtp(0xF17B, 12, opened), plain.size());
    EXPECT_EQ(to_hex(MutableByteSpan(opened).first(plain.size())), v.plain);
  }
}

constexpr auto kRtp =
    "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
INSTANTIATE_TEST_SUITE_P(Section16, Rfc7714Rtp,
                         testing::Values(Vector{"Gcm128", SrtpProfile::kAeadAes128Gcm, kKey128, kRtp,
                                                "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e"
                                                "6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"},
                                         Vector{"Gcm256", SrtpProfile::kAeadAes256Gcm, kKey256, kRtp,
                                                "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2"
                                                "f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13"}),
                         [](const auto& v) { return v.param.name; });

class Rfc7714Rtcp : public testing::TestWithParam<Vector> {};

TEST_P(Rfc7714Rtcp, SealsAndOpens) {
  const Vector& v = GetParam();
  const auto keys = session_keys(v.profile, v.key, kSalt);
  const auto plain = hex(v.plain);
  for (const auto& seal : aead_ciphers(keys, Direction::kSeal)) {
    std::vector<std::uint8_t> sealed(plain.size() + kMaxSrtcpOverhead);
    ASSERT_EQ(*seal->seal_rtcp(0x5D4, plain, sealed), sealed.size());
    EXPECT_EQ(to_hex(sealed), v.protected_packet);
  }
  for (const auto& open : aead_ciphers(keys, Direction::kOpen)) {
    auto opened = hex(v.protected_packet);
    EXPECT_EQ(open->rtcp_index_word(opened), 0x800005D4U);
    ASSERT_EQ(*open->open_rtcp(opened), plain.size());
    EXPECT_EQ(to_hex(MutableByteSpan(opened).first(plain.size())), v.plain);
  }
}

constexpr auto kRtcp =
    "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
INSTANTIATE_TEST_SUITE_P(Section17, Rfc7714Rtcp,
                         testing::Values(Vector{"Gcm128", SrtpProfile::kAeadAes128Gcm, kKey128, kRtcp,
                                                "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5"
                                                "f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade8000"
                                                "05d4"},
                                         Vector{"Gcm256", SrtpProfile::kAeadAes256Gcm, kKey256, kRtcp,
                                                "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5"
                                                "c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be8000"
                                                "05d4"}),
                         [](const auto& v) { return v.param.name; });

// RFC 3711 appendix B.2: the keystream for SSRC 0, ROC 0, seq 0, seen as the encryption of zeros.
TEST(CounterCipher, MakesTheKeystreamOfRfc3711AppendixB2) {
  const auto keys =
      session_keys(SrtpProfile::kAes128CmSha1_80, "2B7E151628AED2A6ABF7158809CF4F3C", "F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
  std::vector<std::uint8_t> plain(12 + 48);
  plain[0] = 0x80;
  std::vector<std::uint8_t> sealed(plain.size() + 10);
  ASSERT_TRUE(make_packet_cipher(keys, Direction::kSeal)->seal_rtp(out_packet(plain, 12, 0, 0), sealed).ok());
  EXPECT_EQ(to_hex(ByteSpan(sealed).subspan(12, 48)),
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0");
}

}  // namespace
}  // namespace noir
