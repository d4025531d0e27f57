#include "forward/codec/h264_payloads.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "forward/codec/h264_nal.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxUnits = 2048;
// Octets of a parameter set: one packet, for browsers look for none in fragments.
constexpr std::size_t kMaxSet = PayloadList::kMaxPayload;

using Units = std::vector<ByteSpan>;

std::uint8_t type_of(ByteSpan unit) { return unit[0] & h264::kType; }

bool is_unit(ByteSpan unit) {
  return !unit.empty() && (unit[0] & h264::kForbidden) == 0 && type_of(unit) != 0 && type_of(unit) <= h264::kLastSingle;
}

bool has(const Units& units, std::uint8_t type) {
  return std::any_of(units.begin(), units.end(), [&](ByteSpan unit) { return type_of(unit) == type; });
}

bool read_sets(ByteReader& in, unsigned count, std::uint8_t type, std::vector<std::vector<std::uint8_t>>& out) {
  for (; count > 0; --count) {
    const ByteSpan unit = in.take(in.u16());
    if (!is_unit(unit) || type_of(unit) != type || unit.size() > kMaxSet) return false;
    out.emplace_back(unit.begin(), unit.end());
  }
  return in.ok();
}

// Delimiters and filler say nothing that packets don't.
bool read_units(ByteSpan frame, std::size_t length_size, Units& units) {
  ByteReader in(frame);
  while (in.remaining() > 0) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_size; ++i) length = length << 8 | in.u8();
    const ByteSpan unit = in.take(length);
    if (!in.ok() || !is_unit(unit) || units.size() == kMaxUnits) return false;
    if (type_of(unit) != h264::kDelimiter && type_of(unit) != h264::kFiller) units.push_back(unit);
  }
  return !units.empty();
}

void write_fragments(ByteSpan unit, PayloadList& out) {
  split(unit.subspan(1), PayloadList::kMaxPayload - 2, [&](ByteSpan part, bool first, bool last) {
    out.begin();
    out.add(static_cast<std::uint8_t>((unit[0] & h264::kImportance) | h264::kFuA));
    out.add(static_cast<std::uint8_t>((first ? h264::kFuStart : 0) | (last ? h264::kFuEnd : 0) | type_of(unit)));
    out.add(part);
  });
}

// RFC 6184 §5.7.1: the aggregate is as important as the most important of its units.
void write_aggregate(std::span<const ByteSpan> units, PayloadList& out) {
  std::uint8_t importance = 0;
  for (const ByteSpan unit : units) importance = std::max<std::uint8_t>(importance, unit[0] & h264::kImportance);
  out.begin();
  out.add(importance | h264::kStapA);
  for (const ByteSpan unit : units) {
    out.add(static_cast<std::uint8_t>(unit.size() >> 8));
    out.add(static_cast<std::uint8_t>(unit.size()));
    out.add(unit);
  }
}

// How many of `units`, which are not empty, go into one packet.
std::size_t count_together(std::span<const ByteSpan> units) {
  std::size_t size = 1;
  std::size_t count = 0;
  for (const ByteSpan unit : units) {
    size += 2 + unit.size();
    if (size > PayloadList::kMaxPayload) break;
    ++count;
  }
  return std::max<std::size_t>(count, 1);
}

}  // namespace

bool H264Parameters::read(ByteSpan configuration) {
  ByteReader in(configuration);
  std::vector<std::vector<std::uint8_t>> sets;
  const std::uint8_t version = in.u8();
  in.skip(3);  // Profile, constraints, level.
  const std::size_t length_size = (in.u8() & 3U) + 1;
  const bool sps = read_sets(in, in.u8() & 0x1FU, h264::kSps, sets) && !sets.empty();
  if (version != 1 || !sps || !read_sets(in, in.u8(), h264::kPps, sets)) return false;
  sets_ = std::move(sets);
  length_size_ = length_size;
  return true;
}

bool write_h264_payloads(ByteSpan frame, bool key, ByteSpan configuration, H264Parameters& parameters,
                         PayloadList& out) {
  if (!configuration.empty() && !parameters.read(configuration)) return false;
  Units units;
  if (!read_units(frame, parameters.length_size(), units)) return false;
  if ((key || has(units, h264::kIdr)) && !has(units, h264::kSps)) {
    if (parameters.sets().empty()) return false;
    units.insert(units.begin(), parameters.sets().begin(), parameters.sets().end());
  }
  for (auto rest = std::span<const ByteSpan>(units); !rest.empty();) {
    const std::size_t count = count_together(rest);
    if (count > 1) {
      write_aggregate(rest.first(count), out);
    } else if (rest[0].size() <= PayloadList::kMaxPayload) {
      out.begin();
      out.add(rest[0]);
    } else {
      write_fragments(rest[0], out);
    }
    rest = rest.subspan(count);
  }
  return true;
}

}  // namespace noir
