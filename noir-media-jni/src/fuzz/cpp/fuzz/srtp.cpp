// Packets of anybody into SRTP's receiver: none is authentic, so nothing may come out of it.

#include <array>
#include <vector>

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "srtp/srtp_receiver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noir;
  fuzz::Input input(data, size);
  const SrtpProfile profile = kSrtpProfiles[input.byte() % std::size(kSrtpProfiles)];
  const std::array<std::uint8_t, 32> key{1, 2, 3};
  const std::array<std::uint8_t, 14> salt{4, 5, 6};
  auto receiver = SrtpReceiver::create(profile, key, salt);
  if (!receiver) return 0;
  while (!input.empty()) {
    const bool rtcp = input.byte() % 2 == 0;
    const ByteSpan piece = input.piece();
    std::vector<std::uint8_t> packet(piece.begin(), piece.end());
    NOIR_CHECK(!(rtcp ? receiver->unprotect_rtcp(packet) : receiver->unprotect(packet)).ok());
  }
  return 0;
}
