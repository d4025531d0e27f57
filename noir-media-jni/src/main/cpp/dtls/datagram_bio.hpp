#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "dtls/openssl_ptr.hpp"

namespace noir {

/// The two ends of an association in memory. A `BIO_s_mem` would melt datagrams together; here every write is one
/// datagram and every read gives one.
struct DatagramPort {
  ByteSpan incoming;                                // Read once, then empty.
  std::vector<std::vector<std::uint8_t>> outgoing;  // Written since the owner last looked.
};

/// A BIO over `port`, which must outlive it. OpenSSL gets a pointer and not an id, because the BIO dies with the SSL
/// object, and that with the owner of the port.
[[nodiscard]] BIO* new_datagram_bio(DatagramPort& port);

}  // namespace noir
