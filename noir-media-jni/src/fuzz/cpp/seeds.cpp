// Seeds for the fuzzers, taken from a simulated call: noir_fuzz_seeds DIRECTORY makes a folder in it for each target.

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "sfu/demux.hpp"
#include "sim/random_room.hpp"
#include "support/encoded_source.hpp"

namespace {

using namespace noir;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostPerKind = 200;

class Corpus {
 public:
  explicit Corpus(std::filesystem::path root) : root_(std::move(root)) {}

  void add(const std::string& target, const Bytes& bytes) {
    const std::size_t number = counts_[target]++;
    if (number >= kMostPerKind) return;
    std::filesystem::create_directories(root_ / target);
    std::ofstream file(root_ / target / ("seed-" + std::to_string(number)), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::filesystem::path root_;
  std::map<std::string, std::size_t> counts_;
};

// As `fuzz::Input::piece` reads it, behind one byte of choice.
Bytes piece(std::uint8_t choice, ByteSpan bytes) {
  Bytes result{choice, static_cast<std::uint8_t>(bytes.size() >> 8), static_cast<std::uint8_t>(bytes.size())};
  result.insert(result.end(), bytes.begin(), bytes.end());
  return result;
}

Bytes after(std::uint8_t first, const Bytes& rest) {
  Bytes result{first};
  result.insert(result.end(), rest.begin(), rest.end());
  return result;
}

void add_datagram(Corpus& corpus, const SimDatagram& datagram) {
  switch (classify(datagram.bytes)) {
    case DatagramKind::kStun:
      return corpus.add("stun", datagram.bytes);
    case DatagramKind::kDtls:
      return corpus.add("dtls", after(2, piece(0, datagram.bytes)));
    case DatagramKind::kRtp:
      return corpus.add("srtp", after(0, piece(1, datagram.bytes)));
    case DatagramKind::kRtcp:
      return corpus.add("srtp", after(0, piece(0, datagram.bytes)));
    case DatagramKind::kUnknown:
      return;
  }
}

void add_call(Corpus& corpus) {
  std::mt19937_64 random(1);
  RandomRoom people(1, 1, random);
  people.room().net().capture([&](const SimDatagram& datagram) {
    add_datagram(corpus, datagram);
    return false;
  });
  for (int act = 0; act < 60; ++act) {
    people.act();
    people.run_a_little();
  }
  people.empty();
}

// A key frame of each codec and what follows it, a packet each, as the target reads them.
void add_pictures(Corpus& corpus) {
  const std::vector<std::vector<Bytes>> codecs{
      {{0x10, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00}, {0x10, 1, 5}},
      {{0xA8, 5, 0, 1, 0x82, 0x49, 0x83, 0x42, 0x20, 0x27, 0xF0, 0x1D, 0xF0, 0},
       {0xA4, 5, 0, 1, 7},
       {0xEC, 6, 2, 1, 3}},
      {{0x18, 0, 8, 0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x05, 0x07, 0xE4, 0, 4, 0x68, 0xCE, 0x3C, 0x80},
       {0x7C, 0x85, 0x88, 1},
       {0x7C, 0x45, 2},
       {0x41, 0x9A, 5}},
      {{0x18, 0x08, 0, 0, 0, 0x4E, 0x62, 0x7F, 0xB3, 0x80, 0x4F, 0, 0x50}, {0x50, 0x30, 1, 2}, {0x90, 3, 4}},
      {{0x78, 1, 2}, {0xEF, 0x0F, 0, 1, 0x6F, 0xAA, 0x78, 1}},
  };
  for (std::size_t codec = 0; codec < codecs.size(); ++codec) {
    Bytes bytes{static_cast<std::uint8_t>(0x80 + codec)};
    for (const Bytes& payload : codecs[codec]) {
      bytes.push_back(0x23);
      const Bytes packet = piece(0, payload);
      bytes.insert(bytes.end(), packet.begin(), packet.end());
    }
    corpus.add("tap", bytes);
  }
}

// Choices for the stateful target: those of the tests' own generator.
void add_choices(Corpus& corpus) {
  for (std::uint8_t seed = 0; seed < 8; ++seed) {
    std::mt19937 random(seed);
    Bytes bytes{seed, seed};
    while (bytes.size() < 400) bytes.push_back(static_cast<std::uint8_t>(random()));
    corpus.add("sfu", bytes);
  }
}

// Frames as files have them, of each codec: a key frame and one that needs it.
void add_frames(Corpus& corpus) {
  constexpr std::array kCodecs{Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1, Codec::kOpus};
  for (std::size_t codec = 0; codec < kCodecs.size(); ++codec) {
    EncodedSource source(kCodecs.at(codec));
    Bytes bytes{static_cast<std::uint8_t>(codec), 0x7F, 0xFF};
    for (const bool key : {true, false}) {
      const auto frame = source.frame(key, key ? 1500 : 40);
      bytes.push_back(key ? 1 : 0);
      for (const Bytes* part : {&frame.codec_private, &frame.bytes}) {
        bytes.push_back(static_cast<std::uint8_t>(part->size() >> 8));
        bytes.push_back(static_cast<std::uint8_t>(part->size()));
        bytes.insert(bytes.end(), part->begin(), part->end());
      }
    }
    corpus.add("inject", bytes);
  }
}

void add_file(Corpus& corpus, const std::string& target, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  corpus.add(target, {text.begin(), text.end()});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: noir_fuzz_seeds DIRECTORY [WIRE FILE…]\n";
    return 2;
  }
  Corpus corpus(argv[1]);
  for (int i = 2; i < argc; ++i) add_file(corpus, "wire", argv[i]);
  add_choices(corpus);
  add_pictures(corpus);
  add_frames(corpus);
  add_call(corpus);
}
