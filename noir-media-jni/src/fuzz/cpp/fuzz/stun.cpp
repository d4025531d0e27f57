// STUN: any datagram into the parser, and into the lite agent as if its sender knew the password.

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "stun/ice_lite.hpp"
#include "stun/message.hpp"

namespace {

noir::HmacSha1& key() {
  static noir::HmacSha1 key(noir::ByteSpan(reinterpret_cast<const std::uint8_t*>("password"), 8));
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noir;
  const ByteSpan datagram(data, size);
  const auto message = parse_stun(datagram);
  if (!message) return 0;
  NOIR_CHECK(looks_like_stun(datagram));
  NOIR_CHECK(message->integrity_offset <= datagram.size());
  (void)verify_integrity(*message, key());
  (void)username_remote_ufrag(*message);
  (void)username_local_ufrag(*message);
  IceLite agent({"ufrag", "password"});
  agent.set_remote({"theirs", "their password"});
  std::array<std::uint8_t, IceLite::kMaxResponseSize> answer{};
  const Path path{0, SocketAddress::v4(192, 0, 2, 1, 1000)};
  const std::size_t answered = agent.handle_request(Instant{}, path, *message, answer).size;
  // Who does not know the password never gets more than he gave.
  if (agent.find(path) == nullptr) NOIR_CHECK(answered <= size);
  return 0;
}
