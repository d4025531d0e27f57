#include "sim/twcc_tally.hpp"

namespace noir {

bool TwccTally::handle_feedback(ByteSpan body) {
  ByteReader reader(body);
  reader.skip(8);  // SSRCs of sender and media.
  std::uint16_t seq = reader.u16();
  std::size_t left = reader.u16();
  reader.skip(4);  // Reference time, feedback count.
  while (left > 0 && reader.ok()) {
    const std::uint16_t chunk = reader.u16();
    if (!reader.ok()) return false;
    if ((chunk & 0x8000) == 0) {  // Run length: 2 bits of symbol, 13 of length.
      const bool arrived = ((chunk >> 13) & 3) != 0;
      for (std::size_t run = chunk & 0x1FFF; run > 0 && left > 0; --run, --left) report(seq++, arrived);
      continue;
    }
    const bool two_bits = (chunk & 0x4000) != 0;
    for (int i = 0; i < (two_bits ? 7 : 14) && left > 0; ++i, --left) {
      const int symbol = two_bits ? (chunk >> (12 - 2 * i)) & 3 : (chunk >> (13 - i)) & 1;
      report(seq++, symbol != 0);
    }
  }
  ++messages_;
  return reader.ok();
}

// A number that is reported lost may be reported received later, not the other way round.
void TwccTally::report(std::uint16_t transport_seq, bool arrived) {
  if (status_.empty()) {
    ++invented_;
    return;
  }
  Status& status = status_[transport_seq];
  if (status == Status::kUnsent) ++invented_;
  if (status != Status::kSent) return;
  if (!arrived) {
    ++lost_;
    return;
  }
  ++received_;
  status = Status::kReported;
}

}  // namespace noir
