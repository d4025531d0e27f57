#include "srtp/key_derivation.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace noir {
namespace {

using test::hex;
using test::to_hex;

// RFC 3711 appendix B.3.
const auto kMasterKey = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
const auto kMasterSalt = hex("0EC675AD498AFEEBB6960B3AABE6");

TEST(KeyDerivation, MatchesRfc3711AppendixB3) {
  const auto keys = derive_session_keys(SrtpProfile::kAes128CmSha1_80, SrtpKeyUse::kRtp, kMasterKey, kMasterSalt);
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(to_hex(keys->cipher_key_bytes()), "c61e7a93744f39ee10734afe3ff7a087");
  EXPECT_EQ(to_hex(keys->salt), "30cbbc08863d8c85d49db34a9ae1");
  EXPECT_EQ(to_hex(keys->auth_key), "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
}

TEST(KeyDerivation, GivesRtcpOtherKeys) {
  const auto rtp = derive_session_keys(SrtpProfile::kAeadAes128Gcm, SrtpKeyUse::kRtp, kMasterKey, kMasterSalt);
  const auto rtcp = derive_session_keys(SrtpProfile::kAeadAes128Gcm, SrtpKeyUse::kRtcp, kMasterKey, kMasterSalt);
  EXPECT_NE(rtp->cipher_key, rtcp->cipher_key);
  EXPECT_NE(rtp->salt, rtcp->salt);
}

// RFC 7714 §11: the 96-bit salt is extended by zeros, so the PRF of RFC 3711 gives the same key for both forms.
TEST(KeyDerivation, ExtendsTheAeadSaltWithZeros) {
  auto zero_ended = kMasterSalt;
  zero_ended[12] = 0;
  zero_ended[13] = 0;
  const auto aead =
      derive_session_keys(SrtpProfile::kAeadAes128Gcm, SrtpKeyUse::kRtp, kMasterKey, ByteSpan(kMasterSalt).first(12));
  const auto cm = derive_session_keys(SrtpProfile::kAes128CmSha1_80, SrtpKeyUse::kRtp, kMasterKey, zero_ended);
  ASSERT_TRUE(aead.ok());
  EXPECT_EQ(aead->cipher_key, cm->cipher_key);
  EXPECT_EQ(to_hex(ByteSpan(aead->salt).first(12)), to_hex(ByteSpan(cm->salt).first(12)));
}

TEST(KeyDerivation, RefusesShortKeysAndSalts) {
  const auto short_key = derive_session_keys(SrtpProfile::kAeadAes256Gcm, SrtpKeyUse::kRtp, kMasterKey, kMasterSalt);
  EXPECT_EQ(short_key.error(), ErrorCode::kInvalidArgument);
  const auto short_salt =
      derive_session_keys(SrtpProfile::kAes128CmSha1_80, SrtpKeyUse::kRtp, kMasterKey, ByteSpan(kMasterSalt).first(12));
  EXPECT_EQ(short_salt.error(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace noir
