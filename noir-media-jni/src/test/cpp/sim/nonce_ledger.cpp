#include "sim/nonce_ledger.hpp"

#include <functional>
#include <string_view>

#include "dtls/record.hpp"
#include "sfu/demux.hpp"

namespace noir {

namespace {

constexpr std::size_t kRtpHeaderSize = 12;
constexpr std::size_t kExplicitNonceSize = 8;  // RFC 5288 §3, of every suite that we offer.
constexpr std::uint32_t kIndexMask = 0x7FFF'FFFF;

// RFC 3711 §3.4: in front of the authentication tag; RFC 7714 §9.2: behind it.
std::size_t index_offset(SrtpProfile profile, std::size_t size) {
  return size - 4 - (profile == SrtpProfile::kAes128CmSha1_80 ? srtp_tag_size(profile) : 0);
}

}  // namespace

void NonceLedger::note(std::uint64_t association, const std::optional<SrtpProfile>& profile, ByteSpan datagram) {
  switch (classify(datagram)) {
    case DatagramKind::kRtp: {
      if (datagram.size() < kRtpHeaderSize) return;
      Stream& stream = streams_[{association, Kind::kRtp, load_be32(datagram.data() + 8)}];
      return use(stream, stream.unwrapper.unwrap(load_be16(datagram.data() + 2)), datagram);
    }
    case DatagramKind::kRtcp: {
      if (!profile || datagram.size() < 8 + 4 + srtp_tag_size(*profile)) return;
      const std::uint32_t word = load_be32(datagram.data() + index_offset(*profile, datagram.size()));
      return use(streams_[{association, Kind::kRtcp, load_be32(datagram.data() + 4)}], word & kIndexMask, datagram);
    }
    case DatagramKind::kDtls:
      return note_records(association, datagram);
    case DatagramKind::kStun:
    case DatagramKind::kUnknown:
      return;
  }
}

void NonceLedger::note_records(std::uint64_t association, ByteSpan datagram) {
  for (ByteSpan record = take_record(datagram); !record.empty(); record = take_record(datagram)) {
    const bool sealed = load_be16(record.data() + kRecordEpochOffset) != 0;
    if (!sealed || record.size() < kRecordHeaderSize + kExplicitNonceSize) continue;
    use(streams_[{association, Kind::kDtls, 0}], load_be64(record.data() + kRecordHeaderSize), record);
  }
}

void NonceLedger::use(Stream& stream, std::uint64_t index, ByteSpan bytes) {
  const std::size_t hash = std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  ++noted_;
  const auto [known, inserted] = stream.used.try_emplace(index, hash);
  if (!inserted && known->second != hash) ++reused_;
}

}  // namespace noir
