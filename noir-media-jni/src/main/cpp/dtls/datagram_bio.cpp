#include "dtls/datagram_bio.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace noir {

namespace {

DatagramPort& port_of(BIO* bio) { return *static_cast<DatagramPort*>(BIO_get_data(bio)); }

int write_datagram(BIO* bio, const char* bytes, int size) {
  if (size <= 0) return 0;
  const auto* p = reinterpret_cast<const std::uint8_t*>(bytes);
  port_of(bio).outgoing.emplace_back(p, p + size);
  return size;
}

int read_datagram(BIO* bio, char* bytes, int capacity) {
  BIO_clear_retry_flags(bio);
  DatagramPort& port = port_of(bio);
  if (port.incoming.empty() || capacity <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t size = std::min(port.incoming.size(), static_cast<std::size_t>(capacity));
  std::memcpy(bytes, port.incoming.data(), size);
  port.incoming = {};
  return static_cast<int>(size);
}

// MTU and timeouts are not the BIO's business here: the first is set on the SSL object, the second is ours.
long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) { return command == BIO_CTRL_FLUSH; }

BioMethodPtr make_method() {
  BioMethodPtr method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "noir datagrams"));
  NOIR_CHECK(method);
  BIO_meth_set_write(method.get(), write_datagram);
  BIO_meth_set_read(method.get(), read_datagram);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

}  // namespace

BIO* new_datagram_bio(DatagramPort& port) {
  static const BioMethodPtr method = make_method();  // Immutable after its creation; shared by all loops.
  BIO* bio = BIO_new(method.get());
  NOIR_CHECK(bio != nullptr);
  BIO_set_data(bio, &port);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace noir
