#include "base/socket_address.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

TEST(SocketAddress, PrintsBothFamilies) {
  EXPECT_EQ(SocketAddress::v4(192, 0, 2, 1, 5000).to_string(), "192.0.2.1:5000");
  SocketAddress v6;
  v6.ip = {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  v6.port = 443;
  EXPECT_EQ(v6.to_string(), "[2001:db8:0:0:0:0:0:1]:443");
  EXPECT_FALSE(v6.is_v4());
  EXPECT_TRUE(SocketAddress::v4(0, 0, 0, 0, 0).is_v4());
}

TEST(SocketAddress, PathsDifferBySocketAddressAndPort) {
  const Path a{0, SocketAddress::v4(10, 0, 0, 1, 1000)};
  const Path other_socket{1, a.remote};
  const Path other_port{0, SocketAddress::v4(10, 0, 0, 1, 1001)};
  const Path other_ip{0, SocketAddress::v4(10, 0, 0, 2, 1000)};
  const PathHash hash;
  EXPECT_EQ(hash(a), hash(Path{0, SocketAddress::v4(10, 0, 0, 1, 1000)}));
  for (const Path& other : {other_socket, other_port, other_ip}) {
    EXPECT_NE(a, other);
    EXPECT_NE(hash(a), hash(other));
  }
}

}  // namespace
}  // namespace noir
