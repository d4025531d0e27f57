#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace noir::test {

/// Writes bits, most significant first.
class BitWriter {
 public:
  BitWriter& bits(std::uint32_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() |= static_cast<std::uint8_t>((value >> i & 1U) << (7 - used_++ % 8));
    }
    return *this;
  }
  /// ns(n) of the AV1 specification.
  BitWriter& below(std::uint32_t value, std::uint32_t limit) {
    const auto width = static_cast<unsigned>(std::bit_width(limit));
    const std::uint32_t shorter = (1U << width) - limit;
    return value < shorter ? bits(value, width - 1) : bits(value + shorter, width);
  }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
  unsigned used_ = 0;
};

/// A template of a structure: its layers, what it is to each decode target ("-" not there, "D", "S", "R"), how far back
/// the last frame of each chain is.
struct FrameTemplate {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::string targets;
  std::vector<std::uint8_t> chains;
};

/// A dependency structure to write: templates ordered by layer, and per target the chain that protects it.
struct WrittenStructure {
  std::uint8_t first_template = 0;
  std::vector<FrameTemplate> templates;
  std::vector<std::uint8_t> protected_by;
  std::uint32_t chains = 0;
};

inline void write_structure(BitWriter& out, const WrittenStructure& s) {
  const auto targets = static_cast<std::uint32_t>(s.protected_by.size());
  out.bits(s.first_template, 6).bits(targets - 1, 5);
  for (std::size_t i = 1; i <= s.templates.size(); ++i) {
    if (i == s.templates.size()) {
      out.bits(3, 2);
    } else if (s.templates[i].spatial != s.templates[i - 1].spatial) {
      out.bits(2, 2);
    } else {
      out.bits(s.templates[i].temporal != s.templates[i - 1].temporal ? 1 : 0, 2);
    }
  }
  for (const auto& t : s.templates) {
    for (const char c : t.targets) out.bits(static_cast<std::uint32_t>(std::string("-DSR").find(c)), 2);
  }
  for (std::size_t i = 0; i < s.templates.size(); ++i) out.bits(0b10000, 5).bits(0, 1);  // One reference, 1 back.
  out.below(s.chains, targets + 1);
  if (s.chains != 0) {
    for (const std::uint8_t chain : s.protected_by) out.below(chain, s.chains);
    for (const auto& t : s.templates) {
      for (const std::uint8_t diff : t.chains) out.bits(diff, 4);
    }
  }
  out.bits(0, 1);  // No resolutions.
}

/// A descriptor: the mandatory part, and with `structure` that too.
struct WrittenDescriptor {
  bool start = true;
  bool end = true;
  std::uint8_t template_id = 0;
  std::uint16_t frame = 0;
  const WrittenStructure* structure = nullptr;
};

inline std::vector<std::uint8_t> make_descriptor(const WrittenDescriptor& d) {
  BitWriter out;
  out.bits(d.start ? 1 : 0, 1).bits(d.end ? 1 : 0, 1).bits(d.template_id, 6).bits(d.frame, 16);
  if (d.structure != nullptr) {
    out.bits(0b10000, 5);
    write_structure(out, *d.structure);
  }
  return out.bytes();
}

/// One spatial layer, three temporal ones: frames 0 2 1 2; one chain, of layer 0.
inline WrittenStructure one_by_three() {
  return {.first_template = 5,
          .templates = {{0, 0, "SSS", {0}},   // 5: key
                        {0, 0, "SSS", {4}},   // 6
                        {0, 1, "-DS", {2}},   // 7
                        {0, 2, "--D", {1}},   // 8: the first of a group
                        {0, 2, "--D", {3}}},  // 9: the second
          .protected_by = {0, 0, 0},
          .chains = 1};
}

/// Two spatial layers that depend on each other in key pictures only (L2T1_KEY).
inline WrittenStructure two_apart() {
  return {.first_template = 0,
          .templates = {{0, 0, "SS", {0, 0}},   // 0: key
                        {0, 0, "S-", {2, 1}},   // 1
                        {1, 0, "-S", {1, 1}},   // 2: key
                        {1, 0, "-S", {1, 2}}},  // 3
          .protected_by = {0, 1},
          .chains = 2};
}

/// Two spatial layers, the upper one always built on the lower one (L2T1).
inline WrittenStructure two_stacked() {
  return {.first_template = 0,
          .templates = {{0, 0, "SS", {0, 0}},   // 0: key
                        {0, 0, "SR", {2, 1}},   // 1
                        {1, 0, "-S", {1, 1}},   // 2: key
                        {1, 0, "-R", {1, 1}}},  // 3
          .protected_by = {0, 1},
          .chains = 2};
}

}  // namespace noir::test
