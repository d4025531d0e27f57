#include "forward/codec/av1_sequence.hpp"

#include "forward/codec/bit_reader.hpp"

namespace noir {

namespace {

// §5.5.3, §5.5.4: what stands in front of the operating points.
struct Timing {
  bool has_decoder_model = false;
  std::uint32_t delay_bits = 0;
};

// §4.10.3
void skip_uvlc(BitReader& in) {
  unsigned zeros = 0;
  while (in.ok() && zeros < 32 && !in.flag()) ++zeros;
  if (zeros < 32) in.skip(zeros);
}

Timing read_timing(BitReader& in) {
  Timing timing;
  if (!in.flag()) return timing;
  in.skip(32 + 32);
  if (in.flag()) skip_uvlc(in);
  timing.has_decoder_model = in.flag();
  if (!timing.has_decoder_model) return timing;
  timing.delay_bits = in.bits(5) + 1;
  in.skip(32 + 5 + 5);
  return timing;
}

void read_operating_points(BitReader& in, Av1Sequence& sequence) {
  const Timing timing = read_timing(in);
  const bool has_display_delay = in.flag();
  const std::uint32_t count = in.bits(5) + 1;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    in.skip(12);
    const auto level = static_cast<std::uint8_t>(in.bits(5));
    const bool high_tier = level > 7 && in.flag();
    if (i == 0) {
      sequence.level = level;
      sequence.high_tier = high_tier;
    }
    if (timing.has_decoder_model && in.flag()) in.skip(2 * timing.delay_bits + 1);
    if (has_display_delay && in.flag()) in.skip(4);
  }
}

bool read_size(BitReader& in, Av1Sequence& sequence) {
  const std::uint32_t width_bits = in.bits(4) + 1;
  const std::uint32_t height_bits = in.bits(4) + 1;
  const std::uint32_t width = in.bits(width_bits) + 1;
  const std::uint32_t height = in.bits(height_bits) + 1;
  if (width > 0xFFFF || height > 0xFFFF) return false;
  sequence.size = {static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height)};
  return true;
}

// Which tools the encoder may use: of no interest.
void skip_tools(BitReader& in, bool reduced) {
  if (!reduced && in.flag()) in.skip(4 + 3);
  in.skip(3);
  if (!reduced) {
    in.skip(4);
    const bool order_hint = in.flag();
    if (order_hint) in.skip(2);
    const bool chooses_screen_content = in.flag();
    const bool screen_content = chooses_screen_content || in.flag();
    if (screen_content && !in.flag()) in.skip(1);
    if (order_hint) in.skip(3);
  }
  in.skip(3);
}

// §5.5.2
void read_color(BitReader& in, Av1Sequence& sequence) {
  constexpr std::uint32_t kSrgb = 1U << 16 | 13U << 8;  // BT.709 primaries, sRGB transfer, identity matrix.
  sequence.high_bitdepth = in.flag();
  sequence.twelve_bit = sequence.profile == 2 && sequence.high_bitdepth && in.flag();
  sequence.monochrome = sequence.profile != 1 && in.flag();
  const bool described = in.flag();
  const std::uint32_t description = described ? in.bits(24) : 0;
  if (sequence.monochrome) {
    in.skip(1);
    sequence.subsampling_x = sequence.subsampling_y = true;
    return;
  }
  if (described && description == kSrgb) return;
  in.skip(1);
  if (sequence.profile == 0) {
    sequence.subsampling_x = sequence.subsampling_y = true;
  } else if (sequence.profile == 2) {
    sequence.subsampling_x = !sequence.twelve_bit || in.flag();
    sequence.subsampling_y = sequence.twelve_bit && sequence.subsampling_x && in.flag();
  }
  if (sequence.subsampling_x && sequence.subsampling_y)
    sequence.sample_position = static_cast<std::uint8_t>(in.bits(2));
}

}  // namespace

std::optional<Av1Sequence> parse_av1_sequence(ByteSpan payload) {
  BitReader in(payload);
  Av1Sequence sequence;
  sequence.profile = static_cast<std::uint8_t>(in.bits(3));
  in.skip(1);
  const bool reduced = in.flag();
  if (reduced) {
    sequence.level = static_cast<std::uint8_t>(in.bits(5));
  } else {
    read_operating_points(in, sequence);
  }
  if (sequence.profile > 2 || !read_size(in, sequence)) return std::nullopt;
  skip_tools(in, reduced);
  read_color(in, sequence);
  return in.ok() ? std::optional(sequence) : std::nullopt;
}

}  // namespace noir
