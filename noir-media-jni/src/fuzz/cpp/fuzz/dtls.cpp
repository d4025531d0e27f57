// Datagrams of anybody into both roles of DTLS, before, amid and (record opening) after a handshake with a real peer.

#include <memory>
#include <vector>

#include "base/check.hpp"
#include "dtls/dtls_transport.hpp"
#include "dtls/record_filter.hpp"
#include "fuzz/input.hpp"

namespace {

using namespace noir;

struct Pair {
  Pair() : client(context(), DtlsRole::kClient), server(context(), DtlsRole::kServer) {
    client.set_remote_fingerprints(context().local_fingerprint());
    server.set_remote_fingerprints(context().local_fingerprint());
    client.start(Instant{});
  }

  static const DtlsContext& context() {
    static const Certificate certificate = Certificate::generate().value();
    static const DtlsContext context(certificate);
    return context;
  }

  // At most `datagrams` of each side; what they have to say is lost afterwards.
  void exchange(int datagrams) {
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < datagrams; ++i) {
      if (client.poll_transmit(bytes)) (void)server.handle_datagram(Instant{}, bytes);
      if (server.poll_transmit(bytes)) (void)client.handle_datagram(Instant{}, bytes);
    }
  }

  DtlsTransport client;
  DtlsTransport server;
};

void filter(ByteSpan datagram) {
  RecordFilter as_server(true);
  RecordFilter as_client(false);
  NOIR_CHECK(as_server.inspect(datagram, false).bytes.size() <= datagram.size());
  NOIR_CHECK(as_client.inspect(datagram, true).bytes.size() <= datagram.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  Pair pair;
  pair.exchange(input.byte() % 8);
  while (!input.empty()) {
    DtlsTransport& target = input.byte() % 2 == 0 ? pair.server : pair.client;
    const ByteSpan datagram = input.piece();
    filter(datagram);
    (void)target.handle_datagram(Instant{}, datagram);
    std::vector<std::uint8_t> data_of_nobody;
    NOIR_CHECK(!target.poll_data(data_of_nobody));
  }
  return 0;
}
