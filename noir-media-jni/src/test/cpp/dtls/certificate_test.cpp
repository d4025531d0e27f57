#include "dtls/certificate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace noir {
namespace {

bool equal(ByteSpan a, ByteSpan b) { return std::ranges::equal(a, b); }

TEST(CertificateTest, GeneratedOneSurvivesARoundTripThroughDer) {
  const auto original = Certificate::generate();
  ASSERT_TRUE(original.ok());
  const auto copy = Certificate::from_der(original->der(), original->private_key_der());
  ASSERT_TRUE(copy.ok());
  EXPECT_TRUE(equal(copy->der(), original->der()));
  EXPECT_TRUE(equal(copy->private_key_der(), original->private_key_der()));
  EXPECT_EQ(copy->sha256(), original->sha256());
}

TEST(CertificateTest, EveryGeneratedOneIsDifferent) {
  EXPECT_NE(Certificate::generate()->sha256(), Certificate::generate()->sha256());
}

TEST(CertificateTest, ForeignKeyIsRefused) {
  const auto a = Certificate::generate();
  const auto b = Certificate::generate();
  const auto mixed = Certificate::from_der(a->der(), b->private_key_der());
  ASSERT_FALSE(mixed.ok());
  EXPECT_EQ(mixed.error(), ErrorCode::kInvalidArgument);
}

TEST(CertificateTest, GarbageIsMalformed) {
  const auto good = Certificate::generate();
  const std::vector<std::uint8_t> garbage(64, 0x30);
  std::vector<std::uint8_t> trailing(good->der().begin(), good->der().end());
  trailing.push_back(0);
  for (const auto& result :
       {Certificate::from_der(garbage, good->private_key_der()), Certificate::from_der(good->der(), garbage),
        Certificate::from_der({}, {}), Certificate::from_der(trailing, good->private_key_der())}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error(), ErrorCode::kMalformed);
  }
}

}  // namespace
}  // namespace noir
