// Compound RTCP, decrypted.

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "rtp/rtcp_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  noir::RtcpReader reader(noir::ByteSpan(data, size));
  std::size_t messages = 0;
  while (reader.next()) ++messages;
  NOIR_CHECK(messages <= size / noir::kRtcpHeaderSize);
  return 0;
}
