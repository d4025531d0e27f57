#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace noir::test {

/// What a transport-wide feedback message says, as a sender would read it.
struct TwccReport {
  struct Entry {
    std::uint16_t seq;
    std::int64_t ticks;  // -1 = not received.
  };
  std::uint16_t base = 0;
  std::uint8_t feedback_count = 0;
  std::vector<Entry> entries;
};

/// An independent reader of draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1, for tests: one RTCP packet.
inline std::optional<TwccReport> read_twcc(ByteSpan packet) {
  ByteReader in(packet);
  const std::uint8_t first = in.u8();
  if ((first & 0x1F) != 15 || in.u8() != 205 || (in.u16() + 1U) * 4 != packet.size()) return std::nullopt;
  in.skip(8);
  TwccReport report;
  report.base = in.u16();
  const std::uint16_t count = in.u16();
  std::int64_t ticks = std::int64_t{in.u24()} * 256;
  report.feedback_count = in.u8();
  std::vector<unsigned> symbols;
  while (symbols.size() < count && in.ok()) {
    const unsigned chunk = in.u16();
    if ((chunk & 0x8000) == 0) {
      symbols.insert(symbols.end(), chunk & 0x1FFF, (chunk >> 13) & 3);
    } else if ((chunk & 0x4000) == 0) {
      for (int bit = 13; bit >= 0; --bit) symbols.push_back((chunk >> bit) & 1);
    } else {
      for (int bit = 12; bit >= 0; bit -= 2) symbols.push_back((chunk >> bit) & 3);
    }
  }
  symbols.resize(count);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] == 3) return std::nullopt;
    if (symbols[i] == 1) ticks += in.u8();
    if (symbols[i] == 2) ticks += static_cast<std::int16_t>(in.u16());
    report.entries.push_back({static_cast<std::uint16_t>(report.base + i), symbols[i] == 0 ? -1 : ticks});
  }
  const std::size_t padding = (first & 0x20) != 0 ? packet.back() : 0U;
  if (!in.ok() || in.remaining() != padding || padding > 3) return std::nullopt;
  return report;
}

}  // namespace noir::test
