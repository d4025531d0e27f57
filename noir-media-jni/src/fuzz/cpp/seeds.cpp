// Seeds for the fuzzers, taken from a simulated call: noir_fuzz_seeds DIRECTORY makes a folder in it for each target.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "sfu/demux.hpp"
#include "sim/random_room.hpp"

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

// Choices for the stateful target: those of the tests' own generator.
void add_choices(Corpus& corpus) {
  for (std::uint8_t seed = 0; seed < 8; ++seed) {
    std::mt19937 random(seed);
    Bytes bytes{seed, seed};
    while (bytes.size() < 400) bytes.push_back(static_cast<std::uint8_t>(random()));
    corpus.add("sfu", bytes);
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
  add_call(corpus);
}
