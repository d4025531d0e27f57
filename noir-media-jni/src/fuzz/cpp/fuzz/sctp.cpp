// What an authenticated peer can send: SCTP packets with any chunks, with the right verification tag or not, and DCEP.

#include <vector>

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "sctp/dcep.hpp"
#include "sctp/sctp_association.hpp"

namespace {

using namespace noir;

// Two associations that are connected; the fuzzer speaks in the name of the first.
struct Pair {
  explicit Pair(SctpLoop& loop)
      : client(loop, {.tag = 1, .dtls_client = true, .max_channels = 8}), server(loop, {.tag = 2, .max_channels = 8}) {
    client.connect();
    server.connect();
    exchange();
  }

  void exchange() {
    std::vector<std::uint8_t> packet;
    for (bool moved = true; moved;) {
      moved = false;
      while (client.poll_transmit(packet)) {
        moved = true;
        if (packet.size() >= 12) header.assign(packet.begin(), packet.begin() + 12);
        server.handle_packet(packet);
      }
      while (server.poll_transmit(packet)) {
        moved = true;
        client.handle_packet(packet);
      }
      while (server.poll_event()) {
      }
      while (client.poll_event()) {
      }
    }
  }

  SctpAssociation client;
  SctpAssociation server;
  std::vector<std::uint8_t> header;  // Ports and verification tag that the server takes.
};

void read_dcep(ByteSpan message) {
  (void)dcep_type(message);
  const auto open = parse_dcep_open(message);
  if (open) NOIR_CHECK(open->label.size() + open->protocol.size() <= message.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Instant now{std::chrono::seconds(1)};
  fuzz::Input input(data, size);
  SctpLoop loop;
  Pair pair(loop);
  while (!input.empty()) {
    const bool with_header = input.byte() % 4 != 0;
    const ByteSpan piece = input.piece();
    read_dcep(piece);
    std::vector<std::uint8_t> packet = with_header ? pair.header : std::vector<std::uint8_t>();
    packet.insert(packet.end(), piece.begin(), piece.end());
    pair.server.handle_packet(packet);
    pair.exchange();
    now += std::chrono::milliseconds(input.byte());
    loop.handle_timeout(now);
    while (loop.poll_ready()) {
    }
    NOIR_CHECK(pair.server.channel_count() <= 8);
  }
  return 0;
}
