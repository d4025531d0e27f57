#include "dtls/handshake_memory.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "dtls/crypto_library.hpp"

namespace noir {
namespace {

// As in production, and before the first test uses OpenSSL: so all tests of this folder run with memory given back.
const bool kStarted = start_crypto_library();

constexpr std::size_t kSize = 21'848;

MutableByteSpan filled_block(std::size_t size) {
  auto* block = static_cast<std::uint8_t*>(OPENSSL_malloc(size));
  std::fill_n(block, size, std::uint8_t{0xAB});
  return {block, size};
}

std::size_t zeros(ByteSpan bytes) { return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), 0)); }

TEST(HandshakeMemoryTest, GivesBackTheWholePagesOfTheHandshakesBuffer) {
  ASSERT_TRUE(kStarted);
  HandshakeMemory memory;
  const HandshakeMemory::Scope scope(memory);
  const MutableByteSpan block = filled_block(kSize);
  memory.release();
  EXPECT_GE(zeros(block), std::size_t{16'384});
  EXPECT_EQ(block.front(), 0xAB) << "beside the block";
  EXPECT_EQ(block.back(), 0xAB) << "beside the block";
  OPENSSL_free(block.data());
}

TEST(HandshakeMemoryTest, LeavesOtherBlocksAlone) {
  HandshakeMemory memory;
  const HandshakeMemory::Scope scope(memory);
  const MutableByteSpan other = filled_block(kSize + 1);
  const MutableByteSpan freed = filled_block(kSize);
  OPENSSL_free(freed.data());
  memory.release();
  EXPECT_EQ(zeros(other), 0U);
  OPENSSL_free(other.data());
}

TEST(HandshakeMemoryTest, LeavesBlocksOfOtherScopesAlone) {
  HandshakeMemory memory;
  const MutableByteSpan before = filled_block(kSize);
  const HandshakeMemory::Scope scope(memory);
  memory.release();
  EXPECT_EQ(zeros(before), 0U);
  OPENSSL_free(before.data());
}

TEST(HandshakeMemoryTest, DoesNothingWhenItCannotTellWhichBlockItIs) {
  HandshakeMemory memory;
  const HandshakeMemory::Scope scope(memory);
  const MutableByteSpan one = filled_block(kSize);
  const MutableByteSpan two = filled_block(kSize);
  memory.release();
  EXPECT_EQ(zeros(one) + zeros(two), 0U);
  OPENSSL_free(one.data());
  OPENSSL_free(two.data());
}

}  // namespace
}  // namespace noir
