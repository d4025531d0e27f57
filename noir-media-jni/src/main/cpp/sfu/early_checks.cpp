#include "sfu/early_checks.hpp"

#include <algorithm>

namespace noir {

void EarlyChecks::add(Instant now, const Path& path, std::string_view ufrag, ByteSpan check) {
  if (ufrag.empty() || check.size() > kMaxSize) return;
  Place& place = place_of(path.remote);
  const auto is_over = [now](const Check& c) { return c.ufrag.empty() || now - c.arrival > kMaxAge; };
  auto found = std::find_if(place.begin(), place.end(), is_over);
  if (found == place.end() && place.size() < kPerPlace) found = place.emplace(place.end());
  if (found == place.end()) {
    found = std::min_element(place.begin(), place.end(),
                             [](const Check& a, const Check& b) { return a.arrival < b.arrival; });
  }
  found->arrival = now;
  found->path = path;
  found->ufrag = ufrag;
  found->bytes.assign(check.begin(), check.end());
}

EarlyChecks::Place& EarlyChecks::place_of(const SocketAddress& sender) {
  std::uint64_t part = load_be64(sender.ip.data()) ^ secret_;
  if (sender.is_v4()) part ^= load_be32(sender.ip.data() + 12);
  // The finaliser of SplitMix64.
  part = (part ^ (part >> 30)) * 0xBF58476D1CE4E5B9ULL;
  part = (part ^ (part >> 27)) * 0x94D049BB133111EBULL;
  return places_[(part ^ (part >> 31)) % kPlaces];
}

}  // namespace noir
