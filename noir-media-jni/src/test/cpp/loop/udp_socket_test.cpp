#include "loop/udp_socket.hpp"

#include <gtest/gtest.h>

#include "loop/loopback.hpp"
#include "loop/system_error.hpp"

namespace noir {
namespace {

using test::has_ipv6;
using test::loopback;
using test::loopback6;

TEST(UdpSocket, BindsAnEphemeralPort) {
  const UdpSocket socket(loopback());
  EXPECT_NE(socket.local().port, 0);
  EXPECT_EQ(socket.local(), loopback(socket.local().port));
}

TEST(UdpSocket, SamePortInBothFamilies) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 loopback";
  const UdpSocket v6(loopback6());
  const UdpSocket v4(loopback(v6.local().port));
  EXPECT_EQ(v4.local().port, v6.local().port);
}

TEST(UdpSocket, NamesAddressAndPortThatAreInUse) {
  const UdpSocket first(loopback());
  const std::uint16_t port = first.local().port;
  try {
    const UdpSocket second(loopback(port));
    FAIL() << "bound twice";
  } catch (const SystemError& e) {
    EXPECT_EQ(std::string(e.what()),
              "cannot bind UDP 127.0.0.1 port " + std::to_string(port) + ": Address already in use");
  }
}

TEST(UdpSocket, NamesAnAddressThatIsNotOurs) {
  try {
    const UdpSocket socket(SocketAddress::v4(192, 0, 2, 1, 0));  // RFC 5737 §3: nobody's.
    FAIL() << "bound a foreign address";
  } catch (const SystemError& e) {
    EXPECT_EQ(std::string(e.what()), "cannot bind UDP 192.0.2.1 port 0: Cannot assign requested address");
  }
}

TEST(UdpSocket, AddressesSurviveTheKernelsForm) {
  SocketAddress v6 = loopback6(5000);
  v6.scope_id = 7;
  for (const SocketAddress& address : {loopback(5000), v6}) {
    SystemAddress system{};
    (void)to_system(address, system);
    EXPECT_EQ(from_system(system), address);
  }
}

}  // namespace
}  // namespace noir
