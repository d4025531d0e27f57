// Compound RTCP, decrypted.

#include <variant>

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "rtp/rtcp_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  noir::RtcpReader reader(noir::ByteSpan(data, size));
  std::size_t messages = 0;
  while (const auto message = reader.next()) {
    ++messages;
    const auto* feedback = std::get_if<noir::TransportFeedback>(&*message);
    if (feedback == nullptr) continue;
    std::size_t statuses = 0;
    feedback->for_each_run([&](std::uint16_t, std::size_t count, std::int64_t) { statuses += count; });
    NOIR_CHECK(statuses == feedback->status_count);
  }
  NOIR_CHECK(messages <= size / noir::kRtcpHeaderSize);
  return 0;
}
