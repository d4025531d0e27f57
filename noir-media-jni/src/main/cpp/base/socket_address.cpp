#include "base/socket_address.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace noir {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// Finaliser of MurmurHash3; peers cannot choose our socket and port freely enough to need a keyed hash here.
std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDULL;
  h ^= h >> 33;
  h *= 0xC4CEB9FE1A85EC53ULL;
  h ^= h >> 33;
  return h;
}

}  // namespace

SocketAddress SocketAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
  SocketAddress result;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), result.ip.begin());
  result.ip[12] = a;
  result.ip[13] = b;
  result.ip[14] = c;
  result.ip[15] = d;
  result.port = port;
  return result;
}

bool SocketAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin()); }

std::string SocketAddress::to_string() const {
  std::array<char, 64> text{};
  if (is_v4()) {
    (void)std::snprintf(text.data(), text.size(), "%u.%u.%u.%u:%u", ip[12], ip[13], ip[14], ip[15], port);
    return text.data();
  }
  std::string result = "[";
  for (std::size_t i = 0; i < ip.size(); i += 2) {
    (void)std::snprintf(text.data(), text.size(), "%s%x", i == 0 ? "" : ":", (ip[i] << 8) | ip[i + 1]);
    result += text.data();
  }
  return result + "]:" + std::to_string(port);
}

std::size_t PathHash::operator()(const Path& path) const {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, path.remote.ip.data(), sizeof high);
  std::memcpy(&low, path.remote.ip.data() + sizeof high, sizeof low);
  const std::uint64_t ports = (static_cast<std::uint64_t>(path.local) << 16) | path.remote.port;
  return static_cast<std::size_t>(mix(high ^ mix(low ^ mix(ports))));
}

}  // namespace noir
