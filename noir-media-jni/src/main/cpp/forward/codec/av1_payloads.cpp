#include "forward/codec/av1_payloads.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "forward/codec/av1_obu.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxObus = 2048;
constexpr std::size_t kConfigurationHead = 4;
// A fragment that is smaller than this is not worth its length: another packet begins.
constexpr std::size_t kLeastRoom = 32;

struct Obu {
  std::array<std::uint8_t, 2> head{};  // Without a size.
  std::size_t head_size = 1;
  ByteSpan payload;

  [[nodiscard]] std::uint8_t type() const { return head[0] >> 3 & 0x0F; }
  [[nodiscard]] std::size_t size() const { return head_size + payload.size(); }
};

// §5: what is no use in packets is left out. The last OBU may have no size.
bool read_obus(ByteSpan unit, std::vector<Obu>& obus) {
  ByteReader in(unit);
  while (in.remaining() > 0) {
    Obu obu;
    const std::uint8_t header = in.u8();
    obu.head[0] = static_cast<std::uint8_t>(header & ~av1::kHasSize);
    if ((header & av1::kExtension) != 0) obu.head[obu.head_size++] = in.u8();
    const auto size = (header & av1::kHasSize) != 0 ? av1::read_leb128(in) : std::optional(in.remaining());
    if (!size || (header & av1::kForbidden) != 0 || obus.size() == kMaxObus) return false;
    obu.payload = in.take(*size);
    if (!in.ok()) return false;
    const std::uint8_t type = obu.type();
    if (type != av1::kTemporalDelimiter && type != av1::kTileList && type != av1::kPadding) obus.push_back(obu);
  }
  return true;
}

bool is_sequence_header(const Obu& obu) { return obu.type() == av1::kSequenceHeader; }

bool add_sequence_header(ByteSpan configuration, std::vector<Obu>& obus) {
  std::vector<Obu> said;
  if (configuration.size() <= kConfigurationHead) return false;
  if (!read_obus(configuration.subspan(kConfigurationHead), said)) return false;
  const auto found = std::find_if(said.begin(), said.end(), is_sequence_header);
  if (found == said.end()) return false;
  obus.insert(obus.begin(), *found);
  return true;
}

/// Puts elements into packets, each behind its length (W = 0).
class ElementWriter {
 public:
  ElementWriter(PayloadList& out, bool new_sequence) : out_(out), first_(new_sequence ? av1::kNewSequence : 0) {}

  void add(const Obu& obu) {
    for (std::size_t at = 0; at < obu.size();) {
      const std::size_t left = obu.size() - at;
      if (out_.room() < std::min(left + kMaxLength, kLeastRoom)) begin(at > 0);
      const std::size_t part = std::min(left, out_.room() - kMaxLength);
      add_length(part);
      add_part(obu, at, part);
      at += part;
    }
  }

 private:
  static constexpr std::size_t kMaxLength = 2;  // Of what fits a payload.

  void begin(bool continues) {
    if (continues) out_.mark(av1::kContinued);
    out_.begin();
    out_.add(static_cast<std::uint8_t>((continues ? av1::kContinues : 0) | first_));
    first_ = 0;
  }
  void add_length(std::size_t length) {
    if (length >= 0x80) out_.add(static_cast<std::uint8_t>(length | 0x80));
    out_.add(static_cast<std::uint8_t>(length >= 0x80 ? length >> 7 : length));
  }
  void add_part(const Obu& obu, std::size_t at, std::size_t size) {
    const ByteSpan head = ByteSpan(obu.head).first(obu.head_size);
    const std::size_t of_head = at < head.size() ? std::min(head.size() - at, size) : 0;
    if (of_head > 0) out_.add(head.subspan(at, of_head));
    out_.add(obu.payload.subspan(at + of_head - head.size(), size - of_head));
  }

  PayloadList& out_;
  std::uint8_t first_;  // Flags of the first packet.
};

}  // namespace

bool write_av1_payloads(ByteSpan unit, bool key, ByteSpan configuration, PayloadList& out) {
  std::vector<Obu> obus;
  if (!read_obus(unit, obus)) return false;
  const bool headed = std::any_of(obus.begin(), obus.end(), is_sequence_header);
  if (obus.empty() || (key && !headed && !add_sequence_header(configuration, obus))) return false;
  ElementWriter writer(out, key);
  for (const Obu& obu : obus) writer.add(obu);
  return true;
}

}  // namespace noir
